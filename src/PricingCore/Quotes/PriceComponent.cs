namespace PricingCore.Quotes;

/// <summary>One line of a price: what it is for, and how many minor units it adds.</summary>
/// <param name="Component"><c>base</c>, a factor, a limit or <c>rounding</c>.</param>
/// <param name="MinorUnits">What it adds, in minor units; may be negative.</param>
/// <threadsafety>Immutable.</threadsafety>
public readonly record struct PriceComponent(string Component, long MinorUnits);
