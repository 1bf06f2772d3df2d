using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace PricingCore.Cli.Tests.Replay;

/// <summary>
/// Goal: the command, from its arguments to its files, through the real engine: same input, same bytes; exit codes and messages.
/// Method: whole command lines on generated files, and on real data where it lies beside the repository.
/// </summary>
public sealed class ReplayCommandTests : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose()
    {
        _folder.Dispose();
        _output.Dispose();
        _error.Dispose();
    }

    [Fact]
    public async Task Run_WhenRepeatedAndWithMoreShards_WritesTheSameBytes()
    {
        string events = _folder.Write("events.jsonl", GenerateEvents(seed: 1, count: 4_000));

        byte[] first = await ReplayAsync(events, "1");

        Assert.True(first.Length > 100_000);
        foreach (string shards in (string[])["1", "2", "3", "4"])
        {
            Assert.Equal(first, await ReplayAsync(events, shards));
        }
    }

    [Fact]
    public void Run_WhateverTheEvents_WritesTheSameBytesForAnyShards() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(15),
            Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed => SameForShardsAsync(seed).GetAwaiter().GetResult()));

    [Fact]
    public async Task Run_WhenAnswered_WritesEveryFieldInItsPlace()
    {
        string events = _folder.Write("events.jsonl", GenerateEvents(seed: 3, count: 500));
        string requests = _folder.Write("requests.jsonl", """{"request_id":"q1","region_id":"r1","product_type":"standard","at":"2026-03-01T02:00:00Z","base_price":10.50}""");

        int exit = await RunAsync(
            "replay", "--events", events, "--rules", Repository.Sample("rules.json"), "--requests", requests, "--out", _folder["a.jsonl"], "--features");

        Assert.Equal((ExitCode.Ok, ""), (exit, _error.ToString()));
        string line = await File.ReadAllTextAsync(_folder["a.jsonl"]);
        Assert.EndsWith("}}\n", line, StringComparison.Ordinal);
        using JsonDocument answer = JsonDocument.Parse(line);
        JsonElement root = answer.RootElement;
        Assert.Equal(
            [
                "request_id", "region_id", "product_type", "price", "currency", "base_price", "surge_multiplier", "demand_score", "confidence",
                "factors", "limits", "inputs", "breakdown", "valid_until", "decision_id", "model_version", "rules_version", "cached", "features",
            ],
            root.EnumerateObject().Select(member => member.Name));
        Assert.Equal("10.50", root.GetProperty("base_price").GetRawText());
        Assert.Equal("2026-03-01T02:02:00Z", root.GetProperty("valid_until").GetString());
        Assert.Equal(64, root.GetProperty("features").EnumerateObject().Count());
        decimal multiplier = 1 + Sum(root.GetProperty("factors")) + Sum(root.GetProperty("limits"));
        Assert.Equal(root.GetProperty("surge_multiplier").GetDecimal(), multiplier);
        decimal price = root.GetProperty("breakdown").EnumerateArray().Sum(part => part.GetProperty("amount").GetDecimal()) / 100;
        Assert.Equal(root.GetProperty("price").GetDecimal(), price);
    }

    [Fact]
    public async Task Run_WhenAReportAndAnEvaluationAreAskedFor_WritesBoth()
    {
        string events = _folder.Write("events.jsonl", GenerateEvents(seed: 5, count: 2_000));

        int exit = await RunAsync(
            "replay", "--events", events, "--rules", Repository.Sample("rules.json"), "--every", "15m", "--out", _folder["a.jsonl.gz"],
            "--report", _folder["report.html"], "--evaluate", _folder["errors.json"]);

        Assert.Equal((ExitCode.Ok, ""), (exit, _error.ToString()));
        string page = await File.ReadAllTextAsync(_folder["report.html"]);
        Assert.Contains("<svg", page, StringComparison.Ordinal);
        Assert.EndsWith("</html>\n", page, StringComparison.Ordinal);
        using JsonDocument errors = JsonDocument.Parse(await File.ReadAllTextAsync(_folder["errors.json"]));
        Assert.Equal(24, errors.RootElement.GetProperty("hours").GetArrayLength());
    }

    /// <summary>Skipped where the data does not lie beside the repository; the other tests use generated files.</summary>
    [Fact]
    public async Task Run_WhenTheRealTaxiDayIsThere_AccountsForEveryTrip()
    {
        string? trips = Repository.Data("11_nyc_green_taxi_2022-01_events.csv.gz");
        string? zones = Repository.Data("20_nyc_taxi_zones.csv.gz");
        Assert.SkipWhen(trips is null || zones is null, "../shared/data is not there");

        int exit = await RunAsync(
            "replay", "--events", trips!, "--map", Repository.Sample("green-taxi.map.json"), "--regions", zones!, "--regions-map",
            Repository.Sample("taxi-zones.map.json"), "--to", "2022-01-03T00:00:00-05:00", "--every", "6h", "--rules", Repository.Sample("rules.json"),
            "--out", _folder["a.jsonl"], "--json");

        Assert.Equal((ExitCode.Ok, ""), (exit, _error.ToString()));
        using JsonDocument summary = JsonDocument.Parse(_output.ToString());
        Assert.Equal(287, summary.RootElement.GetProperty("rejected").GetProperty("invalid_trip").GetInt32());
        Assert.True(summary.RootElement.GetProperty("accepted").GetInt32() > 10_000);
        Assert.Equal(260, summary.RootElement.GetProperty("regions").GetInt32());
    }

    [Fact]
    public async Task Run_WhenTimesAreInTheWrongZone_RejectsThemWithTheirLines()
    {
        const string Right = """{"type":"booking","region_id":"a","occurred_at":"2026-03-01T08:30:00Z","received_at":"2026-03-01T08:30:01Z"}""";
        string events = _folder.Write(
            "events.jsonl",
            string.Join('\n', Right, Right.Replace("occurred_at\":\"2026-03-01T08", "occurred_at\":\"2026-03-01T13", StringComparison.Ordinal), Right.Replace("occurred_at\":\"2026-03-01T08", "occurred_at\":\"2026-03-01T03", StringComparison.Ordinal)));

        await RunAsync("replay", "--events", events, "--rules", Repository.Sample("rules.json"), "--out", _folder["a.jsonl"], "--rejects", _folder["r.jsonl"]);

        string[] rejects = await File.ReadAllLinesAsync(_folder["r.jsonl"]);
        Assert.Equal(2, rejects.Length);
        Assert.Contains("\"line\":2,\"reason\":\"in_future\"", rejects[0], StringComparison.Ordinal);
        Assert.Contains("\"line\":3,\"reason\":\"too_old\"", rejects[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WhenKeysRepeat_ListsDuplicatesAndCountsThemOnce()
    {
        const string Keyed = """{"type":"booking","region_id":"a","occurred_at":"2026-03-01T08:30:00Z","idempotency_key":"k"}""";
        string events = _folder.Write("events.jsonl", string.Join('\n', Keyed, Keyed, Keyed));

        await RunAsync("replay", "--events", events, "--rules", Repository.Sample("rules.json"), "--out", _folder["a.jsonl"], "--rejects", _folder["r.jsonl"], "--json");

        using JsonDocument summary = JsonDocument.Parse(_output.ToString());
        Assert.Equal((1, 2), (summary.RootElement.GetProperty("accepted").GetInt32(), summary.RootElement.GetProperty("duplicate").GetInt32()));
        Assert.All(await File.ReadAllLinesAsync(_folder["r.jsonl"]), line => Assert.Contains("\"duplicate\"", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_WhenRegionsAreClosed_RejectsEventsAndRefusesRequestsOfOthers()
    {
        string regions = _folder.Write("regions.json", """[{"id":"a","time_zone":"America/New_York","neighbours":["b"]},{"id":"b"}]""");
        string events = _folder.Write(
            "events.jsonl",
            """{"type":"booking","region_id":"a","occurred_at":"2026-03-01T08:30:00Z"}""" + "\n" + """{"type":"booking","region_id":"z","occurred_at":"2026-03-01T08:30:00Z"}""");
        string requests = _folder.Write("requests.jsonl", """{"request_id":"q","region_id":"z","at":"2026-03-01T08:40:00Z"}""");

        int exit = await RunAsync(
            "replay", "--events", events, "--regions", regions, "--requests", requests, "--rules", Repository.Sample("rules.json"),
            "--out", _folder["a.jsonl"], "--rejects", _folder["r.jsonl"]);

        Assert.Equal(ExitCode.Ok, exit);
        Assert.Contains("\"line\":2,\"reason\":\"unknown_region\"", await File.ReadAllTextAsync(_folder["r.jsonl"]), StringComparison.Ordinal);
        Assert.Equal(
            """{"request_id":"q","region_id":"z","product_type":"standard","refused":"unknown_region"}""" + "\n",
            await File.ReadAllTextAsync(_folder["a.jsonl"]));
    }

    [Theory]
    [InlineData("replay")]
    [InlineData("replay --events e.jsonl --rules r.json --out o --speed fast")]
    [InlineData("replay --events e.jsonl --rules r.json --out o --format xml")]
    [InlineData("replay --events e.jsonl --rules r.json --out o --every 90")]
    [InlineData("replay --events e.jsonl --rules r.json --out o --from 2014-04-01T00:00")]
    [InlineData("replay --events e.jsonl --rules r.json --out o --unknown")]
    [InlineData("repaly")]
    public async Task Run_WhenTheCommandLineIsWrong_SaysSoAndExitsWithTwo(string line)
    {
        Assert.Equal(ExitCode.WrongUsage, await RunAsync(line.Split(' ')));
        Assert.Contains("--help", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WhenHelpIsAskedFor_ShowsAnExample()
    {
        Assert.Equal(ExitCode.Ok, await RunAsync("replay", "--help"));
        Assert.Contains("pricing replay --events events.jsonl.gz --rules rules.json", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WhenAFileIsMissingOrWrong_SaysWhichInOneLine()
    {
        string rules = Repository.Sample("rules.json");
        string csv = _folder.Write("e.csv", "a,b\n1,2\n");
        string wrongRules = _folder.Write("wrong.json", "{\"rules\":[{}]}");
        string events = _folder.Write("e.jsonl", "{}");

        Assert.Equal(ExitCode.Failed, await RunAsync("replay", "--events", _folder["none"], "--rules", rules, "--out", _folder["o"]));
        Assert.Equal(ExitCode.WrongUsage, await RunAsync("replay", "--events", csv, "--rules", rules, "--out", _folder["o"]));
        Assert.Equal(ExitCode.WrongUsage, await RunAsync("replay", "--events", events, "--rules", wrongRules, "--out", _folder["o"]));
        Assert.Equal(ExitCode.Failed, await RunAsync("replay", "--events", events, "--rules", rules, "--out", _folder["no/such/folder"]));

        string said = _error.ToString();
        Assert.Contains("cannot read", said, StringComparison.Ordinal);
        Assert.Contains("--map", said, StringComparison.Ordinal);
        Assert.Contains("error(s) in the rules", said, StringComparison.Ordinal);
        Assert.Contains("cannot write", said, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["o"]));
    }

    private static decimal Sum(JsonElement numbers) => numbers.EnumerateObject().Sum(member => member.Value.GetDecimal());

    private static string GenerateEvents(int seed, int count)
    {
        string[] kinds = ["booking", "search", "cancel", "supply_available", "supply_busy", "view"];
        var text = new StringBuilder();
        ulong state = unchecked((ulong)seed * 0x9E3779B97F4A7C15);
        DateTime at = new(2026, 3, 1, 0, 0, 0, DateTimeKind.Utc);
        for (int i = 0; i < count; i++)
        {
            state = unchecked((state * 6_364_136_223_846_793_005) + 1_442_695_040_888_963_407);
            uint bits = (uint)(state >> 32);
            at = at.AddMilliseconds(bits % 7_000);
            DateTime happened = bits % 11 == 0 ? at.AddSeconds(-(bits % 600)) : at;
            string kind = kinds[(bits >> 8) % kinds.Length];
            text.Append($$"""{"type":"{{kind}}","region_id":"r{{(bits >> 12) % 17}}","unit_id":"u{{(bits >> 16) % 90}}","user_id":"p{{(bits >> 20) % 40}}",""");
            text.Append($$"""  "occurred_at":"{{happened:yyyy-MM-ddTHH:mm:ss.fffZ}}","received_at":"{{at:yyyy-MM-ddTHH:mm:ss.fffZ}}"}""").Append('\n');
        }

        return text.ToString();
    }

    private async Task SameForShardsAsync(int seed)
    {
        string events = _folder.Write("events.jsonl", GenerateEvents(seed, count: 300));
        byte[] one = await ReplayAsync(events, "1");
        Assert.Equal(one, await ReplayAsync(events, "2"));
        Assert.Equal(one, await ReplayAsync(events, "4"));
    }

    private async Task<byte[]> ReplayAsync(string events, string shards)
    {
        int exit = await RunAsync(
            "replay", "--events", events, "--rules", Repository.Sample("rules.json"), "--every", "5m", "--features", "--shards", shards, "--out", _folder["a.jsonl"]);
        Assert.True(exit == ExitCode.Ok, _error.ToString());
        return await File.ReadAllBytesAsync(_folder["a.jsonl"]);
    }

    private Task<int> RunAsync(params string[] args) => PricingCommandLine.RunAsync(args, _output, _error);
}
