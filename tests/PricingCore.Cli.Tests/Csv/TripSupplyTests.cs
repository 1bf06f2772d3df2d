using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using PricingCore.Cli.Tests.Replay;
using PricingCore.Events;

namespace PricingCore.Cli.Tests.Csv;

/// <summary>
/// Goal: supply derived from trips keeps every car in exactly one state, and takes the car that waited longest.
/// Method: a table worked out by hand, and random trips whose events are replayed into a model that knows each car's state.
/// </summary>
public sealed class TripSupplyTests : IDisposable
{
    private const string Mapping = """
        {"utc_offset":"+00:00","supply_from_trips":{"started_at":"from","start_region":"a","ended_at":"to","end_region":"b","outside":["x"]}}
        """;

    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task MoveNext_WhenTripsAreWorkedOutByHand_GivesTheSameCars()
    {
        EventReading read = await EventReading.OfCsvAsync(
            _folder,
            Mapping,
            "from,to,a,b",
            "2022-01-01T00:00,2022-01-01T00:10,1,2", // car-1 enters in 1, free in 2 at 00:10
            "2022-01-01T00:01,2022-01-01T00:05,1,2", // car-2 enters in 1, free in 2 at 00:05
            "2022-01-01T00:10,2022-01-01T00:20,2,1", // car-2 has waited longest; car-1 is free at this very minute
            "2022-01-01T00:11,2022-01-01T00:12,2,x", // car-1, and it leaves the city
            "2022-01-01T00:50,2022-01-01T00:55,1,1"); // car-2 went offline at 00:50, so car-3 enters

        Assert.Equal(
            [
                "00:00 supply_busy 1 car-1", "00:01 supply_busy 1 car-2", "00:05 supply_available 2 car-2", "00:10 supply_available 2 car-1",
                "00:10 supply_busy 2 car-2", "00:11 supply_busy 2 car-1", "00:12 supply_offline 2 car-1", "00:20 supply_available 1 car-2",
                "00:50 supply_offline 1 car-2", "00:50 supply_busy 1 car-3", "00:55 supply_available 1 car-3", "01:25 supply_offline 1 car-3",
            ],
            read.Events.Select(found => Text(found.Event)));
    }

    [Theory]
    [InlineData("2022-01-01T00:10,2022-01-01T00:05,1,2", "ends before it starts")]
    [InlineData("2022-01-01T00:10,2022-01-01T03:11,1,2", "181 minutes")]
    [InlineData("2022-01-01T00:08,2022-01-01T00:12,1,2", "sort the rows")]
    public async Task MoveNext_WhenATripCannotBe_RejectsIt(string bad, string detail)
    {
        EventReading read = await EventReading.OfCsvAsync(_folder, Mapping, "from,to,a,b", "2022-01-01T00:09,2022-01-01T00:10,1,2", bad);

        (long Line, string Reason, string Detail) reject = Assert.Single(read.Rejects);
        Assert.Equal((3, "invalid_trip"), (reject.Line, reject.Reason));
        Assert.Contains(detail, reject.Detail, StringComparison.Ordinal);
        Assert.Equal(3, read.Events.Count);
    }

    [Fact]
    public void MoveNext_WhateverTheTrips_ConservesCars() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(300),
            Prop.ForAll(ArbMap.Default.ArbFor<int[]>(), script => ConservesCarsAsync(script).GetAwaiter().GetResult()));

    private async Task ConservesCarsAsync(int[] script)
    {
        // Each number is one trip: minutes since the last start, minutes on the way, and the two zones.
        var csv = new StringBuilder("from,to,a,b\n");
        DateTime start = new(2022, 1, 1);
        foreach (int step in script)
        {
            uint bits = unchecked((uint)step * 2_654_435_761u);
            start = start.AddMinutes(bits % 13);
            string end = (bits >> 20) % 5 == 0 ? "x" : ((bits >> 16) % 3).ToString(CultureInfo.InvariantCulture);
            csv.Append(CultureInfo.InvariantCulture, $"{start:s},{start.AddMinutes((bits >> 8) % 60):s},{(bits >> 14) % 3},{end}\n");
        }

        EventReading read = await EventReading.OfCsvAsync(_folder, Mapping, Encoding.UTF8.GetBytes(csv.ToString()));

        Assert.Empty(read.Rejects);
        Assert.Equal(script.Length, read.Events.Count(found => found.Event.Kind == MarketEventKind.SupplyBusy));
        var states = new Dictionary<string, (MarketEventKind Kind, string Region, DateTimeOffset Since)>();
        DateTimeOffset latest = DateTimeOffset.MinValue;
        foreach (MarketEvent found in read.Events.Select(found => found.Event))
        {
            Assert.True(found.OccurredAt >= latest);
            latest = found.OccurredAt;
            AssertMayFollow(states, found);
            states[found.UnitId!] = (found.Kind, found.RegionId, found.OccurredAt);
        }

        // After the last trip every car has gone offline: none is lost on the way.
        Assert.All(states.Values, state => Assert.Equal(MarketEventKind.SupplyOffline, state.Kind));
    }

    private static void AssertMayFollow(Dictionary<string, (MarketEventKind Kind, string Region, DateTimeOffset Since)> states, MarketEvent found)
    {
        bool known = states.TryGetValue(found.UnitId!, out (MarketEventKind Kind, string Region, DateTimeOffset Since) before);
        switch (found.Kind)
        {
            case MarketEventKind.SupplyBusy when known:
                // Forbidden: a car that is driving, has left, or waits elsewhere; and passing over one that has waited longer.
                Assert.Equal((MarketEventKind.SupplyAvailable, found.RegionId), (before.Kind, before.Region));
                Assert.DoesNotContain(states.Values, car => car.Kind == MarketEventKind.SupplyAvailable && car.Region == found.RegionId && car.Since < before.Since);
                break;
            case MarketEventKind.SupplyBusy:
                Assert.DoesNotContain(states.Values, car => car.Kind == MarketEventKind.SupplyAvailable && car.Region == found.RegionId);
                break;
            case MarketEventKind.SupplyAvailable:
                Assert.Equal(MarketEventKind.SupplyBusy, before.Kind);
                break;
            default:
                Assert.True(before.Kind == MarketEventKind.SupplyBusy || found.OccurredAt - before.Since == TimeSpan.FromMinutes(30));
                break;
        }
    }

    private static string Text(MarketEvent found) => string.Create(
        CultureInfo.InvariantCulture,
        $"{found.OccurredAt:HH:mm} {RejectReason.SnakeCase(found.Kind.ToString())} {found.RegionId} {found.UnitId}");
}
