using System.Text;
using FsCheck;
using FsCheck.Fluent;
using PricingCore.Cli.Panels;
using PricingCore.Cli.Replay.Input;
using PricingCore.Events;

namespace PricingCore.Cli.Tests.Panels;

/// <summary>
/// Goal: a panel's counts become as many bookings inside their buckets, in order, and what is beside them is known when it may be known.
/// Method: small files by hand, and random counts of two regions that are counted again from the events.
/// </summary>
public sealed class PanelEventsTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Bookings_LieEvenlyInsideTheirBucket()
    {
        Panel panel = await ReadAsync("t,r,n\n2026-01-01 00:00,a,4\n", "\"utc_offset\":\"+00:00\",\"count\":\"n\"");

        var events = PanelEvents.Of(panel).ToArray();

        Assert.Equal(["00:07:30", "00:22:30", "00:37:30", "00:52:30"], events.Select(e => e.ReceivedAt.ToString("HH:mm:ss", null)));
        Assert.All(events, e => Assert.Equal((MarketEventKind.Booking, "a", e.ReceivedAt), (e.Event.Kind, e.Event.RegionId, e.Event.OccurredAt)));
    }

    [Fact]
    public void Bookings_OfAnyCounts_AddUpToThem() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(50),
        Prop.ForAll(ArbMap.Default.ArbFor<(ushort A, ushort B)[]>(), CountsAreFoundAgain));

    [Fact]
    public async Task PerEvent_CarriesOverWhatFillsNoBooking()
    {
        Panel panel = await ReadAsync(
            "t,r,n\n2026-01-01 00:00,a,14\n2026-01-01 01:00,a,14\n2026-01-01 02:00,a,14\n", "\"utc_offset\":\"+00:00\",\"count\":{\"column\":\"n\",\"per_event\":10}");

        Assert.Equal([0, 1, 2, 2], PanelEvents.Of(panel).Select(e => e.ReceivedAt.Hour));
    }

    [Fact]
    public async Task Covariates_AreKnownAtTheirLag_BeforeAnythingElseThen()
    {
        Panel panel = await ReadAsync(
            "t,r,n,f,h\n2026-01-01 00:00,a,1,50,Y\n2026-01-01 01:00,a,0,,N\n",
            "\"utc_offset\":\"+00:00\",\"count\":\"n\",\"covariates\":{\"temperature_c\":{\"column\":\"f\",\"scale\":0.5,\"offset\":-16},\"holiday\":{\"column\":\"h\",\"values\":{\"Y\":1,\"N\":0}}}");

        var events = PanelEvents.Of(panel).Select(e => $"{e.Event.Kind} {e.Event.Values.First} {e.ReceivedAt:HH:mm:ss.ffffff}").ToArray();

        // One microsecond early: a forecast at 01:00 knows what was received before 01:00.
        Assert.Equal(["Holiday 1 23:59:59.999999", "Booking NaN 00:30:00.000000", "Weather 9 00:59:59.999999", "Holiday 0 00:59:59.999999"], events);
    }

    [Fact]
    public async Task Centre_AndShift_MoveBucketsToClockHours()
    {
        Panel panel = await ReadAsync(
            "t,r,n\n2026-03-08 01:00,a,7\n2026-03-08 02:00,a,1\n2026-03-08 03:00,a,2\n",
            "\"time_zone\":\"America/New_York\",\"shift_minutes\":30,\"count\":\"n\",\"same_bucket\":\"sum\"",
            "{\"column\":\"t\",\"means\":\"centre\"}");

        // 02:00 does not exist that night: its half of the bucket and that of 03:00 are one.
        Assert.Equal([("06:00", 7d), ("07:00", 3d)], panel.Rows.Select(row => (row.Start.ToString("HH:mm", null), row.Count)));
    }

    [Fact]
    public async Task MissingRows_AreGapsOrZeros()
    {
        const string Rows = "t,r,n\n2026-01-01 00:00,a,1\n2026-01-01 03:00,a,2\n2026-01-01 02:00,b,3\n";

        Panel gaps = await ReadAsync(Rows, "\"utc_offset\":\"+00:00\",\"count\":\"n\"");
        Panel zeros = await ReadAsync(Rows, "\"utc_offset\":\"+00:00\",\"count\":\"n\",\"missing_rows\":\"zero\"");

        Assert.Equal(["a0", "b2", "a3"], gaps.Rows.Select(row => row.Region + row.Start.Hour));
        Assert.Equal(["a0", "a1", "a2", "b2", "a3"], zeros.Rows.Select(row => row.Region + row.Start.Hour));
        Assert.Equal(6, zeros.Rows.Sum(row => row.Count));
    }

    [Fact]
    public async Task WrongRows_AreListed_AndTheOthersUsed()
    {
        using var listed = new MemoryStream();
        using var rejects = new RejectLog(["p.csv", "q.csv"], listed);
        PanelMapping mapping = Mapping("\"utc_offset\":\"+00:00\",\"count\":\"n\"");
        string first = _folder.Write("p.csv", "t,r,n\n2026-01-01 00:00,a,1\nyesterday,a,1\n2026-01-01 00:30,a,1\n2026-01-01 01:00,,1\n2026-01-01 01:00,a,-1\n2026-01-01 01:00,a,many\n");
        string second = _folder.Write("q.csv", ScratchFolder.Gzip("t,r,n\n2026-01-01 02:00,a,5\n2026-01-01 00:00,a,9\nt,r,n\n2026-01-01 03:00,a,6\n"u8.ToArray()));

        Panel panel = await Panel.ReadAsync([first, second], mapping, rejects);

        Assert.Equal([1d, 5d, 6d], panel.Rows.Select(row => row.Count));
        Assert.Equal(
            ["invalid_number 1", "invalid_time 2", "missing_field 1", "number_out_of_range 1", "repeated_bucket 1"],
            rejects.Counts.Select(pair => $"{pair.Key} {pair.Value}"));
        Assert.Contains("\"line\":3", Encoding.UTF8.GetString(listed.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_WhenNoRowCanBeUsed_OrAColumnIsMissing_SaysSo()
    {
        CommandFailedException none = await Assert.ThrowsAsync<CommandFailedException>(() => ReadAsync("t,r,n\n", "\"count\":\"n\"").AsTask());
        CommandFailedException column = await Assert.ThrowsAsync<CommandFailedException>(() => ReadAsync("t,r,n\n", "\"count\":\"rides\"").AsTask());

        Assert.Contains("no row", none.Message, StringComparison.Ordinal);
        Assert.Contains("no column 'rides'", Assert.Single(column.Errors), StringComparison.Ordinal);
        Assert.Equal(ExitCode.WrongUsage, column.ExitCode);
    }

    private void CountsAreFoundAgain((ushort A, ushort B)[] counts)
    {
        if (counts.Length == 0)
        {
            return;
        }

        string rows = string.Concat(counts.Select((count, i) => $"{Hour(i)},a,{count.A}\n{Hour(i)},b,{count.B}\n"));
        Panel panel = ReadAsync("t,r,n\n" + rows, "\"utc_offset\":\"+00:00\",\"count\":\"n\"").AsTask().GetAwaiter().GetResult();

        var events = PanelEvents.Of(panel).ToArray();

        Assert.Equal(events.Select(e => e.ReceivedAt).Order(), events.Select(e => e.ReceivedAt));
        var found = events.GroupBy(e => (e.Event.RegionId, Hour: e.ReceivedAt.ToString("yyyy-MM-dd HH:00", null))).ToDictionary(group => group.Key, group => group.Count());
        for (int i = 0; i < counts.Length; i++)
        {
            Assert.Equal((counts[i].A, counts[i].B), (found.GetValueOrDefault(("a", Hour(i))), found.GetValueOrDefault(("b", Hour(i)))));
        }
    }

    private static string Hour(int index) => DateTimeOffset.UnixEpoch.AddYears(50).AddHours(index).ToString("yyyy-MM-dd HH:00", null);

    private static PanelMapping Mapping(string fields, string timestamp = "\"t\"") =>
        PanelMappingFile.Parse(Encoding.UTF8.GetBytes($"{{\"timestamp\":{timestamp},\"bucket_minutes\":60,\"region\":\"r\",{fields}}}"), "m.json");

    private async ValueTask<Panel> ReadAsync(string csv, string fields, string timestamp = "\"t\"")
    {
        using var rejects = new RejectLog(["p.csv"], null);
        return await Panel.ReadAsync([_folder.Write("p.csv", csv)], Mapping(fields, timestamp), rejects);
    }
}
