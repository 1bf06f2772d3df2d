using System.CommandLine;
using PricingCore.Training;

namespace PricingCore.Cli.Training;

/// <summary>The command line of <c>pricing train</c>.</summary>
internal static class TrainCommand
{
    private const string Description = """
        Trains a demand model on a history and writes it as a package, with its errors beside simple forecasts on a part of the time that it
        has not seen. A model that is not better than all of them is written as rejected, and the exit code is 1.

        Example:
          pricing train --events events.jsonl.gz --schema mobility --horizons 15,30,60 --out models/demand/1.0.0 --report training.html

        Counts by hour and region, in a CSV with a mapping:
          pricing train --panel hours.csv.gz --map hours.map.json --schema panel --out models/hours/1.0.0

        Needs XGBoost's library (on Debian: apt-get install libxgboost0). Mappings and results: docs/forecasting.md
        """;

    private static readonly TrainingOptions Standard = new();

    private static readonly HistoryArguments History = new();

    private static readonly Option<string> Schema = new("--schema")
    {
        Description = "The features: mobility, panel, or a schema as JSON",
        HelpName = "mobility|panel|FILE",
        DefaultValueFactory = _ => "mobility",
    };

    private static readonly Option<int[]?> Horizons = HistoryArguments.Horizons();

    private static readonly Option<string> Out = new("--out")
    {
        Description = "The folder of the package; its last two parts are name and version. It must be new: a version never changes",
        HelpName = "models/NAME/VERSION",
        Required = true,
    };

    private static readonly Option<LocalMoment?> HeldOutFrom = HistoryArguments.Moment(
        "--held-out-from", "Where the part begins that is not trained on and that the errors are from [default: the last --held-out]");

    private static readonly Option<double> HeldOut = Number("--held-out", "The share of the time that is not trained on, 0.05 to 0.5", Standard.HeldOutShare);
    private static readonly Option<double> Validation = Number("--validation", "The share of the time before that, by which trees are counted", Standard.ValidationShare);
    private static readonly Option<int> Trees = Number("--trees", "The most trees of a horizon, 1 to 2000; fewer when more do not help", Standard.Trees);
    private static readonly Option<int> Depth = Number("--depth", "Splits from root to leaf, 1 to 10", Standard.Depth);
    private static readonly Option<double> LearningRate = Number("--learning-rate", "How much each tree adds, 0.001 to 1", Standard.LearningRate);
    private static readonly Option<double> Subsample = Number("--subsample", "The share of rows for each tree, 0.1 to 1", Standard.Subsample);
    private static readonly Option<double> ColumnSample = Number("--column-sample", "The share of features for each tree, 0.1 to 1", Standard.ColumnSample);
    private static readonly Option<double> MinChildWeight = Number("--min-child-weight", "The least weight of the rows in a leaf", Standard.MinChildWeight);
    private static readonly Option<double> Lambda = Number("--lambda", "How strongly leaves are pulled towards 0", Standard.Lambda);
    private static readonly Option<int> EarlyStop = Number("--early-stop", "Trees without a gain before stopping, 1 to 1000", Standard.EarlyStopRounds);
    private static readonly Option<int> IntervalTrees = Number("--interval-trees", "Trees for the interval, 1 to 2000", Standard.IntervalTrees);
    private static readonly Option<int> GoldenRows = Number("--golden-rows", "Rows that the package carries to be checked by, 16 to 100000", Standard.GoldenRows);
    private static readonly Option<int> Seed = Number("--seed", "Picks the rows and features of each tree", Standard.Seed);
    private static readonly Option<int> Threads = Number("--threads", "Threads of XGBoost; the model may differ in last bits", Standard.Threads);

    private static readonly Option<string?> Scale = new("--scale")
    {
        Description = "The feature that trees predict shares of [default: the one with the least error]",
        HelpName = "FEATURE",
    };

    private static readonly Option<double> WeightPower = Number("--weight-power", "How much more rows of larger demand weigh, 0 to 2", Standard.WeightPower);

    private static readonly Option<string?> Ignore = new("--ignore")
    {
        Description = "Features that trees do not split by, for example lag_*,demand_lag_*",
        HelpName = "FEATURE,...",
    };

    private static readonly Option<string?> Rows = new("--rows") { Description = "Write the rows of features with the demand as CSV", HelpName = "FILE" };

    private static readonly Option<bool> AllowWorse = new("--allow-worse") { Description = "Accept a model that does not beat every simple forecast" };

    private static readonly Option<string?> Report = new("--report") { Description = "Write an HTML page with charts", HelpName = "FILE" };

    private static readonly Option<bool> Json = new("--json") { Description = "Print the result as JSON" };

    public static Command Create(TextWriter output, TextWriter error)
    {
        var command = new Command("train", Description);
        History.AddTo(command);
        foreach (Option option in new Option[]
        {
            Schema, Horizons, Out, HeldOutFrom, HeldOut, Validation, Trees, Depth, LearningRate, Subsample, ColumnSample, MinChildWeight, Lambda,
            EarlyStop, IntervalTrees, GoldenRows, Seed, Threads, Scale, WeightPower, Ignore, Rows, AllowWorse, Report, Json,
        })
        {
            command.Options.Add(option);
        }

        command.SetAction((parsed, cancellationToken) => new TrainJob(Read(parsed), output, error).RunAsync(cancellationToken));
        return command;
    }

    private static TrainSettings Read(ParseResult parsed) => new()
    {
        History = History.Read(parsed),
        Command = HistoryArguments.CommandOf(parsed),
        Schema = parsed.GetRequiredValue(Schema),
        Horizons = parsed.GetValue(Horizons) is { Length: > 0 } horizons ? horizons : null, // Not given, it is an empty array.
        Out = parsed.GetRequiredValue(Out),
        HeldOutFrom = parsed.GetValue(HeldOutFrom),
        Training = new TrainingOptions
        {
            HeldOutShare = parsed.GetValue(HeldOut),
            ValidationShare = parsed.GetValue(Validation),
            Trees = parsed.GetValue(Trees),
            Depth = parsed.GetValue(Depth),
            LearningRate = parsed.GetValue(LearningRate),
            Subsample = parsed.GetValue(Subsample),
            ColumnSample = parsed.GetValue(ColumnSample),
            MinChildWeight = parsed.GetValue(MinChildWeight),
            Lambda = parsed.GetValue(Lambda),
            EarlyStopRounds = parsed.GetValue(EarlyStop),
            IntervalTrees = parsed.GetValue(IntervalTrees),
            GoldenRows = parsed.GetValue(GoldenRows),
            Seed = parsed.GetValue(Seed),
            Threads = parsed.GetValue(Threads),
            ScaleFeature = parsed.GetValue(Scale),
            WeightPower = parsed.GetValue(WeightPower),
            IgnoredFeatures = parsed.GetValue(Ignore)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [],
        },
        Rows = parsed.GetValue(Rows),
        AllowWorse = parsed.GetValue(AllowWorse),
        Report = parsed.GetValue(Report),
        Json = parsed.GetValue(Json),
    };

    private static Option<T> Number<T>(string name, string description, T standard) => new(name) { Description = description, DefaultValueFactory = _ => standard };
}
