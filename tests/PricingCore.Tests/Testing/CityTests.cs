using PricingCore.Testing.Cities;

namespace PricingCore.Tests.Testing;

/// <summary>
/// Goal: a generated city is one that the engine can take: distinct ids, a symmetric neighbour graph, all kinds of region.
/// Method: facts that must hold of every city are checked for many seeds and sizes.
/// </summary>
public sealed class CityTests
{
    public static TheoryData<ulong, int> Cities => new() { { 1, 61 }, { 2, 12 }, { 3, 13 }, { 4, 20 }, { 5, 37 }, { 6, 100 }, { 7, 1_000 }, { ulong.MaxValue, 61 } };

    [Theory]
    [MemberData(nameof(Cities))]
    public void Build_WhenGivenAnySeedAndSize_GivesACityThatHoldsTogether(ulong seed, int regions)
    {
        City city = City.Build(new CityOptions { Seed = seed, Regions = regions });

        Assert.Equal(regions, city.Regions.Count);
        Assert.Equal(regions, city.Regions.Select(region => region.Id).Distinct().Count());
        Assert.All(city.Regions, region => Assert.InRange(region.Id.Length, 1, 64));
        Assert.All(city.Regions, region => Assert.InRange(region.Neighbours.Count, 1, 6));
        Assert.All(city.Regions, region => Assert.All(region.Neighbours, other => Assert.Contains(region.Index, city.Regions[other].Neighbours)));
        Assert.All(city.Regions, region => Assert.Equal(region.Region.Neighbours, region.Neighbours.Select(other => city.Regions[other].Id)));
        Assert.All(city.Regions, region => Assert.All(region.Neighbours, other => Assert.Equal(1, city.Distance(region.Index, other))));
        Assert.Equal(1, city.Regions.Sum(region => region.DemandShare), 9);
        Assert.Single(city.Regions, region => region.Kind == CityRegionKind.Stadium);
        Assert.Single(city.Regions, region => region.Kind == CityRegionKind.Airport);
        Assert.Equal(7, city.Regions.Count(region => region.Kind == CityRegionKind.Downtown));
        Assert.All(city.Regions, region => Assert.InRange(region.Region.Latitude, 44, 46));
    }

    [Fact]
    public void Build_WhenOptionsAreOutOfRange_ListsThemAll()
    {
        CityOptions wrong = new() { Regions = 3, Days = 0, HistoryDays = -1, SearchesPerDay = 1, Drivers = 0, BookingShare = double.NaN, PriceElasticity = -1, TimeZone = "Nowhere/Here", Patience = TimeSpan.Zero, MapRefresh = TimeSpan.Zero, RedeliveredShare = 2 };

        ArgumentException error = Assert.Throws<ArgumentException>(() => City.Build(wrong));

        Assert.Equal(11, wrong.Validate().Count);
        Assert.Contains("Regions is 3, but must be from 12 to 1000.", error.Message, StringComparison.Ordinal);
        Assert.Contains("Nowhere/Here", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_WhenSeedsDiffer_PutsRainAndTheEventWithinTheDay()
    {
        for (ulong seed = 0; seed < 50; seed++)
        {
            CityDay day = City.Build(new CityOptions { Seed = seed, Regions = 12 }).Days[0];

            Assert.InRange(day.RainFrom!.Value.Hour, 12, 13);
            Assert.InRange((day.RainTo - day.RainFrom)!.Value.TotalHours, 2, 3);
            Assert.InRange(day.EventFrom!.Value.Hour, 19, 19);
            Assert.Equal(day.Date, DateOnly.FromDateTime(day.EventTo!.Value.AddHours(1)));
        }
    }
}
