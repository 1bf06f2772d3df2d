using System.CommandLine;

namespace PricingCore.Cli.Training;

/// <summary>The command line of <c>pricing evaluate</c>.</summary>
internal static class EvaluateCommand
{
    private const string Description = """
        Scores a model on a history beside simple forecasts. Nothing is known before its time: each forecast sees what was received before it.
        What lies before --score-from only fills the features, so give some weeks of it.

        Example:
          pricing evaluate --model models/demand/1.0.0 --events april.jsonl.gz may.jsonl.gz --score-from 2026-05-01

        Counts by hour and region, in CSV files with a mapping:
          pricing evaluate --model models/hours/1.0.0 --panel hours.csv.gz later.csv.gz --map hours.map.json --score-from 2015-05-01 --json
        """;

    private static readonly HistoryArguments History = new();

    private static readonly Option<string> Model = new("--model") { Description = "The folder or zip of a model package", HelpName = "DIR", Required = true };

    private static readonly Option<LocalMoment?> ScoreFrom = HistoryArguments.Moment(
        "--score-from", "No forecast before this date or time is scored [default: the end of the warm-up]");

    private static readonly Option<LocalMoment?> ScoreTo = HistoryArguments.Moment("--score-to", "Nothing from this date or time on counts [default: the end]");

    private static readonly Option<string?> Schema = new("--schema")
    {
        Description = "The schema of the model [default: the one in the package, or a built-in one]",
        HelpName = "FILE",
    };

    private static readonly Option<string?> Report = new("--report") { Description = "Write an HTML page with charts", HelpName = "FILE" };

    private static readonly Option<bool> Json = new("--json") { Description = "Print the result as JSON" };

    public static Command Create(TextWriter output, TextWriter error)
    {
        var command = new Command("evaluate", Description) { Model };
        History.AddTo(command);
        command.Options.Add(ScoreFrom);
        command.Options.Add(ScoreTo);
        command.Options.Add(Schema);
        command.Options.Add(Report);
        command.Options.Add(Json);
        command.SetAction((parsed, cancellationToken) => new EvaluateJob(
            new EvaluateSettings
            {
                History = History.Read(parsed),
                Command = HistoryArguments.CommandOf(parsed),
                Model = parsed.GetRequiredValue(Model),
                ScoreFrom = parsed.GetValue(ScoreFrom),
                ScoreTo = parsed.GetValue(ScoreTo),
                Schema = parsed.GetValue(Schema),
                Report = parsed.GetValue(Report),
                Json = parsed.GetValue(Json),
            },
            output,
            error).RunAsync(cancellationToken));
        return command;
    }
}

/// <summary>The command line of an evaluation, parsed.</summary>
internal sealed record EvaluateSettings
{
    public required HistorySettings History { get; init; }

    /// <summary>The whole command line, for the report.</summary>
    public required string Command { get; init; }

    public required string Model { get; init; }

    public LocalMoment? ScoreFrom { get; init; }

    public LocalMoment? ScoreTo { get; init; }

    public string? Schema { get; init; }

    public string? Report { get; init; }

    public bool Json { get; init; }
}
