using System.Runtime.CompilerServices;
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
        string source = File.ReadAllText(ThisFile()).ReplaceLineEndings("\n");
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

    private static string ThisFile([CallerFilePath] string path = "") => path;

    private static string Root() => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", ".."));
}
