namespace PricingCore.Cli.Replay.Requests;

/// <summary>One question of a replay: what does a product cost in a region at a time?</summary>
/// <param name="RequestId">The name that the answer carries.</param>
/// <param name="RegionId">The region.</param>
/// <param name="ProductType">The product.</param>
/// <param name="At">As of when: from exactly the events received before it.</param>
/// <param name="BasePrice">The fare without surge in major units; the rule's when null.</param>
/// <param name="Line">Its line in the requests file; 0 when there is none.</param>
internal readonly record struct ReplayRequest(
    string RequestId, string RegionId, string ProductType, DateTimeOffset At, decimal? BasePrice, long Line);
