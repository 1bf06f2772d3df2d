using PricingCore.Surge;

namespace PricingCore.Quotes;

/// <summary>What has to be kept of a quote to give it again when its request is repeated. No texts: the repeated request brings them again.</summary>
/// <param name="Decision">The decision the price follows.</param>
/// <param name="BaseMinorUnits">The price without surge, in minor units of the rule's currency.</param>
/// <param name="MinorUnits">The price, likewise.</param>
/// <param name="ValidUntilMicros">Until when the host may charge it, in microseconds since 1970.</param>
/// <param name="Cached">Whether the decision was made before the request.</param>
/// <threadsafety>Immutable.</threadsafety>
internal readonly record struct KeptQuote(SurgeDecision Decision, long BaseMinorUnits, long MinorUnits, long ValidUntilMicros, bool Cached)
{
    /// <summary>The quote again.</summary>
    /// <param name="request">The repeated request.</param>
    public Quote For(in QuoteRequest request) => new(request, Decision, BaseMinorUnits, MinorUnits, ValidUntilMicros, Cached);
}
