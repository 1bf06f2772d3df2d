using PricingCore.Training.History;
using PricingCore.Training.Metrics;

namespace PricingCore.Training.Tests;

/// <summary>
/// Goal: what a reader copies from the package's README compiles.
/// Method: the example stands below, and the page must have it line by line.
/// </summary>
public sealed class ReadmeTests
{
    [Fact]
    public void Example_IsTheOneThatCompiles()
    {
        string readme = File.ReadAllText(Path.Combine(Root(), "src", "PricingCore.Training", "README.md")).ReplaceLineEndings("\n");
        string shown = readme.Split("```csharp\n")[1].Split("```")[0].TrimEnd();
        string source = File.ReadAllText(Path.Combine(Root(), "tests", "PricingCore.Training.Tests", "ReadmeTests.cs")).ReplaceLineEndings("\n");
        string[] lines = source.Split("// Example\n")[1].Split("        // End")[0].TrimEnd().Split('\n');

        Assert.Equal(string.Join('\n', lines.Select(line => line.Length == 0 ? line : line[8..])), shown);
    }

    internal static async Task TrainAsync(IAsyncEnumerable<ReceivedEvent> events, PricingOptions engineOptions)
    {
        // Example
        var history = new HistoryOptions { HorizonsMinutes = [15, 60], Engine = engineOptions };
        DemandRows rows = await DemandHistoryReader.ReadAsync(events, history);

        TrainedModel model = ModelTrainer.Train(rows, new TrainingOptions());
        foreach (HorizonReport horizon in model.Report.Horizons)
        {
            Console.WriteLine($"{horizon.Metrics.HorizonMinutes} min: WAPE {horizon.Metrics.Model.Wape:P1}, {horizon.Coverage:P0} inside the interval");
        }

        model.Write("models/demand/1.0.0", "demand", "1.0.0");
        // End
    }

    /// <summary>The nearest folder above the tests with the solution in it; not where the compiler says, since it may be told another place.</summary>
    private static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "PricingCore.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("PricingCore.sln is in no folder above the tests.");
    }
}
