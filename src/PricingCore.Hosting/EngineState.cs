namespace PricingCore.Hosting;

/// <summary>Where an engine is between the start of its host and its end.</summary>
public enum EngineState
{
    /// <summary>Nothing has asked for it yet.</summary>
    NotStarted = 0,

    /// <summary>It starts: options, model, and everything that its journal holds.</summary>
    Starting = 1,

    /// <summary>It takes events and prices.</summary>
    Running = 2,

    /// <summary>The host stops: it finishes what it has accepted.</summary>
    Draining = 3,

    /// <summary>It has ended as it should.</summary>
    Stopped = 4,

    /// <summary>It could not start; <see cref="EngineLifetime.Failure"/> says why.</summary>
    Failed = 5,
}
