namespace PricingCore.Cli.Replay.Input;

/// <summary>Reads events one by one; lines that are not events go to a <see cref="RejectLog"/>.</summary>
/// <threadsafety>One thread at a time.</threadsafety>
internal interface IEventReader : IAsyncDisposable
{
    /// <summary>The event that <see cref="MoveNextAsync"/> has just found.</summary>
    SourceEvent Current { get; }

    /// <summary>Finds the next event; false at the end.</summary>
    ValueTask<bool> MoveNextAsync();
}
