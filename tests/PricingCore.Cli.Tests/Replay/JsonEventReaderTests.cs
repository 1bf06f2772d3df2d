using System.Text;
using PricingCore.Cli.Replay.Input;
using PricingCore.Events;

namespace PricingCore.Cli.Tests.Replay;

/// <summary>
/// Goal: every line of a JSON Lines file is an event or a rejection with its line and reason; nothing crashes, nothing is lost.
/// Method: a table of bad lines, each between two good ones; whole files in every wrapping (gzip, BOM, CR LF, cut short).
/// </summary>
public sealed class JsonEventReaderTests : IDisposable
{
    private const string Good = """{"type":"booking","region_id":"midtown","occurred_at":"2026-03-01T08:30:00Z"}""";

    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, string, string> BadLines() => new()
    {
        { "{", "invalid_json", "broken at byte" },
        { "{\"type\":\"booking\",}", "invalid_json", "broken at byte" },
        { "not json", "invalid_json", "broken at byte" },
        { "[1]", "wrong_type", "one JSON object" },
        { "12", "wrong_type", "one JSON object" },
        { Good + " {}", "invalid_json", "" },
        { Good + "x", "invalid_json", "" },
        { """{"region_id":"a","occurred_at":"2026-03-01T08:30:00Z"}""", "missing_field", "type" },
        { """{"type":"booking","occurred_at":"2026-03-01T08:30:00Z"}""", "missing_field", "region_id" },
        { """{"type":"booking","region_id":"a"}""", "missing_field", "occurred_at" },
        { """{"type":"booking","region_id":null,"occurred_at":"2026-03-01T08:30:00Z"}""", "missing_field", "region_id" },
        { """{"type":"bookin","region_id":"a","occurred_at":"2026-03-01T08:30:00Z"}""", "unknown_kind", "supply_available" },
        { """{"type":7,"region_id":"a","occurred_at":"2026-03-01T08:30:00Z"}""", "wrong_type", "type must be a text" },
        { """{"type":"booking","region_id":7,"occurred_at":"2026-03-01T08:30:00Z"}""", "wrong_type", "region_id" },
        { """{"type":"booking","region_id":"a","occurred_at":1772353800}""", "wrong_type", "occurred_at" },
        { """{"type":"booking","region_id":"a","occurred_at":"2026-03-01T08:30:00"}""", "time_without_offset", "add Z or an offset" },
        { """{"type":"booking","region_id":"a","occurred_at":"2026-03-01 08:30"}""", "invalid_time", "RFC 3339" },
        { """{"type":"booking","region_id":"a","occurred_at":"01.03.2026"}""", "invalid_time", "RFC 3339" },
        { """{"type":"booking","region_id":"a","occurred_at":"2026-02-29T08:30:00Z"}""", "invalid_time", "RFC 3339" },
        { """{"type":"booking","region_id":"a","occurred_at":"2026-03-01T24:00:00Z"}""", "invalid_time", "RFC 3339" },
        { """{"type":"booking","region_id":"a","occurred_at":"2026-03-01T08:30:60Z"}""", "invalid_time", "RFC 3339" },
        { """{"type":"booking","region_id":"a","occurred_at":"1970-12-31T23:59:59Z"}""", "time_out_of_range", "1971 to 2099" },
        { """{"type":"booking","region_id":"a","occurred_at":"2100-01-01T00:00:00Z"}""", "time_out_of_range", "1971 to 2099" },
        { """{"type":"booking","region_id":"a","occurred_at":"9999-12-31T23:59:59-23:59"}""", "time_out_of_range", "1971 to 2099" },
        { """{"type":"booking","region_id":"a","occurred_at":"2026-03-01T08:30:00Z","received_at":"x"}""", "invalid_time", "received_at" },
        { """{"type":"booking","region_id":"a","occurred_at":"2026-03-01T08:30:00Z","value":1e999}""", "number_out_of_range", "value" },
        { """{"type":"booking","region_id":"a","occurred_at":"2026-03-01T08:30:00Z","value":1e39}""", "number_out_of_range", "value" },
        { """{"type":"booking","region_id":"a","occurred_at":"2026-03-01T08:30:00Z","value":"1"}""", "wrong_type", "value" },
        { """{"type":"booking","region_id":"a","occurred_at":"2026-03-01T08:30:00Z","value":NaN}""", "invalid_json", "broken at byte" },
        { """{"type":"booking","region_id":"a","occurred_at":"2026-03-01T08:30:00Z","values":[1]}""", "wrong_type", "values" },
        { """{"type":"weather","region_id":"a","occurred_at":"2026-03-01T08:30:00Z","values":{"temp":1}}""", "unknown_field", "temperature_c" },
        { """{"type":"weather","region_id":"a","occurred_at":"2026-03-01T08:30:00Z","values":{"score":1}}""", "unknown_field", "rain_mm_per_h" },
        { """{"type":"weather","region_id":"a","occurred_at":"2026-03-01T08:30:00Z","value":1,"values":{"temperature_c":2}}""", "unknown_field", "visibility_km" },
        { """{"type":"booking","region_id":"a","occurred_at":"2026-03-01T08:30:00Z","value":1,"values":{"value":2}}""", "repeated_field", "value" },
        { """{"type":"booking","type":"search","region_id":"a","occurred_at":"2026-03-01T08:30:00Z"}""", "repeated_field", "type" },
        { """{"type":"booking","regoin_id":"a","occurred_at":"2026-03-01T08:30:00Z"}""", "unknown_field", "region_id" },
        { """{"type":"booking","region_id":"\ud800","occurred_at":"2026-03-01T08:30:00Z"}""", "invalid_utf8", "Unicode" },
    };

