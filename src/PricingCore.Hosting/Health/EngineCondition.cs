namespace PricingCore.Hosting.Health;

/// <summary>Something about an engine that an operator should see to, or wait for.</summary>
/// <param name="Code">What it is, for machines: one of <see cref="EngineConditions.Codes"/>.</param>
/// <param name="Reason">What it is, for people: a sentence.</param>
/// <param name="IsFatalToService">Whether events or prices are refused because of it, so that the engine is not ready; else it is degraded.</param>
/// <threadsafety>Immutable.</threadsafety>
public sealed record EngineCondition(string Code, string Reason, bool IsFatalToService);
