namespace PricingCore.Sidecar.Tests;

/// <summary>The tests that start processes again and again, one after the other: two starts at a time take more than twice as long.</summary>
[CollectionDefinition(Name)]
public sealed class Processes
{
    public const string Name = "processes";
}
