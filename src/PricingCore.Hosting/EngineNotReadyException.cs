namespace PricingCore.Hosting;

/// <summary>The engine was asked for while it does not run: it still recovers, it drains, or it could not start.</summary>
public sealed class EngineNotReadyException : InvalidOperationException
{
    /// <summary>Says where the engine is.</summary>
    /// <param name="name">The engine's name; empty for the one without.</param>
    /// <param name="state">Where it is.</param>
    /// <param name="cause">Why it could not start; null when it is not that.</param>
    public EngineNotReadyException(string name, EngineState state, Exception? cause = null)
        : base(Describe(name, state, cause), cause) => State = state;

    /// <summary>Where the engine is.</summary>
    public EngineState State { get; }

    private static string Describe(string name, EngineState state, Exception? cause)
    {
        string engine = name.Length == 0 ? "The engine" : $"The engine '{name}'";
        return state switch
        {
            EngineState.Starting => $"{engine} still starts: it handles its journal again. Ask again when it is ready.",
            EngineState.Draining => $"{engine} drains: the host stops.",
            EngineState.Stopped => $"{engine} has been stopped.",
            EngineState.Failed => $"{engine} could not start: {cause?.Message}",
            _ => $"{engine} is not running ({state}).",
        };
    }
}
