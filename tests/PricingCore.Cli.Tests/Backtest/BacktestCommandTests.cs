using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;

namespace PricingCore.Cli.Tests.Backtest;

/// <summary>
/// Goal: the command says what another policy would have charged, to the cent, and says when it cannot.
/// Method: a generated market is replayed into a journal, and back-tested under policies whose effect is known beforehand.
/// Control: the revenue of policy A is worked out a second time from the answers of the replay and the event file alone.
/// </summary>
public sealed class BacktestCommandTests : IDisposable
{
    private const string Reference = """{"rules":[{"region_id":"*","product_type":"*","base_price":10.00,"currency":"USD","increment":0.01,"formula":"reference"}]}""";

    private static readonly string[] Kinds = ["booking", "booking", "search", "cancel", "supply_available", "supply_busy"];

    private readonly ScratchFolder _folder = new();
    private readonly StringWriter _error = new();

    public void Dispose()
    {
        _folder.Dispose();
        _error.Dispose();
    }

    [Fact]
    public async Task SameRules_DifferInNothing_AndRevenueIsThatOfTheAnswers()
    {
        string journal = await JournalAsync(shards: 3);

        using JsonDocument json = await BacktestAsync(journal, "--rules", _folder["a.json"]);

        JsonElement root = json.RootElement;
        JsonElement revenue = root.GetProperty("revenue")[0];
        Assert.Equal(RevenueOfAnswers(), revenue.GetProperty("a").GetDecimal());
        Assert.Equal(revenue.GetProperty("a").GetDecimal(), revenue.GetProperty("b").GetDecimal());
        Assert.Equal(revenue.GetProperty("a").GetDecimal(), revenue.GetProperty("b_at_elasticity").GetDecimal());
        JsonElement decisions = root.GetProperty("decisions");
        Assert.True(decisions.GetProperty("paired").GetInt32() > 150);
        Assert.Equal(decisions.GetProperty("paired").GetInt32(), decisions.GetProperty("same").GetInt32());
        Assert.Equal(0, decisions.GetProperty("only_a").GetInt32() + decisions.GetProperty("only_b").GetInt32());
        Assert.Equal(root.GetProperty("policies").GetProperty("a").ToString(), root.GetProperty("policies").GetProperty("b").ToString());
        Assert.Equal(0, root.GetProperty("bookings").GetProperty("pay_more").GetInt32() + root.GetProperty("bookings").GetProperty("pay_less").GetInt32());
        Assert.Equal(JsonValueKind.Null, root.GetProperty("first_difference").ValueKind);
    }

    [Fact]
    public async Task DoubledBasePrice_DoublesRevenueExactly_AndElasticityScalesDemand()
    {
        string journal = await JournalAsync();
        string doubled = _folder.Write("b.json", Reference.Replace("10.00", "20.00", StringComparison.Ordinal).Replace("0.01", "0.02", StringComparison.Ordinal));

        using JsonDocument unchanged = await BacktestAsync(journal, "--rules", doubled, "--elasticity", "0");
        using JsonDocument half = await BacktestAsync(journal, "--rules", doubled, "--elasticity", "-0.5");
        using JsonDocument one = await BacktestAsync(journal, "--rules", doubled, "--elasticity", "-1");

        JsonElement revenue = unchanged.RootElement.GetProperty("revenue")[0];
        decimal ofA = revenue.GetProperty("a").GetDecimal();
        Assert.True(ofA > 0);
        Assert.Equal(2 * ofA, revenue.GetProperty("b").GetDecimal());
        Assert.Equal(2 * ofA, revenue.GetProperty("b_at_elasticity").GetDecimal());
        Assert.Equal(Math.Round(2 * ofA * (decimal)Math.Pow(2, -0.5), 2), half.RootElement.GetProperty("revenue")[0].GetProperty("b_at_elasticity").GetDecimal());
        Assert.Equal(ofA, one.RootElement.GetProperty("revenue")[0].GetProperty("b_at_elasticity").GetDecimal());
        JsonElement bookings = unchanged.RootElement.GetProperty("bookings");
        Assert.Equal(bookings.GetProperty("priced").GetInt32(), bookings.GetProperty("pay_more").GetInt32());
        Assert.Equal(100, bookings.GetProperty("mean_change_percent").GetDouble());
    }

