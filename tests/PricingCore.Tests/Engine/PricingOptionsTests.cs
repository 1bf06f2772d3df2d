using PricingCore.Events;
using PricingCore.Features;

namespace PricingCore.Tests.Engine;

/// <summary>
/// Goal: all wrong options are told at once, each by name, and nothing that a host binds from configuration throws while it is checked.
/// Method: options with many mistakes, and nulls everywhere.
/// </summary>
public sealed class PricingOptionsTests
{
    [Fact]
    public void Validate_OfTheDefaults_FindsNothing() => Assert.Empty(new PricingOptions().Validate());

    [Fact]
    public void Validate_ListsEveryError()
    {
        var options = new PricingOptions
        {
            MaxRegions = 0, MaxProducts = 1_001, MaxUnits = 0, Shards = 65, RingCapacityEvents = 100, TickInterval = TimeSpan.Zero,
            StaleAfter = TimeSpan.FromHours(2), DefaultTimeZone = "Mars/Olympus", SubjectKey = new byte[3],
            Regions =
            [
                new("a") { Neighbours = ["b", "stranger"] }, new("a"), new(" b"), new("*"),
                new("many") { Neighbours = [.. Enumerable.Range(0, 17).Select(_ => "a")], TimeZone = "Nowhere" },
            ],
        };
        IReadOnlyList<string> errors = options.Validate();
        foreach (string word in new[]
        {
            "MaxRegions", "MaxProducts", "MaxUnits", "Shards", "RingCapacityEvents is 100", "TickInterval", "StaleAfter", "Mars/Olympus", "SubjectKey", "stranger", "'a' is there twice",
            "' b'", "'*'", "17 neighbours", "Nowhere",
        })
        {
            Assert.Contains(errors, error => error.Contains(word, StringComparison.Ordinal));
        }

        ArgumentException thrown = Assert.Throws<ArgumentException>(() => PricingEngine.Start(options));
        Assert.All(errors, error => Assert.Contains(error, thrown.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Validate_OfNulls_NamesThem()
    {
        var options = new PricingOptions
        {
            Regions = null!, SubjectKey = null!, Schema = null!, TimeProvider = null!, Logger = null!, DefaultTimeZone = null!,
        };
        Assert.Equal(6, options.Validate().Count);

        options = new PricingOptions { Regions = [null!, new(null!), new("b") { TimeZone = null!, Neighbours = null! }] };
        Assert.Equal(4, options.Validate().Count);
    }

    [Fact]
    public void Validate_WhenTheSchemaNeedsTooMuchForSoManyRegions_SaysHowManyFit()
    {
        FeatureDefinition[] features = [.. Enumerable.Range(0, 30).Select(i => FeatureSchema.Windowed(
            $"feature_{i}", new WindowedFeature((MarketEventKind)(1 + (i / 5)), (EventAggregate)(1 + (i % 5)), WindowKind.Tumbling, WindowMinutes: 60)))];
        var options = new PricingOptions { MaxRegions = 1_000_000, MaxDecisions = 1_000_000, Schema = new FeatureSchema("wide", features) };

        string error = Assert.Single(options.Validate());

        Assert.Contains("MaxRegions is 1000000; with the schema 'wide' it must be at most", error, StringComparison.Ordinal);
    }
}
