using PricingCore.Surge;

namespace PricingCore.Quotes;

/// <summary>What a quote says that is read from the book, without the request that asked for it.</summary>
/// <param name="Decision">The decision the price follows.</param>
/// <param name="BaseMinorUnits">The price without surge.</param>
/// <param name="MinorUnits">The price to charge.</param>
/// <param name="ValidUntilMicros">Until when, in microseconds since 1970.</param>
internal readonly record struct BookPrice(SurgeDecision Decision, long BaseMinorUnits, long MinorUnits, long ValidUntilMicros);
