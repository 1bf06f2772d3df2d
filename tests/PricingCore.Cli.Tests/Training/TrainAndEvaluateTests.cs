using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;

namespace PricingCore.Cli.Tests.Training;

/// <summary>
/// Goal: the commands train and evaluate do what their help says, and agree with each other.
/// Method: six weeks of hourly counts of two regions with a daily and weekly shape, trained on and scored through the command line.
/// </summary>
public sealed class TrainAndEvaluateTests : IDisposable
{
    private const string Map = """
        {"time_zone":"UTC","timestamp":"t","bucket_minutes":60,"region":"r","count":"n","covariates":{"temperature_c":"temp"}}
        """;

    private static readonly DateTime Start = new(2026, 1, 5); // A Monday.

    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Evaluate_OfTheHeldOutPart_GivesTheErrorsOfTheTraining()
    {
        string panel = Seasonal("p.csv", 0, 42);
        (int code, string trained, string errors) = await RunAsync(Train(panel, "a", "--held-out-from", "2026-02-09", "--json"));

        (int scoredCode, string scored, _) = await RunAsync(Evaluate("a", "2026-02-09", panel));

        Assert.Equal((ExitCode.Ok, ExitCode.Ok), (code, scoredCode));
        Assert.Equal("", errors);
        using JsonDocument training = JsonDocument.Parse(trained);
        using JsonDocument evaluation = JsonDocument.Parse(scored);
        Assert.Equal(7 * 24 * 2, training.RootElement.GetProperty("horizons")[0].GetProperty("forecasts").GetInt32());
        Assert.Equal(training.RootElement.GetProperty("horizons").ToString(), evaluation.RootElement.GetProperty("horizons").ToString());
        Assert.True(training.RootElement.GetProperty("beats_baselines").GetBoolean());
        Assert.True(File.Exists(Path.Combine(_folder["models"], "a", "1.0.0", "schema.json")));
    }

    [Fact]
    public async Task Evaluate_OfSeveralFiles_IsThatOfOne_InAnyOrder()
    {
        await RunAsync(Train(Seasonal("p.csv", 0, 35), "a"));
        string whole = Seasonal("whole.csv", 0, 42);
        string early = Seasonal("early.csv", 0, 38);
        string late = Seasonal("late.csv", 38, 42);

        string[] scored =
        [
            (await RunAsync(Evaluate("a", "2026-02-09", whole))).Output,
            (await RunAsync(Evaluate("a", "2026-02-09", late, early))).Output,
            (await RunAsync(Evaluate("a", "2026-02-09", _folder.Write("both.csv", File.ReadAllText(early) + File.ReadAllText(late))))).Output,
        ];

        Assert.Contains("\"forecasts\": 336", scored[0], StringComparison.Ordinal);
        Assert.Equal(scored[0], scored[1]);
        Assert.Equal(scored[0], scored[2]);
    }

    [Fact]
    public async Task Evaluate_KnowsNothingBeforeItsTime()
    {
        await RunAsync(Train(Seasonal("p.csv", 0, 35), "a"));
        string[] lines = File.ReadAllLines(Seasonal("whole.csv", 0, 42));

        int until = Array.FindIndex(lines, line => line.StartsWith("2026-02-13 00:00", StringComparison.Ordinal));
        string cut = _folder.Write("cut.csv", string.Join('\n', lines[..until]) + "\n");
        IEnumerable<string> changed = lines.Select((line, i) => i < until ? line : $"{line.Split(',')[0]},{line.Split(',')[1]},900,-20");
        string other = _folder.Write("other.csv", string.Join('\n', changed) + "\n");

        JsonElement known = Horizon(await RunAsync(Evaluate("a", "2026-02-09", cut)));
        JsonElement foreknown = Horizon(await RunAsync([.. Evaluate("a", "2026-02-09", other), "--score-to", "2026-02-13"]));

        Assert.Equal(4 * 24 * 2, known.GetProperty("forecasts").GetInt32());
        Assert.Equal(known.ToString(), foreknown.ToString());
    }

