using PricingCore.Events;

namespace PricingCore.Training.History;

/// <summary>An event of a history, and when it was received.</summary>
/// <param name="Event">What happened.</param>
/// <param name="ReceivedAt">When it came in; a row of features at a time knows only what was received before that time.</param>
/// <threadsafety>Immutable.</threadsafety>
public readonly record struct ReceivedEvent(MarketEvent Event, DateTimeOffset ReceivedAt);
