using PricingCore.Money;
using PricingCore.Numerics;
using PricingCore.Protocol;
using PricingCore.Quotes;
using PricingCore.Rules;
using PricingCore.Surge;

namespace PricingCore.Client;

/// <summary>A quote of an engine in another process, with the names of <see cref="Quote"/>, so that code reads the same either way.</summary>
/// <remarks>The default value is no quote. When <see cref="Refusal"/> is not <see cref="QuoteRefusal.None"/>, the amounts must not be asked for.</remarks>
/// <threadsafety>Immutable.</threadsafety>
public readonly record struct RemoteQuote
{
    private readonly PriceEntry _entry;

    internal RemoteQuote(in QuoteRequest request, in PriceEntry entry, QuoteDetails? details)
    {
        Request = request;
        _entry = entry;
        Details = details;
    }

    /// <summary>The request this answers.</summary>
    public QuoteRequest Request { get; }

    /// <summary>What led to the quote; null in a batch.</summary>
    public QuoteDetails? Details { get; }

    /// <summary>Why there is no quote; <see cref="QuoteRefusal.None"/> when there is one.</summary>
    public QuoteRefusal Refusal => _entry.Refusal;

    /// <summary>The decision the price follows.</summary>
    public DecisionId DecisionId => _entry.DecisionId;

    /// <summary>Whether the decision was made before this request.</summary>
    public bool Cached => _entry.IsCached;

    /// <summary>The price without surge.</summary>
    public Amount BasePrice => new(_entry.BaseMinorUnits, Currency);

    /// <summary>The price to charge: within the caps and on the rounding increment.</summary>
    public Amount Price => new(_entry.MinorUnits, Currency);

    /// <summary>Until when the host may charge it.</summary>
    public DateTimeOffset ValidUntil => UnixMicros.ToTime(_entry.ValidUntilMicros);

    /// <summary>The multiplier of the decision, before the price is rounded.</summary>
    public SurgeMultiplier Multiplier => SurgeMultiplier.FromSteps(_entry.MultiplierSteps);

    private Currency Currency => PriceEntry.TryUnpackCurrency(_entry.PackedCurrency, out Currency currency) ? currency : default;

    /// <summary>Whether a server may have sent this: what is asked for later must not throw then.</summary>
    internal static bool IsLegal(in PriceEntry entry) =>
        entry.MultiplierSteps is >= 0 and <= SurgeMultiplier.MaxSteps && UnixMicros.IsTime(entry.ValidUntilMicros);
}
