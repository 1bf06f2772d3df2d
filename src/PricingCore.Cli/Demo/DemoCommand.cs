using System.CommandLine;
using System.Text;
using PricingCore.Cli.Report;
using Spectre.Console;

namespace PricingCore.Cli.Demo;

/// <summary><c>pricing demo</c>: a simulated city priced by the real engine, shown on the terminal and in a report.</summary>
internal static class DemoCommand
{
    private const int MaxRegions = 1_000;
    private const int MaxDays = 28;

    /// <summary>Makes the command.</summary>
    /// <param name="output">Where the result is written.</param>
    /// <param name="clock">Times the run.</param>
    public static Command Create(TextWriter output, TimeProvider clock)
    {
        Option<ulong> seed = new("--seed") { Description = "Picks the city and its day.", DefaultValueFactory = _ => 1 };
        Option<int> regions = new("--regions") { Description = $"Regions of the city, 12 to {MaxRegions}.", DefaultValueFactory = _ => DemoChoices.DefaultRegions };
        Option<int> days = new("--days") { Description = $"Days to simulate, 1 to {MaxDays}.", DefaultValueFactory = _ => 1 };
        Option<FileInfo> report = new("--out") { Description = "Where to write the report.", DefaultValueFactory = _ => new FileInfo("demo-report.html") };
        Option<string?> model = new("--model") { Description = "A model package to price with, or none for the seasonal baseline [default: the model that comes with the tool].", HelpName = "DIR|none" };
        Option<bool> json = new("--json") { Description = "Write the result as JSON instead of tables." };
        Require(regions, 12, MaxRegions);
        Require(days, 1, MaxDays);

        Command command = new(
            "demo",
            """
            Simulates a day of a city, prices every search with the engine, and writes a report to open in a browser.
            Needs no data, no server and no network.

            Example:
              pricing demo --seed 7 --out demo-report.html
            """)
        {
            seed, regions, days, report, model, json,
        };
        command.SetAction((parsed, cancellation) => RunAsync(
            new DemoChoices(parsed.GetValue(seed), parsed.GetValue(regions), parsed.GetValue(days)) { Model = parsed.GetValue(model) },
            parsed.GetValue(report)!,
            parsed.GetValue(json),
            output,
            clock,
            cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        DemoChoices choices, FileInfo report, bool json, TextWriter output, TimeProvider clock, CancellationToken cancellationToken)
    {
        // Opened first: a path that cannot be written should not cost a whole run.
        using FileStream file = Open(report);
        Task<DemoOutcome> Work(Action<DemoProgress> progress) => DemoRun.RunAsync(choices, clock, progress, cancellationToken);
        DemoScreen screen = new(ConsoleOf(output));
        DemoOutcome outcome = json
            ? await Work(_ => { }).ConfigureAwait(false)
            : await screen.WatchAsync(choices, Work).ConfigureAwait(false);

        await file.WriteAsync(Encoding.UTF8.GetBytes(HtmlReport.Build(DemoReport.Of(outcome))), cancellationToken).ConfigureAwait(false);
        file.SetLength(file.Position);
        if (json)
        {
            await output.WriteLineAsync(DemoJson.Of(outcome, report.FullName)).ConfigureAwait(false);
        }
        else
        {
            screen.Show(outcome, report.FullName);
        }

        return ExitCode.Ok;
    }

    private static FileStream Open(FileInfo report)
    {
        try
        {
            return new FileStream(report.FullName, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"Cannot write {report.FullName}: {error.Message} Choose another place with --out.") { ExitCode = ExitCode.WrongUsage };
        }
    }

    private static IAnsiConsole ConsoleOf(TextWriter output) => output == Console.Out && !Console.IsOutputRedirected
        ? AnsiConsole.Console
        : AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Interactive = InteractionSupport.No, Out = new AnsiConsoleOutput(output) });

    private static void Require(Option<int> option, int low, int high) => option.Validators.Add(result =>
    {
        if (result.GetValueOrDefault<int>() is int value && (value < low || value > high))
        {
            result.AddError($"{option.Name} is {value}, but must be from {low} to {high}.");
        }
    });
}
