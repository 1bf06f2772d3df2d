namespace PricingCore.Testing.Files;

/// <summary>The simulated machine stopped in the middle of an operation. No <see cref="IOException"/>, so that nobody handles it.</summary>
internal sealed class SimulatedCrashException() : Exception("The simulated machine has crashed.");