    [Theory]
    [MemberData(nameof(BadLines))]
    public async Task MoveNext_WhenOneLineIsBad_RejectsThatLineOnly(string bad, string reason, string detail)
    {
        EventReading read = await EventReading.OfJsonAsync(_folder, Good, bad, Good);

        Assert.Equal([1, 3], read.Events.Select(found => found.Line));
        (long Line, string Reason, string Detail) reject = Assert.Single(read.Rejects);
        Assert.Equal((2, reason), (reject.Line, reject.Reason));
        Assert.Contains(detail, reject.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MoveNext_WhenUtf8IsBroken_RejectsThatLineOnly()
    {
        byte[] bad = [.. Encoding.UTF8.GetBytes(Good + "\n"), (byte)'{', 0xC3, 0x28, (byte)'\n', .. Encoding.UTF8.GetBytes(Good)];

        EventReading read = await EventReading.OfJsonAsync(_folder, bad);

        Assert.Equal([1, 3], read.Events.Select(found => found.Line));
        Assert.Equal((2, "invalid_utf8"), (read.Rejects[0].Line, read.Rejects[0].Reason));
    }

    [Theory]
    [InlineData(1024 * 1024 + 1)]
    [InlineData(10 * 1024 * 1024)]
    public async Task MoveNext_WhenALineIsTooLong_RejectsItAndGoesOn(int length)
    {
        EventReading read = await EventReading.OfJsonAsync(_folder, Good, new string('x', length), Good, new string('{', length));

        Assert.Equal([1, 3], read.Events.Select(found => found.Line));
        Assert.Equal([(2L, "line_too_long"), (4L, "line_too_long")], read.Rejects.Select(reject => (reject.Line, reject.Reason)));
    }

    [Fact]
    public async Task MoveNext_WhenALineIsAsLongAsAllowed_ReadsIt()
    {
        string padded = Good + new string(' ', LineReader.DefaultMaxLineBytes - Good.Length);

        EventReading read = await EventReading.OfJsonAsync(_folder, padded + "\r", padded);

        Assert.Equal(2, read.Events.Count);
        Assert.Empty(read.Rejects);
    }

    [Fact]
    public async Task MoveNext_WhenEveryFieldIsGiven_ReadsEach()
    {
        EventReading read = await EventReading.OfJsonAsync(
            _folder,
            """{"values":{"rain_mm_per_h":2.5,"temperature_c":-3},"type":"weather","region_id":"*","occurred_at":"2026-03-01T08:30:00.1234567+01:00","received_at":"2026-03-01T07:31:00Z"}""",
            """{"type":"supply_busy","region_id":"caf\u00e9","unit_id":"u","user_id":"x","product_type":"xl","idempotency_key":"k","value":4,"occurred_at":"2026-03-01t07:30:00z"}""");

        MarketEvent weather = read.Events[0].Event;
        Assert.Equal(new DateTimeOffset(2026, 3, 1, 7, 30, 0, TimeSpan.Zero).AddTicks(1_234_560), weather.OccurredAt);
        Assert.Equal(new DateTimeOffset(2026, 3, 1, 7, 31, 0, TimeSpan.Zero), read.Events[0].ReceivedAt);
        Assert.Equal(EventValues.Weather(temperatureC: -3, rainMmPerHour: 2.5f), weather.Values);
        MarketEvent busy = read.Events[1].Event;
        Assert.Equal(("café", "u", "x", "xl", "k"), (busy.RegionId, busy.UnitId, busy.UserId, busy.ProductType, busy.IdempotencyKey));
        Assert.Equal(4, busy.Values.First);
        Assert.Empty(read.Rejects);
    }

    [Fact]
    public async Task MoveNext_WhenTheFirstNumberIsAPlainValue_TakesItAsThat()
    {
        EventReading read = await EventReading.OfJsonAsync(
            _folder,
            """{"type":"city_event","region_id":"a","value":0.75,"values":{"duration_minutes":90},"occurred_at":"2026-03-01T08:30:00Z"}""",
            """{"type":"weather","region_id":"*","value":-4,"occurred_at":"2026-03-01T08:30:00Z"}""",
            """{"type":"city_event","region_id":"a","value":0.75,"values":{"score":0.5},"occurred_at":"2026-03-01T08:30:00Z"}""");

        Assert.Equal(EventValues.CityEvent(0.75f, 90), read.Events[0].Event.Values);
        Assert.Equal(EventValues.Weather(temperatureC: -4), read.Events[1].Event.Values);
        Assert.Equal(3, Assert.Single(read.Rejects).Line); // Twice the same number: which is meant?
    }

    [Fact]
    public async Task MoveNext_WhenFileHasBomCrLfAndEmptyLines_ReadsAllWithTheirLines()
    {
        byte[] content = [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes($"{Good}\r\n\r\n  \r\n{Good}\r\n")];

        EventReading read = await EventReading.OfJsonAsync(_folder, content);

        Assert.Equal([1, 4], read.Events.Select(found => found.Line));
        Assert.Empty(read.Rejects);
    }

    [Fact]
    public async Task MoveNext_WhenFileIsEmpty_FindsNothing()
    {
        EventReading read = await EventReading.OfJsonAsync(_folder, Array.Empty<byte>());

        Assert.Empty(read.Events);
        Assert.Empty(read.Rejects);
    }

    [Fact]
    public async Task MoveNext_WhenGzipHasSeveralMembers_ReadsThemAsOneFile()
    {
        byte[] member = ScratchFolder.Gzip(Encoding.UTF8.GetBytes(Good + "\n"));

        EventReading read = await EventReading.OfJsonAsync(_folder, [.. member, .. member, .. member]);

        Assert.Equal([1, 2, 3], read.Events.Select(found => found.Line));
        Assert.Empty(read.Log.Broken);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(200)]
    [InlineData(3_000)]
    public async Task MoveNext_WhenGzipIsCutShort_KeepsWhatIsSoundAndSaysWhereItBroke(int cut)
    {
        (byte[] whole, byte[] packed) = ManyLines();

        EventReading read = await EventReading.OfJsonAsync(_folder, packed[..^cut]);

        await AssertSoundPrefixAsync(read, whole);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.99)]
    public async Task MoveNext_WhenGzipIsCorrupt_SaysWhereItBroke(double where)
    {
        (_, byte[] packed) = ManyLines();
        packed[(int)(packed.Length * where)] ^= 0xFF;

        EventReading read = await EventReading.OfJsonAsync(_folder, packed);

        Assert.Single(read.Log.Broken);
        Assert.Contains("broken_file", read.Rejects.Select(reject => reject.Reason));
    }

    [Fact]
    public async Task MoveNext_WhenOneTimeLeapsAYearAhead_RejectsThatLineOnly()
    {
        EventReading read = await EventReading.OfJsonAsync(_folder, Good, Good.Replace("2026", "2036", StringComparison.Ordinal), Good, Good);

        Assert.Equal([1, 3, 4], read.Events.Select(found => found.Line));
        Assert.Equal((2, "time_leap"), (read.Rejects[0].Line, read.Rejects[0].Reason));
    }

    [Fact]
    public async Task MoveNext_WhenTheFileItselfLeaps_FollowsIt()
    {
        string later = Good.Replace("2026", "2027", StringComparison.Ordinal);

        EventReading read = await EventReading.OfJsonAsync(_folder, Good, later, later, later);

        Assert.Equal([1, 2, 3, 4], read.Events.Select(found => found.Line));
        Assert.Empty(read.Rejects);
    }

    [Fact]
    public async Task MoveNext_WhenTheFirstTimeIsDecadesOld_RejectsIt()
    {
        EventReading read = await EventReading.OfJsonAsync(_folder, Good.Replace("2026", "1971", StringComparison.Ordinal), Good, Good);

        Assert.Equal([2, 3], read.Events.Select(found => found.Line));
        Assert.Equal("time_leap", read.Rejects[0].Reason);
    }

    [Fact]
    public async Task MoveNext_WhenTimesGoBack_KeepsReceiveTimesFromDecreasing()
    {
        EventReading read = await EventReading.OfJsonAsync(
            _folder, Good, Good.Replace("08:30", "08:20", StringComparison.Ordinal), Good.Replace("08:30", "08:31", StringComparison.Ordinal));

        Assert.Equal([30, 30, 31], read.Events.Select(found => found.ReceivedAt.Minute));
        Assert.Equal([30, 20, 31], read.Events.Select(found => found.Event.OccurredAt.Minute));
    }

    private static (byte[] Whole, byte[] Packed) ManyLines()
    {
        var text = new StringBuilder();
        for (int i = 0; i < 20_000; i++)
        {
            // A different key on each line, so that the compressed file is long and no line equals another.
            text.Append(Good.AsSpan(0, Good.Length - 1)).Append($",\"idempotency_key\":\"{unchecked((uint)i * 2_654_435_761u):x8}\"}}\n");
        }

        byte[] whole = Encoding.UTF8.GetBytes(text.ToString());
        return (whole, ScratchFolder.Gzip(whole));
    }

    private static async Task AssertSoundPrefixAsync(EventReading read, byte[] whole)
    {
        using var other = new ScratchFolder();
        EventReading sound = await EventReading.OfJsonAsync(other, whole);
        Assert.Single(read.Log.Broken);
        (long Line, string Reason, string Detail) broken = Assert.Single(read.Rejects);
        Assert.Equal("broken_file", broken.Reason);
        Assert.Equal(read.Events.Count + 1, broken.Line);
        Assert.Equal(sound.Events.Take(read.Events.Count), read.Events);
        Assert.True(read.Events.Count > 10_000, $"only {read.Events.Count} events were read");
    }
}
