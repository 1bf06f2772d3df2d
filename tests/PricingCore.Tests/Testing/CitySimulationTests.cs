using PricingCore.Events;
using PricingCore.Testing.Cities;

namespace PricingCore.Tests.Testing;

/// <summary>
/// Goal: the simulated day is the same for a seed, loses neither drivers nor customers, and people react to prices and weather.
/// Method: whole days with a recording market; facts that must hold of every event stream are checked over all of it.
/// </summary>
public sealed class CitySimulationTests
{
    private static readonly CityOptions Small = new() { Regions = 19, SearchesPerDay = 8_000, Drivers = 100, HistoryDays = 0 };

    [Fact]
    public async Task RunAsync_WhenTheSeedIsTheSame_GivesTheSameEvents()
    {
        RecordingMarket first = new();
        RecordingMarket second = new();
        RecordingMarket other = new();
        await Run(Small, first);
        await Run(Small, second);
        await Run(Small with { Seed = 2 }, other);

        Assert.Equal(first.Events, second.Events);
        Assert.NotEqual(first.Events, other.Events);
    }

    [Fact]
    public async Task RunAsync_OverADay_SendsValidEventsInOrder()
    {
        RecordingMarket market = new();
        (CitySimulation simulation, CityResult result) = await Run(Small with { RedeliveredShare = 0.05 }, market);
        HashSet<string> regions = [.. City.Build(Small).Regions.Select(region => region.Id), MarketEvent.AllRegions];

        Assert.Equal(result.Events, market.Events.Count);
        Assert.All(market.Events.Zip(market.Events.Skip(1)), pair => Assert.True(pair.First.OccurredAt <= pair.Second.OccurredAt));
        Assert.All(market.Events, e => Assert.InRange(e.OccurredAt, simulation.Start, simulation.End));
        Assert.All(market.Events, e => Assert.Contains(e.RegionId, regions));
        string[] keys = [.. market.Events.Where(e => e.Kind == MarketEventKind.Booking).Select(e => e.IdempotencyKey!)];
        Assert.Equal(result.Bookings, keys.Distinct().Count());
        Assert.Equal(result.Redelivered, keys.Length - keys.Distinct().Count());
        Assert.InRange(result.Redelivered, result.Bookings * 0.03, result.Bookings * 0.07);
    }

    [Fact]
    public async Task RunAsync_OverTwoDays_NeverLosesADriverOrACustomer()
    {
        Dictionary<string, MarketEventKind> units = [];
        RecordingMarket market = new();
        CitySimulation simulation = new(City.Build(Small with { Days = 2 }), market);
        market.Seen = e =>
        {
            MarketEventKind before = e.UnitId is null ? default : units.GetValueOrDefault(e.UnitId, MarketEventKind.SupplyOffline);
            switch (e.Kind)
            {
                case MarketEventKind.SupplyBusy:
                    Assert.Equal(MarketEventKind.SupplyAvailable, before);
                    break;
                case MarketEventKind.SupplyMoved or MarketEventKind.SupplyOffline:
                    Assert.NotEqual(MarketEventKind.SupplyOffline, before);
                    return;
                case MarketEventKind.TripStarted or MarketEventKind.TripEnded:
                    Assert.Equal(MarketEventKind.SupplyBusy, before);
                    return;
                case MarketEventKind.SupplyAvailable:
                    Assert.NotEqual(MarketEventKind.SupplyAvailable, before);
                    break;
                default:
                    return;
            }

            units[e.UnitId!] = e.Kind;
        };
        market.Seen += e =>
        {
            if (e.Kind == MarketEventKind.SupplyOffline)
            {
                units[e.UnitId!] = e.Kind;
            }
        };

        CityResult result = await simulation.RunAsync();

        Assert.Equal(units.Values.Count(kind => kind == MarketEventKind.SupplyAvailable), simulation.FreeDrivers);
        Assert.Equal(units.Values.Count(kind => kind == MarketEventKind.SupplyBusy), simulation.BusyDrivers);
        Assert.InRange(result.Bookings - result.Served - result.Unserved, 0, 60); // Those still waiting at the end.
        Assert.Equal(result.Unserved, market.Events.Count(e => e.Kind == MarketEventKind.Cancel));
        Assert.Equal(result.Searches, market.Events.Count(e => e.Kind == MarketEventKind.Search));
        Assert.True(result.Served > result.Bookings / 2);
    }

