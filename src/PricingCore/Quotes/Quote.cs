using PricingCore.Money;
using PricingCore.Numerics;
using PricingCore.Rules;
using PricingCore.Surge;

namespace PricingCore.Quotes;

/// <summary>A decision applied to the base price of one request: the price, and why.</summary>
/// <remarks>The default value is no quote: its <see cref="Decision"/> is null, and its amounts must not be asked for.</remarks>
/// <threadsafety>Immutable.</threadsafety>
public readonly record struct Quote
{
    private readonly long _baseMinorUnits;
    private readonly long _minorUnits;
    private readonly long _validUntilMicros;

    internal Quote(in QuoteRequest request, SurgeDecision decision, long baseMinorUnits, long minorUnits, long validUntilMicros, bool cached)
    {
        Request = request;
        Decision = decision;
        Cached = cached;
        _baseMinorUnits = baseMinorUnits;
        _minorUnits = minorUnits;
        _validUntilMicros = validUntilMicros;
    }

    /// <summary>The request this answers.</summary>
    public QuoteRequest Request { get; }

    /// <summary>The decision the price follows.</summary>
    public SurgeDecision Decision { get; }

    /// <summary>Whether the decision was made before this request.</summary>
    public bool Cached { get; }

    /// <summary>The price without surge.</summary>
    public Amount BasePrice => new(_baseMinorUnits, Decision.Rule.BasePrice.Currency);

    /// <summary>The price to charge: within the caps and on the rounding increment.</summary>
    public Amount Price => new(_minorUnits, Decision.Rule.BasePrice.Currency);

    /// <summary>Until when the host may charge it.</summary>
    public DateTimeOffset ValidUntil => UnixMicros.ToTime(_validUntilMicros);

    /// <summary>The multiplier of the decision, before the price is rounded.</summary>
    public SurgeMultiplier Multiplier => Decision.Outcome.Multiplier;

    /// <summary>The price line by line: base, factors, limits, rounding; adds up to <see cref="Price"/> exactly.</summary>
    public IReadOnlyList<PriceComponent> Breakdown => QuotePrice.Explain(Decision.Rule, _baseMinorUnits, Decision.Outcome);

    /// <summary>What to keep of it, to give it again.</summary>
    internal KeptQuote Keep() => new(Decision, _baseMinorUnits, _minorUnits, _validUntilMicros, Cached);
}