    [Fact]
    public async Task Train_Twice_WritesTheSameBytes()
    {
        string panel = Seasonal("p.csv", 0, 35);
        await RunAsync(Train(panel, "a"));
        Directory.Move(Path.Combine(_folder["models"], "a"), _folder["first"]);

        await RunAsync(Train(panel, "a"));

        foreach (string file in (string[])["model.onnx", "model.json", "golden.bin", "schema.json"])
        {
            Assert.Equal(File.ReadAllBytes(Path.Combine(_folder["first"], "1.0.0", file)), File.ReadAllBytes(Path.Combine(_folder["models"], "a", "1.0.0", file)));
        }
    }

    [Fact]
    public async Task Train_OnNoise_IsRejected_UnlessWorseIsAllowed()
    {
        string panel = Panel("noise.csv", 0, 35, (day, hour, region) => 30 + ((((day * 24) + hour) * 2654435761L + (region * 40503L)) >> 7) % 23 - 11);

        // One tree that has learned next to nothing leaves a share of the last hour, which is worse than the mean of four weeks.
        (int rejected, _, string error) = await RunAsync(Train(panel, "a", "--trees", "1", "--learning-rate", "0.001", "--scale", "demand_lag_1h"));
        (int allowed, _, _) = await RunAsync(Train(panel, "b", "--trees", "1", "--learning-rate", "0.001", "--scale", "demand_lag_1h", "--allow-worse"));

        Assert.Equal((ExitCode.Failed, ExitCode.Ok), (rejected, allowed));
        Assert.Contains("written as rejected", error, StringComparison.Ordinal);
        Assert.Contains("\"rejected\"", File.ReadAllText(Path.Combine(_folder["models"], "a", "1.0.0", "model.json")), StringComparison.Ordinal);
        Assert.Contains("\"accepted\"", File.ReadAllText(Path.Combine(_folder["models"], "b", "1.0.0", "model.json")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_WritesReportRowsAndRejects()
    {
        string panel = Seasonal("p.csv", 0, 35);
        File.AppendAllText(panel, "2026-02-09 00:00,a,many,5\n");

        (int code, string output, _) = await RunAsync(Train(panel, "a", "--report", _folder["r.html"], "--rows", _folder["rows.csv"], "--rejects", _folder["rejects.jsonl"]));

        Assert.Equal(ExitCode.Ok, code);
        Assert.Contains("same hour last week", output, StringComparison.Ordinal);
        Assert.Contains("not used, invalid_number: 1", output, StringComparison.Ordinal);
        XDocument page = XDocument.Parse(File.ReadAllText(_folder["r.html"]).Replace("<!DOCTYPE html>", "", StringComparison.Ordinal));
        string[] titles = [.. page.Descendants("h2").Select(title => title.Value)];
        Assert.Equal(6, titles.Length);
        Assert.Contains("Forecasts and what then happened", titles);
        string[] rows = File.ReadAllLines(_folder["rows.csv"]);
        Assert.StartsWith("time,region,hour_of_day", rows[0], StringComparison.Ordinal);
        Assert.EndsWith("demand_60min,same_hour_last_week_60min,mean_of_four_weeks_60min,persistence_60min", rows[0], StringComparison.Ordinal);
        Assert.Equal(28 * 24 * 2, rows.Length - 1);
        Assert.Contains("\"line\":", File.ReadAllText(_folder["rejects.jsonl"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_OfAVersionThatExists_IsRefusedAtOnce()
    {
        string panel = Seasonal("p.csv", 0, 35);
        await RunAsync(Train(panel, "a"));

        (int code, _, string error) = await RunAsync(Train(panel, "a"));

        Assert.Equal(ExitCode.WrongUsage, code);
        Assert.Contains("a version of a model never changes", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("train --out models/a/1.0.0", "--events or with --panel")]
    [InlineData("train --panel p.csv --out models/a/1.0.0", "needs one --map")]
    [InlineData("train --panel p.csv --map m.json --out models/a", "NAME/VERSION")]
    [InlineData("train --panel p.csv --map m.json --out models/a/1.0.0 --horizons 30,90", "give multiples of 60")]
    [InlineData("train --panel p.csv --map m.json --out models/a/1.0.0 --horizons 60,30", "rising whole minutes")]
    [InlineData("train --panel p.csv --map m.json --out models/a/1.0.0 --depth 99", "Depth is 99")]
    [InlineData("train --panel p.csv --map m.json --out models/a/1.0.0 --scale nothing", "'nothing'")]
    [InlineData("train --panel p.csv --map m.json --out models/a/1.0.0 --held-out-from may", "2015-05-01")]
    [InlineData("train --panel p.csv --map m.json --out models/a/1.0.0 --schema nowhere.json", "nowhere.json")]
    [InlineData("evaluate --model nowhere --panel p.csv --map m.json", "no usable model")]
    public async Task WrongUsage_IsSaidInOneLine(string line, string expected)
    {
        string panel = Seasonal("p.csv", 0, 20);
        string[] args = [.. line.Split(' ').Select(arg => arg switch
        {
            "p.csv" => panel,
            "m.json" => _folder.Write("m.json", Map),
            _ when arg.StartsWith("models/", StringComparison.Ordinal) => _folder[arg],
            _ => arg,
        })];

        (int code, _, string error) = await RunAsync(args);

        Assert.NotEqual(ExitCode.Ok, code);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    private static JsonElement Horizon((int Code, string Output, string Error) run)
    {
        Assert.Equal((ExitCode.Ok, ""), (run.Code, run.Error));
        using JsonDocument document = JsonDocument.Parse(run.Output);
        return document.RootElement.GetProperty("horizons")[0].Clone();
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = await PricingCommandLine.RunAsync(args, output, error);
        return (code, output.ToString(), error.ToString());
    }

    private string[] Train(string panel, string name, params string[] more) =>
    [
        "train", "--panel", panel, "--map", _folder.Write("m.json", Map), "--schema", "panel", "--out", Path.Combine(_folder["models"], name, "1.0.0"),
        "--depth", "3", "--interval-trees", "5", .. more.Contains("--trees") ? Array.Empty<string>() : ["--trees", "20", "--learning-rate", "0.2"], .. more,
    ];

    private string[] Evaluate(string name, string from, params string[] panels) =>
    [
        "evaluate", "--model", Path.Combine(_folder["models"], name, "1.0.0"), "--panel", .. panels, "--map", _folder.Write("m.json", Map), "--score-from", from, "--json",
    ];

    private string Seasonal(string name, int fromDay, int toDay) => Panel(name, fromDay, toDay, (day, hour, region) =>
    {
        double shape = 12 + (9 * Math.Sin(2 * Math.PI * (hour - 7) / 24d)) + (day % 7 >= 5 ? 6 : 0);
        double mood = 1 + (0.3 * Math.Sin(day * 1.7)); // A day is busier than another, as the last hour shows.
        long noise = ((((day * 24) + hour) * 7919L) + (region * 104_729L)) % 5 - 2;
        return (long)Math.Max(0, (shape * mood * (1 + region)) + noise);
    });

    private string Panel(string name, int fromDay, int toDay, Func<int, int, int, long> count)
    {
        var csv = new StringBuilder("t,r,n,temp\n");
        for (int day = fromDay; day < toDay; day++)
        {
            for (int hour = 0; hour < 24; hour++)
            {
                for (int region = 0; region < 2; region++)
                {
                    csv.Append(CultureInfo.InvariantCulture, $"{Start.AddDays(day).AddHours(hour):yyyy-MM-dd HH:mm},{(char)('a' + region)},{count(day, hour, region)},{hour % 12}\n");
                }
            }
        }

        return _folder.Write(name, csv.ToString());
    }
}
