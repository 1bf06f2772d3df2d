using PricingCore.Quotes;

namespace PricingCore.Explanations;

/// <summary>A price that was served from a decision.</summary>
/// <threadsafety>Immutable.</threadsafety>
public sealed record ServedPrice
{
    /// <summary>The price without surge, in minor units of the rule's currency.</summary>
    public required long BaseMinorUnits { get; init; }

    /// <summary>The price served, in minor units of the rule's currency.</summary>
    public required long PriceMinorUnits { get; init; }

    /// <summary>The host's name for the request; null when it had none.</summary>
    public string? RequestId { get; init; }

    /// <summary>The trace the request belonged to; null when there was none.</summary>
    public string? TraceId { get; init; }

    /// <summary>When it was served; null when that is not known.</summary>
    public DateTimeOffset? ServedAt { get; init; }

    /// <summary>Until when the host may charge it; null when that is not known.</summary>
    public DateTimeOffset? ValidUntil { get; init; }

    /// <summary>The price of a quote.</summary>
    /// <param name="quote">The quote; not the default value.</param>
    public static ServedPrice Of(in Quote quote) => new()
    {
        BaseMinorUnits = quote.BasePrice.MinorUnits,
        PriceMinorUnits = quote.Price.MinorUnits,
        RequestId = quote.Request.RequestId,
        TraceId = quote.Request.TraceId,
        ValidUntil = quote.ValidUntil,
    };
}
