namespace PricingCore.Client;

/// <summary>A subscribed price that has changed. News, not an offer: ask for a quote to charge it.</summary>
/// <param name="Lane">Its place in the list that was subscribed to.</param>
/// <param name="Quote">The price now, or why there is none.</param>
/// <threadsafety>Immutable.</threadsafety>
public readonly record struct PriceChange(int Lane, RemoteQuote Quote);