    [Fact]
    public async Task LowCap_IsCountedAtEveryDecision()
    {
        string journal = await JournalAsync();
        string capped = _folder.Write("b.json", Reference.Replace("\"increment\"", "\"max_multiplier\":1.05,\"increment\"", StringComparison.Ordinal));

        using JsonDocument json = await BacktestAsync(journal, "--rules", capped);

        JsonElement policy = json.RootElement.GetProperty("policies").GetProperty("b"); // The reference formula never wants less than 1.3.
        Assert.Equal(policy.GetProperty("decisions").GetInt32(), policy.GetProperty("cap_hits").GetInt32());
        Assert.Equal(1.05, policy.GetProperty("multiplier_max").GetDouble());
        Assert.Equal(0, policy.GetProperty("volatility").GetDouble());
    }

    [Fact]
    public async Task Formula_IsPutIntoTheJournalsLastRules_AndTheReportIsWhole()
    {
        string journal = await JournalAsync();

        using JsonDocument json = await BacktestAsync(journal, "--formula", "centred", "--report", _folder["report.html"]);

        JsonElement policies = json.RootElement.GetProperty("policies");
        Assert.True(policies.GetProperty("a").GetProperty("multiplier_mean").GetDouble() >= 1.3);
        Assert.True(policies.GetProperty("b").GetProperty("multiplier_mean").GetDouble() < 1.3);
        Assert.Equal("USD", json.RootElement.GetProperty("revenue")[0].GetProperty("currency").GetString());
        string page = await File.ReadAllTextAsync(_folder["report.html"]);
        using var reader = XmlReader.Create(new StringReader(page), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        XElement html = XDocument.Load(reader).Root!;
        Assert.True(html.Descendants("svg").Count() >= 6);
        Assert.True(html.Descendants("table").Count() >= 6);
        Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Model_ForecastsForPolicyB()
    {
        string journal = await JournalAsync();

        using JsonDocument json = await BacktestAsync(journal, "--model", Path.Combine(Repository.Root, "models", "demand", "1.0.0"));

        JsonElement policies = json.RootElement.GetProperty("policies");
        Assert.Contains("demand/1.0.0", policies.GetProperty("b").GetProperty("models").EnumerateArray().Select(version => version.GetString()));
        Assert.DoesNotContain("demand/1.0.0", policies.GetProperty("a").GetProperty("models").EnumerateArray().Select(version => version.GetString()));
        Assert.Equal(policies.GetProperty("a").GetProperty("rules").ToString(), policies.GetProperty("b").GetProperty("rules").ToString());
    }

    [Fact]
    public async Task OtherCurrency_IsSummedApart()
    {
        string journal = await JournalAsync();
        string yen = _folder.Write("b.json", Reference.Replace("10.00", "1000", StringComparison.Ordinal).Replace("USD", "JPY", StringComparison.Ordinal).Replace("0.01", "1", StringComparison.Ordinal));

        using JsonDocument json = await BacktestAsync(journal, "--rules", yen);

        JsonElement[] revenue = [.. json.RootElement.GetProperty("revenue").EnumerateArray()];
        Assert.Equal(["JPY", "USD"], revenue.Select(currency => currency.GetProperty("currency").GetString()));
        Assert.Equal(0, revenue[0].GetProperty("a").GetDecimal());
        Assert.Equal(100 * revenue[1].GetProperty("a").GetDecimal(), revenue[0].GetProperty("b").GetDecimal());
        Assert.Equal(0, revenue[1].GetProperty("b").GetDecimal());
    }

    [Fact]
    public async Task Text_SaysRevenueAndMultipliers()
    {
        string journal = await JournalAsync();
        using var output = new StringWriter();

        int code = await PricingCommandLine.RunAsync(["backtest", "--journal", journal, "--rules", _folder["a.json"]], output, _error);

        Assert.Equal((ExitCode.Ok, ""), (code, _error.ToString()));
        Assert.Contains("revenue of policy B, same demand", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("multiplier, mean", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WrongUse_IsOneLine_AndExitsWithTwo()
    {
        string journal = await JournalAsync();
        string wrongRules = _folder.Write("wrong.json", "{\"rules\":[{}]}");

        foreach ((string[] arguments, string said) in new (string[], string)[]
        {
            (["--journal", journal], "--rules, --formula or --model"),
            (["--journal", journal, "--formula", "linear"], "neither reference nor centred"),
            (["--journal", journal, "--formula", "centred", "--elasticity", "0.5"], "from -10 to 0"),
            (["--journal", _folder["none"], "--formula", "centred"], "there is no journal"),
            (["--journal", journal, "--rules", wrongRules], "error(s) in the rules"),
            (["--journal", journal, "--model", _folder.Path], "no usable model"),
        })
        {
            _error.GetStringBuilder().Clear();
            using var output = new StringWriter();
            int code = await PricingCommandLine.RunAsync(["backtest", .. arguments], output, _error);
            Assert.Equal(ExitCode.WrongUsage, code);
            Assert.Contains(said, _error.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", _error.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task DamagedJournal_ExitsWithOne()
    {
        string journal = await JournalAsync();
        string segment = Directory.GetFiles(Path.Combine(journal, "lane-00")).Order(StringComparer.Ordinal).First();
        byte[] bytes = await File.ReadAllBytesAsync(segment);
        bytes[5_000]++;
        await File.WriteAllBytesAsync(segment, bytes);
        using var output = new StringWriter();

        int code = await PricingCommandLine.RunAsync(["backtest", "--journal", journal, "--formula", "centred"], output, _error);

        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("damaged", _error.ToString(), StringComparison.Ordinal);
    }

    private async Task<JsonDocument> BacktestAsync(string journal, params string[] arguments)
    {
        using var output = new StringWriter();
        int code = await PricingCommandLine.RunAsync(["backtest", "--journal", journal, "--json", .. arguments], output, _error);
        Assert.Equal((ExitCode.Ok, ""), (code, _error.ToString()));
        return JsonDocument.Parse(output.ToString());
    }

    private async Task<string> JournalAsync(int shards = 1)
    {
        using var output = new StringWriter();
        int code = await PricingCommandLine.RunAsync(
            [
                "replay", "--events", _folder.Write("events.jsonl", Events()), "--rules", _folder.Write("a.json", Reference), "--every", "10m",
                "--out", _folder["answers.jsonl"], "--journal-out", _folder["journal"], "--shards", shards.ToString(CultureInfo.InvariantCulture),
            ],
            output,
            _error);
        Assert.Equal((ExitCode.Ok, ""), (code, _error.ToString()));
        return _folder["journal"];
    }

    // A day of nine regions; every fourth booking is delivered twice with its key.
    private static string Events()
    {
        var text = new StringBuilder();
        ulong state = 7;
        DateTime at = new(2026, 3, 1, 0, 0, 0, DateTimeKind.Utc);
        for (int i = 0; i < 4_000; i++)
        {
            state = unchecked((state * 6_364_136_223_846_793_005) + 1_442_695_040_888_963_407);
            uint bits = (uint)(state >> 32);
            at = at.AddMilliseconds(1 + (bits % 7_000));
            string kind = Kinds[(bits >> 8) % Kinds.Length];
            int deliveries = kind == "booking" && i % 4 == 0 ? 2 : 1;
            for (int delivery = 0; delivery < deliveries; delivery++)
            {
                text.Append(CultureInfo.InvariantCulture, $$"""{"type":"{{kind}}","region_id":"r{{(bits >> 12) % 9}}","unit_id":"u{{(bits >> 16) % 90}}","idempotency_key":"k{{i}}",""");
                text.Append(CultureInfo.InvariantCulture, $$""" "occurred_at":"{{at:yyyy-MM-ddTHH:mm:ss.fffZ}}","received_at":"{{at.AddSeconds(delivery):yyyy-MM-ddTHH:mm:ss.fffZ}}"}""").Append('\n');
            }
        }

        return text.ToString();
    }

    /// <summary>Each booking once, at the last answer of its region before it.</summary>
    private decimal RevenueOfAnswers()
    {
        var answers = new List<(DateTimeOffset At, string Region, decimal Price)>();
        foreach (string line in File.ReadLines(_folder["answers.jsonl"]))
        {
            using JsonDocument answer = JsonDocument.Parse(line);
            string[] id = answer.RootElement.GetProperty("request_id").GetString()!.Split('/'); // time/region
            answers.Add((DateTimeOffset.Parse(id[0], CultureInfo.InvariantCulture), id[1], answer.RootElement.GetProperty("price").GetDecimal()));
        }

        decimal sum = 0;
        var keys = new HashSet<string>();
        foreach (string line in File.ReadLines(_folder["events.jsonl"]))
        {
            using JsonDocument e = JsonDocument.Parse(line);
            if (e.RootElement.GetProperty("type").GetString() == "booking" && keys.Add(e.RootElement.GetProperty("idempotency_key").GetString()!))
            {
                DateTimeOffset at = e.RootElement.GetProperty("received_at").GetDateTimeOffset();
                string region = e.RootElement.GetProperty("region_id").GetString()!;
                sum += answers.LastOrDefault(answer => answer.Region == region && answer.At <= at).Price;
            }
        }

        return sum;
    }
}
