namespace PricingCore.Cli.Replay.Requests;

/// <summary>Gives the requests of a replay in the order of their times.</summary>
/// <threadsafety>One thread at a time.</threadsafety>
internal interface IRequestSource
{
    /// <summary>Takes the next request that asks as of a time no later than the given one.</summary>
    bool TryTake(DateTimeOffset until, out ReplayRequest request);

    /// <summary>Takes the next request after the last event.</summary>
    bool TryTakeRest(out ReplayRequest request);

    /// <summary>Notes that an event of a region was accepted.</summary>
    void Saw(string regionId, DateTimeOffset receivedAt);
}
