using PricingCore.Quotes;

namespace PricingCore.Replay;

/// <summary>The answer to one request of a replay.</summary>
/// <param name="Refusal">Why there is no quote; <see cref="QuoteRefusal.None"/> when there is one.</param>
/// <param name="Quote">The quote, decided afresh at the request's time; default when refused.</param>
/// <param name="Features">The region's features at that time, in schema order; empty unless asked for.</param>
/// <threadsafety>Immutable.</threadsafety>
public readonly record struct ReplayAnswer(QuoteRefusal Refusal, Quote Quote, ReadOnlyMemory<float> Features);
