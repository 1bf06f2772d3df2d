namespace PricingCore.Simulation;

/// <summary>A promise of the engine did not hold; the message says which, and how to see it again.</summary>
internal sealed class SimulationFailedException(string message, Exception? inner = null) : Exception(message, inner);
