using System.Text;
using PricingCore.Cli.Replay.Input;
using PricingCore.Cli.Tests.Replay;
using PricingCore.Events;

namespace PricingCore.Cli.Tests.Csv;

/// <summary>
/// Goal: a mapped CSV gives the events it means, and a bad row rejects that row only.
/// Method: small files by hand, with each kind of bad row between good ones, and each option of a mapping.
/// </summary>
public sealed class CsvEventReaderTests : IDisposable
{
    private const string Mapping = """
        {"utc_offset":"-05:00","columns":{"occurred_at":"at","region_id":"zone","value":"n"},"constants":{"type":"booking"}}
        """;

    private const string Good = "2014-04-01T00:11,140,1";

    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("2014-04-01T00:11,140", "invalid_csv", "2 columns")]
    [InlineData("2014-04-01T00:11,140,1,2", "invalid_csv", "4 columns")]
    [InlineData("2014-04-01T00:11,\"140,1", "invalid_csv", "never closed")]
    [InlineData("2014-04-01T00:11,\"140\"x,1", "invalid_csv", "after the closing quote")]
    [InlineData("2014-04-01T00:11,14\"0,1", "invalid_csv", "quote")]
    [InlineData("2014-04-01T00:11,,1", "missing_field", "region_id")]
    [InlineData(",140,1", "missing_field", "occurred_at")]
    [InlineData("01/04/2014 00:11,140,1", "invalid_time", "01/04/2014")]
    [InlineData("2014-04-31T00:11,140,1", "invalid_time", "2014-04-31")]
    [InlineData("2014-04-01T00:11,140,one", "invalid_number", "one")]
    [InlineData("2014-04-01T00:11,140,NaN", "number_out_of_range", "NaN")]
    [InlineData("2014-04-01T00:11,140,1e99", "number_out_of_range", "1e99")]
    [InlineData("1970-04-01T00:11,140,1", "time_out_of_range", "1971")]
    public async Task MoveNext_WhenOneRowIsBad_RejectsThatRowOnly(string bad, string reason, string detail)
    {
        EventReading read = await EventReading.OfCsvAsync(_folder, Mapping, "at,zone,n", Good, bad, Good, Good);

        Assert.Equal([2, 4, 5], read.Events.Select(found => found.Line));
        (long Line, string Reason, string Detail) reject = Assert.Single(read.Rejects);
        Assert.Equal((3, reason), (reject.Line, reject.Reason));
        Assert.Contains(detail, reject.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MoveNext_WhenUtf8IsBroken_RejectsThatRowOnly()
    {
        byte[] content = [.. Encoding.UTF8.GetBytes($"at,zone,n\n{Good}\n"), (byte)'x', 0xFF, (byte)'\n', .. Encoding.UTF8.GetBytes(Good)];

        EventReading read = await EventReading.OfCsvAsync(_folder, Mapping, content);

        Assert.Equal([2, 4], read.Events.Select(found => found.Line));
        Assert.Equal((3, "invalid_utf8"), (read.Rejects[0].Line, read.Rejects[0].Reason));
    }

    [Fact]
    public async Task MoveNext_WhenALineIsTooLong_RejectsItAndGoesOn()
    {
        EventReading read = await EventReading.OfCsvAsync(_folder, Mapping, "at,zone,n", Good, new string('x', 10_000_000), Good);

        Assert.Equal([2, 4], read.Events.Select(found => found.Line));
        Assert.Equal((3, "line_too_long"), (read.Rejects[0].Line, read.Rejects[0].Reason));
    }

    [Fact]
    public async Task MoveNext_WhenQuotedFieldHoldsSeparatorsQuotesAndLineBreaks_ReadsOneRow()
    {
        EventReading read = await EventReading.OfCsvAsync(
            _folder, Mapping, "at,zone,n\r", "2014-04-01T00:11, \"a,\"\"b\"\"\r", "c\" ,1\r", Good);

        Assert.Equal(["a,\"b\"\nc", "140"], read.Events.Select(found => found.Event.RegionId));
        Assert.Equal([2, 4], read.Events.Select(found => found.Line));
        Assert.Empty(read.Rejects);
    }

    [Fact]
    public async Task MoveNext_WhenStandardTimeIsMeant_AddsFiveHoursInSummerToo()
    {
        EventReading read = await EventReading.OfCsvAsync(_folder, Mapping, "at,zone,n", "2014-07-04T21:30,1,1", "2014-07-04 22:30:15+02:00,1,1");

        Assert.Equal(new DateTimeOffset(2014, 7, 5, 2, 30, 0, TimeSpan.Zero), read.Events[0].Event.OccurredAt);
        Assert.Equal(new DateTimeOffset(2014, 7, 4, 20, 30, 15, TimeSpan.Zero), read.Events[1].Event.OccurredAt);
    }

    [Theory]
    [InlineData("2014-07-04T21:30", "first", "2014-07-05T01:30:00Z")]
    [InlineData("2014-03-09T01:59", "first", "2014-03-09T06:59:00Z")]
    [InlineData("2014-03-09T02:30", "first", "2014-03-09T07:30:00Z")] // Left out: counts as 03:30 summer time.
    [InlineData("2014-03-09T03:00", "first", "2014-03-09T07:00:00Z")]
    [InlineData("2014-11-02T01:30", "first", "2014-11-02T05:30:00Z")] // Comes twice.
    [InlineData("2014-11-02T01:30", "last", "2014-11-02T06:30:00Z")]
    [InlineData("2014-11-02T01:30", "reject", null)]
    public async Task MoveNext_WhenWallClockIsMeant_FollowsTheChangesOfTheClock(string clock, string repeated, string? expected)
    {
        string mapping = Mapping.Replace("\"utc_offset\":\"-05:00\"", $"\"time_zone\":\"America/New_York\",\"repeated_times\":\"{repeated}\"", StringComparison.Ordinal);

        EventReading read = await EventReading.OfCsvAsync(_folder, mapping, "at,zone,n", $"{clock},1,1");

        Assert.Equal(expected, read.Events.SingleOrDefault().Event.RegionId is null ? null : $"{read.Events[0].Event.OccurredAt:yyyy-MM-ddTHH:mm:ssZ}");
        Assert.Equal(expected is null ? ["invalid_time"] : [], read.Rejects.Select(reject => reject.Reason));
    }

    [Fact]
    public async Task MoveNext_WhenNoZoneIsGiven_RejectsTimesWithoutOffset()
    {
        string mapping = Mapping.Replace("\"utc_offset\":\"-05:00\",", "", StringComparison.Ordinal);

        EventReading read = await EventReading.OfCsvAsync(_folder, mapping, "at,zone,n", Good, "2014-04-01T00:11Z,1,1");

        Assert.Equal("time_without_offset", Assert.Single(read.Rejects).Reason);
        Assert.Single(read.Events);
    }

    [Fact]
    public async Task MoveNext_WhenUnitsDiffer_ScalesAndShifts()
    {
        string mapping = await File.ReadAllTextAsync(Repository.Sample("weather.map.json"));

        EventReading read = await EventReading.OfCsvAsync(
            _folder,
            mapping,
            "ts_hour,temp_f,dewpoint_f,rel_hum_pct,wind_mph,visibility_mi,precip_in,wx_filled",
            "2013-01-01 00:00,50,26,58,10,10,0.5,0");

        MarketEvent weather = read.Events[0].Event;
        Assert.Equal((MarketEventKind.Weather, "*"), (weather.Kind, weather.RegionId));
        Assert.Equal(10, weather.Values.First, 3);
        Assert.Equal(12.7, weather.Values.Second, 3);
        Assert.Equal(4.4704, weather.Values.Third, 3);
        Assert.Equal(16.09344, weather.Values.Fourth, 3);
        Assert.Equal(new DateTimeOffset(2013, 1, 1, 5, 0, 0, TimeSpan.Zero), weather.OccurredAt);
    }

    [Fact]
    public async Task MoveNext_WhenAConditionSkipsRows_CountsThem()
    {
        string mapping = Mapping.Insert(1, "\"skip_when\":{\"column\":\"zone\",\"equals\":[\"0\",\"\"]},");

        EventReading read = await EventReading.OfCsvAsync(_folder, mapping, "at,zone,n", "2014-04-01T00:11,0,1", Good, "2014-04-01T00:11,,1");

        Assert.Single(read.Events);
        Assert.Equal(2, read.Log.Skipped["zone in [0, ]"]);
        Assert.Empty(read.Rejects);
    }

    [Fact]
    public async Task MoveNext_WhenARowIsOutOfOrder_ArrivesLate()
    {
        EventReading read = await EventReading.OfCsvAsync(_folder, Mapping, "at,zone,n", Good, "2014-04-01T00:05,140,1");

        Assert.Equal(5, read.Events[1].Event.OccurredAt.Minute);
        Assert.Equal(11, read.Events[1].ReceivedAt.Minute);
    }

    [Fact]
    public async Task MoveNext_WhenARowMakesLaterEvents_MergesThemInTimeOrder()
    {
        const string Trips = """
            {"utc_offset":"+00:00","events":[
              {"columns":{"occurred_at":"from","region_id":"a"},"constants":{"type":"trip_started"}},
              {"columns":{"occurred_at":"to","region_id":"b"},"constants":{"type":"trip_ended"}}]}
            """;

        EventReading read = await EventReading.OfCsvAsync(
            _folder, Trips, "from,to,a,b", "2014-04-01T00:00,2014-04-01T00:20,1,2", "2014-04-01T00:10,2014-04-01T00:15,3,4", "2014-04-01T00:20,2014-04-01T00:21,5,6");

        Assert.Equal(["1", "3", "4", "2", "5", "6"], read.Events.Select(found => found.Event.RegionId));
        Assert.Equal([2, 3, 3, 2, 4, 4], read.Events.Select(found => found.Line));
    }

    [Fact]
    public async Task MoveNext_WhenTooManyEventsWait_RejectsTheRow()
    {
        const string Trips = """
            {"utc_offset":"+00:00","columns":{"occurred_at":"at","received_at":"to","region_id":"a"},"constants":{"type":"booking"},
             "supply_from_trips":{"started_at":"at","start_region":"a","ended_at":"to","end_region":"a"}}
            """;
        string csv = "at,to,a\n2014-04-01T00:00,2014-04-01T01:00,1\n2014-04-01T00:01,2014-04-01T01:00,1\n2014-04-01T00:02,2014-04-01T01:00,1";

        EventReading read = await EventReading.OfCsvAsync(_folder, Trips, Encoding.UTF8.GetBytes(csv), maxWaiting: 4);

        Assert.Equal([(4L, "too_many_open")], read.Rejects.Select(reject => (reject.Line, reject.Reason)));
    }

    [Fact]
    public async Task MoveNext_WhenTheHeaderLacksColumns_NamesThemAll()
    {
        CommandFailedException wrong = await Assert.ThrowsAsync<CommandFailedException>(
            () => EventReading.OfCsvAsync(_folder, Mapping, "when,zone", Good));

        Assert.Equal(ExitCode.WrongUsage, wrong.ExitCode);
        Assert.Equal(2, wrong.Errors.Count);
        Assert.All(wrong.Errors, error => Assert.Contains("there are when, zone", error, StringComparison.Ordinal));
    }

    [Fact]
    public void Open_WhenFileIsUtf16_SaysHowToConvertIt()
    {
        string path = _folder.Write("utf16.csv", Encoding.Unicode.GetPreamble());

        CommandFailedException wrong = Assert.Throws<CommandFailedException>(() => InputFile.Open(path));

        Assert.Contains("iconv", wrong.Message, StringComparison.Ordinal);
    }
}
