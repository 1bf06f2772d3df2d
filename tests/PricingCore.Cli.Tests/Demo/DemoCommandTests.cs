using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using PricingCore.Cli.Report;
using PricingCore.Cli.Tests.Report;

namespace PricingCore.Cli.Tests.Demo;

/// <summary>
/// Goal: the demo works on a fresh machine, says what it did, and gives the same report for the same seed.
/// Method: the command is run in process with a small city and the real engine, and its output is read back.
/// </summary>
public sealed partial class DemoCommandTests : IDisposable
{
    private const int Regions = 12;
    private const int TimeLimitMs = 120_000; // Some 100 times what it takes: only there so that a hang is a failure.

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pricing-demo-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact(Timeout = TimeLimitMs)]
    public async Task Demo_WhenRun_ShowsTablesAndWritesAReport()
    {
        (int exit, string output, string error) = await Run("demo", "--regions", $"{Regions}", "--seed", "3", "--out", PathOf("report.html"));

        Assert.Equal((0, ""), (exit, error));
        Assert.Contains("centred formula", output, StringComparison.Ordinal);
        Assert.Contains("Central Station", output, StringComparison.Ordinal);
        Assert.Contains("with surge", output, StringComparison.Ordinal);
        Assert.Contains("report.html", output, StringComparison.Ordinal);
        XDocument page = HtmlReportTests.Parse(File.ReadAllText(PathOf("report.html")));
        Assert.Equal(7, page.Descendants("section").Count());
        Assert.Equal(Regions * 24, page.Descendants("rect").Count(rect => ((string?)rect.Attribute("class"))!.StartsWith("cell", StringComparison.Ordinal) && rect.Attribute("data-tip") is not null));
        Assert.Equal(5 + Regions, page.Descendants("path").Count());
        Assert.Contains("pricing demo --seed 3 --regions 12 --days 1", page.ToString(), StringComparison.Ordinal);
    }

    [Fact(Timeout = TimeLimitMs)]
    public async Task Demo_WhenTheSeedIsTheSame_WritesTheSameReportButForTimings()
    {
        await Run("demo", "--regions", $"{Regions}", "--out", PathOf("first.html"));
        await Run("demo", "--regions", $"{Regions}", "--out", PathOf("second.html"));
        await Run("demo", "--regions", $"{Regions}", "--seed", "2", "--out", PathOf("other.html"));
        string[] reports = [.. new[] { "first.html", "second.html", "other.html" }.Select(name => Timings().Replace(File.ReadAllText(PathOf(name)), ""))];

        Assert.Equal(reports[0], reports[1]);
        Assert.NotEqual(reports[0], reports[2]);
        Assert.DoesNotContain("µs", reports[0], StringComparison.Ordinal);
    }

    [Fact(Timeout = TimeLimitMs)]
    public async Task Demo_WhenJsonIsAskedFor_WritesOneObject()
    {
        (int exit, string output, _) = await Run("demo", "--regions", $"{Regions}", "--json", "--out", PathOf("report.html"));
        JsonElement result = JsonDocument.Parse(output).RootElement;

        Assert.Equal(0, exit);
        Assert.Equal("centred", result.GetProperty("formula").GetString());
        Assert.Equal(result.GetProperty("duplicates_sent").GetInt64(), result.GetProperty("duplicates_dropped").GetInt64());
        Assert.Empty(result.GetProperty("rejected").EnumerateObject());
        Assert.True(result.GetProperty("with_surge").GetProperty("served").GetInt64() > 1_000);
        Assert.True(result.GetProperty("with_surge").GetProperty("bookings").GetInt64() < result.GetProperty("without_surge").GetProperty("bookings").GetInt64());
        Assert.True(result.GetProperty("quote_round_trip_us").GetProperty("p50").GetDouble() > 0);
        Assert.True(File.Exists(result.GetProperty("report").GetString()));
    }

    [Fact(Timeout = TimeLimitMs)]
    public async Task Demo_PricesWithTheSampleModel_UnlessToldOtherwise()
    {
        (_, string sample, string error) = await Run("demo", "--regions", $"{Regions}", "--json", "--out", PathOf("a.html"));
        (_, string none, _) = await Run("demo", "--regions", $"{Regions}", "--model", "none", "--json", "--out", PathOf("b.html"));
        (int exit, _, string refused) = await Run("demo", "--regions", $"{Regions}", "--model", PathOf("nothing"), "--json", "--out", PathOf("c.html"));

        Assert.Equal("", error);
        Assert.Equal("demand/1.0.0", JsonDocument.Parse(sample).RootElement.GetProperty("model").GetString());
        Assert.Equal("seasonal-naive-1", JsonDocument.Parse(none).RootElement.GetProperty("model").GetString());
        Assert.Contains("model demand/1.0.0", File.ReadAllText(PathOf("a.html")), StringComparison.Ordinal);
        Assert.Equal(2, exit);
        Assert.Contains("refused", refused, StringComparison.Ordinal);
    }

    [Fact(Timeout = TimeLimitMs)]
    public async Task Demo_WhenTheReportIsThereAlready_ReplacesAllOfIt()
    {
        string path = PathOf("report.html");
        await File.WriteAllTextAsync(path, new string('x', 5_000_000), TestContext.Current.CancellationToken);

        await Run("demo", "--regions", $"{Regions}", "--out", path);

        Assert.EndsWith("</html>\n", await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--regions is 3, but must be from 12 to 1000.", "--regions", "3")]
    [InlineData("--days is 0, but must be from 1 to 28.", "--days", "0")]
    [InlineData("--seed", "--seed", "first")]
    [InlineData("--speed", "--speed", "1")]
    [InlineData("Choose another place with --out.", "--out", "/nowhere/at/all/report.html")]
    public async Task Demo_WhenTheCommandLineIsWrong_SaysSoAndExitsWithTwo(string said, params string[] args)
    {
        (int exit, string output, string error) = await Run(["demo", .. args]);

        Assert.Equal((2, ""), (exit, output));
        Assert.Contains(said, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_ForTheDemo_HasAnExample()
    {
        (int exit, string output, _) = await Run("demo", "--help");

        Assert.Equal(0, exit);
        Assert.Contains("pricing demo --seed 7", output, StringComparison.Ordinal);
    }

    private static async Task<(int Exit, string Output, string Error)> Run(params string[] args)
    {
        StringWriter output = new();
        StringWriter error = new();
        int exit = await PricingCommandLine.RunAsync(args, output, error);
        return (exit, output.ToString(), error.ToString());
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    [GeneratedRegex(HtmlReport.TimingBegin + ".*?" + HtmlReport.TimingEnd, RegexOptions.Singleline)]
    private static partial Regex Timings();
}