    [Fact]
    public async Task RunAsync_WhenPricesAreHigher_MeetsTheSameCustomersOfWhomFewerBook()
    {
        CityResult cheap = (await Run(Small, new RecordingMarket())).Result;
        CityResult dear = (await Run(Small, new RecordingMarket(_ => 1.5))).Result;

        Assert.Equal(cheap.Regions.Select(region => region.Searches), dear.Regions.Select(region => region.Searches));
        Assert.InRange(dear.Bookings / (double)cheap.Bookings, 0.73, 0.81); // 1 / 1.3 at an elasticity of 0.6.
        Assert.Equal(1.5, dear.Regions.Max(region => region.MaxMultiplier), 9);
        Assert.Equal(1.0, cheap.Regions.Max(region => region.MeanMultiplier), 9);
    }

    [Fact]
    public async Task RunAsync_WhenARegionIsDear_DrawsDriversThere()
    {
        City city = City.Build(Small);
        string dear = city.Regions[0].Id;
        CityOptions quiet = Small with { PriceElasticity = 0 };
        int Moves(RecordingMarket market) => market.Events.Count(e => e.Kind == MarketEventKind.SupplyMoved && e.RegionId == dear);

        RecordingMarket flat = new();
        RecordingMarket surging = new(request => request.Region.Id == dear ? 2.5 : 1);
        await Run(quiet, flat);
        await Run(quiet, surging);

        Assert.True(Moves(surging) > 1.2 * Moves(flat), $"{Moves(surging)} against {Moves(flat)}");
    }

    [Fact]
    public async Task RunAsync_WhenItRainsAndTheStadiumEmpties_BringsMoreSearches()
    {
        CityOptions options = Small with { SearchesPerDay = 30_000 };
        RecordingMarket fine = new();
        RecordingMarket special = new();
        await Run(options with { Rain = false, StadiumEvent = false }, fine);
        (CitySimulation simulation, _) = await Run(options, special);
        City city = City.Build(options);
        CityDay day = city.Days[0];

        int Searches(RecordingMarket market, DateTime from, DateTime to, string? region) => market.Events.Count(e =>
            e.Kind == MarketEventKind.Search && e.OccurredAt.UtcDateTime >= from && e.OccurredAt.UtcDateTime < to && (region is null || e.RegionId == region));

        double rain = Searches(special, day.RainFrom!.Value, day.RainTo!.Value, null) / (double)Searches(fine, day.RainFrom.Value, day.RainTo.Value, null);
        int crowd = Searches(special, day.EventTo!.Value, day.EventTo.Value.AddHours(1), city.Stadium.Id);
        Assert.InRange(rain, 1.25, 1.45);
        Assert.InRange(crowd, 450, 750); // 600 in all, most of them after the end.
        Assert.Contains(special.Events, e => e.Kind == MarketEventKind.Weather && e.Values.Second > 0);
        Assert.Single(special.Events, e => e.Kind == MarketEventKind.CityEvent && e.RegionId == city.Stadium.Id);
        Assert.Equal(simulation.End, simulation.Now);
    }

    [Fact]
    public void PublishHistory_BeforeTheFirstDay_GivesAWeekOfUsualBookings()
    {
        RecordingMarket market = new();
        CitySimulation simulation = new(City.Build(Small with { HistoryDays = 7 }), market);

        long published = simulation.PublishHistory();

        Assert.Equal(published, market.Events.Count);
        Assert.InRange(published, 6 * 8_000 * 0.45, 7.2 * 8_000 * 0.45);
        Assert.All(market.Events, e => Assert.Equal(MarketEventKind.Booking, e.Kind));
        Assert.All(market.Events.Zip(market.Events.Skip(1)), pair => Assert.True(pair.First.OccurredAt <= pair.Second.OccurredAt));
        Assert.All(market.Events, e => Assert.InRange(e.OccurredAt, simulation.Start.AddDays(-7), simulation.Start));
    }

    [Fact]
    public async Task RunAsync_WhenCancelled_Stops() =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new CitySimulation(City.Build(Small), new RecordingMarket()).RunAsync(new CancellationToken(canceled: true)));

    private static async Task<(CitySimulation Simulation, CityResult Result)> Run(CityOptions options, RecordingMarket market)
    {
        CitySimulation simulation = new(City.Build(options), market);
        return (simulation, await simulation.RunAsync());
    }
}
