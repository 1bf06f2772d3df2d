using System.Text;
using PricingCore.Cli.Replay;

namespace PricingCore.Cli.Tests.Replay;

/// <summary>
/// Goal: events and requests reach the engine in the promised order, and every line that is not used is accounted for.
/// Method: small files through the whole job, with a recorder in the engine's place.
/// </summary>
public sealed class ReplayJobTests : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();
    private RecordingEngine? _engine;

    public void Dispose()
    {
        _folder.Dispose();
        _output.Dispose();
        _error.Dispose();
    }

    [Fact]
    public async Task Run_WhenARequestAndAnEventHaveTheSameTime_AsksFirst()
    {
        await RunAsync([Event("a", 10), Event("b", 20), Event("c", 20)], [Request("q", 20)]);

        Assert.Equal(["event a 00:10", "ask q 00:20", "event b 00:20", "event c 00:20"], _engine!.Calls);
    }

    [Fact]
    public async Task Run_WhenRequestsAreOutOfOrder_SortsThemAndKeepsTies()
    {
        await RunAsync([Event("a", 10), Event("b", 50)], [Request("late", 40), Request("x", 20), Request("y", 20), Request("early", 5), Request("after", 59)]);

        Assert.Equal(["ask early 00:05", "event a 00:10", "ask x 00:20", "ask y 00:20", "ask late 00:40", "event b 00:50", "ask after 00:59"], _engine!.Calls);
    }

    [Fact]
    public async Task Run_WhenMoreRequestsAreDueThanAreAskedTogether_AnswersAllInOrder()
    {
        string[] requests = [.. Enumerable.Range(0, 1_000).Select(i => Request($"q{i:0000}", 20))];

        await RunAsync([Event("a", 10), Event("b", 30)], requests);

        string[] answered = [.. File.ReadLines(_folder["answers.jsonl"]).Select(line => line[15..20])];
        Assert.Equal(Enumerable.Range(0, 1_000).Select(i => $"q{i:0000}"), answered);
        Assert.Equal("event b 00:30", _engine!.Calls[^1]);
    }

    [Fact]
    public async Task Run_WhenNoRequestsAreGiven_QuotesRegionsSeenSoFarOnTheHour()
    {
        string[] events =
        [
            Event("b", 10), Event("a", 20), """{"type":"weather","region_id":"*","occurred_at":"2026-03-01T00:30:00Z"}""",
            """{"type":"booking","region_id":"c","occurred_at":"2026-03-01T01:00:00Z"}""",
            """{"type":"booking","region_id":"closed","occurred_at":"2026-03-01T01:30:00Z"}""",
            """{"type":"booking","region_id":"a","occurred_at":"2026-03-01T02:00:00Z"}""",
        ];

        await RunAsync(events, null);

        Assert.Equal(
            [
                "ask 2026-03-01T01:00:00Z/a 01:00", "ask 2026-03-01T01:00:00Z/b 01:00", "ask 2026-03-01T02:00:00Z/a 02:00",
                "ask 2026-03-01T02:00:00Z/b 02:00", "ask 2026-03-01T02:00:00Z/c 02:00",
            ],
            _engine!.Calls.Where(call => call.StartsWith("ask", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Run_WhenFilesAreMerged_GoesByReceiveTimeThenByFile()
    {
        string other = _folder.Write("other.jsonl", string.Join('\n', Event("x", 10), Event("y", 15), Event("z", 40)));

        await RunAsync([Event("a", 10), Event("b", 20)], [], settings => settings with { Events = [.. settings.Events, other] });

        Assert.Equal(["event a 00:10", "event x 00:10", "event y 00:15", "event b 00:20", "event z 00:40"], _engine!.Calls);
    }

    [Fact]
    public async Task Run_WhenAPeriodIsGiven_LeavesOutTheRestAndCountsIt()
    {
        DateTimeOffset midnight = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

        await RunAsync(
            [Event("a", 10), Event("b", 20), Event("c", 30)],
            [],
            settings => settings with { From = midnight.AddMinutes(20), To = midnight.AddMinutes(30) });

        Assert.Equal(["event b 00:20"], _engine!.Calls);
        Assert.Contains("before --from", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WhenTheEngineRefusesOrDropsEvents_ListsThemWithTheirLines()
    {
        string twice = Event("a", 10).Replace("}", ",\"idempotency_key\":\"k\"}", StringComparison.Ordinal);

        int exit = await RunAsync([twice, Event("closed", 11), "", twice, "{"], []);

        Assert.Equal(ExitCode.Ok, exit);
        string[] rejects = await File.ReadAllLinesAsync(_folder["rejects.jsonl"]);
        Assert.Equal(3, rejects.Length);

        // In the order they are found: bad lines when they are read, some events ahead; duplicates when the engine has drained.
        Assert.Contains("\"line\":5,\"reason\":\"invalid_json\"", rejects[0], StringComparison.Ordinal);
        Assert.Contains("\"line\":2,\"reason\":\"unknown_region\"", rejects[1], StringComparison.Ordinal);
        Assert.Contains("\"line\":4,\"reason\":\"duplicate\"", rejects[2], StringComparison.Ordinal);
        Assert.Matches("accepted +1\\n", _output.ToString());
    }

    [Fact]
    public async Task Run_WhenRequestsAreBad_RejectsEachWithItsLine()
    {
        await RunAsync(
            [Event("a", 10)],
            [
                "{", """{"region_id":"a","at":"2026-03-01T00:20:00Z"}""", """{"request_id":"q","at":"2026-03-01T00:20:00Z"}""",
                """{"request_id":"q","region_id":"a"}""", """{"request_id":"q","region_id":"a","at":"2026-03-01T00:20:00"}""",
                """{"request_id":"q","region_id":"a","at":"2026-03-01T00:20:00Z","price":1}""",
                """{"request_id":"q","region_id":"a","at":"2026-03-01T00:20:00Z","base_price":"1"}""",
                """{"request_id":"q","region_id":"a","at":"2026-03-01T00:20:00Z","base_price":1.005}""",
                """{"request_id":"q","region_id":"a","at":"2026-03-01T00:20:00Z","base_price":-1}""",
                """{"request_id":"good","region_id":"a","at":"2026-03-01T00:20:00Z","base_price":12.5}""",
            ]);

        Assert.Equal(["event a 00:10", "ask good 00:20 1250"], _engine!.Calls);
        string[] reasons = [.. (await File.ReadAllLinesAsync(_folder["rejects.jsonl"])).Select(line => line.Split("\"reason\":\"")[1].Split('"')[0])];
        Assert.Equal(
            [
                "invalid_json", "missing_field", "missing_field", "missing_field", "time_without_offset", "unknown_field", "wrong_type",
                "invalid_number", "number_out_of_range",
            ],
            reasons);
    }

    [Fact]
    public async Task Run_WhenGzipIsCutShort_AnswersFromWhatWasReadAndExitsWithOne()
    {
        string many = string.Join('\n', Enumerable.Range(0, 60).SelectMany(minute => Enumerable.Range(0, 50).Select(i => Event($"r{(minute * 7919) + i}", minute))));
        byte[] packed = ScratchFolder.Gzip(Encoding.UTF8.GetBytes(many));

        int exit = await RunAsync([], [Request("q", 59)], settings => settings with { Events = [_folder.Write("cut.gz", packed[..^100])] });

        Assert.Equal(ExitCode.Failed, exit);
        Assert.Contains("breaks off in line", _error.ToString(), StringComparison.Ordinal);
        Assert.Single(await File.ReadAllLinesAsync(_folder["answers.jsonl"]));
    }

    [Fact]
    public async Task Run_WhenNothingIsAccepted_ExitsWithOne()
    {
        Assert.Equal(ExitCode.Failed, await RunAsync(["{", "{"], []));
        Assert.Contains("no event was accepted", _error.ToString(), StringComparison.Ordinal);
    }

    private static string Event(string region, int minute) =>
        $$"""{"type":"booking","region_id":"{{region}}","occurred_at":"2026-03-01T00:{{minute:00}}:00Z"}""";

    private static string Request(string id, int minute) =>
        $$"""{"request_id":"{{id}}","region_id":"a","product_type":"standard","at":"2026-03-01T00:{{minute:00}}:00Z"}""";

    private Task<int> RunAsync(string[] events, string[]? requests, Func<ReplaySettings, ReplaySettings>? change = null)
    {
        var settings = new ReplaySettings
        {
            Events = [_folder.Write("events.jsonl", string.Join('\n', events))],
            Format = EventFormat.Jsonl,
            Requests = requests is null ? null : _folder.Write("requests.jsonl", string.Join('\n', requests)),
            Rules = Repository.Sample("rules.json"),
            Out = _folder["answers.jsonl"],
            Rejects = _folder["rejects.jsonl"],
        };
        var job = new ReplayJob(change?.Invoke(settings) ?? settings, _output, _error)
        {
            StartEngine = (_, dropped) => _engine = new RecordingEngine(dropped),
        };
        return job.RunAsync(TestContext.Current.CancellationToken);
    }
}
