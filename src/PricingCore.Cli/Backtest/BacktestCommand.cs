using System.CommandLine;
using System.CommandLine.Parsing;
using PricingCore.Cli.Training;
using PricingCore.Rules;

namespace PricingCore.Cli.Backtest;

/// <summary>The command line of <c>pricing backtest</c>.</summary>
internal static class BacktestCommand
{
    private const double LeastElasticity = -10;

    private const string Description = """
        Asks what another policy would have charged on the journal of an engine. Policy A is what the journal says; policy B has other rules,
        another formula or another model. Both are replayed over the same events, and every booking is priced by both.

        Examples:
          pricing backtest --journal data/journal --rules candidate.json --report backtest.html
          pricing backtest --journal data/journal --formula centred --elasticity -0.8 --json
          pricing backtest --journal data/journal --model models/demand/1.1.0

        What the numbers mean, and what they cannot say: docs/backtest.md
        """;

    private static readonly Option<string> Journal = new("--journal") { Description = "The journal of an engine", HelpName = "DIR", Required = true };

    private static readonly Option<string?> Rules = new("--rules") { Description = "The rules of policy B; those in force at the end of the journal unless given", HelpName = "FILE" };

    private static readonly Option<SurgeFormulaKind?> Formula = new("--formula")
    {
        Description = "The formula of every rule of policy B",
        HelpName = "reference|centred",
        CustomParser = ParseFormula,
    };

    private static readonly Option<string?> Model = new("--model") { Description = "The package of the model that policy B forecasts with; the journal's forecasts unless given", HelpName = "DIR|ZIP" };

    private static readonly Option<double> Elasticity = new("--elasticity")
    {
        Description = "How demand answers a price: bookings scale by (price B / price A) to this power; from -10 to 0",
        HelpName = "NUMBER",
        DefaultValueFactory = _ => -0.5,
    };

    private static readonly Option<string?> Report = new("--report") { Description = "Write an HTML page with charts", HelpName = "FILE" };

    private static readonly Option<string?> Schema = new("--schema")
    {
        Description = "The feature schema that the journal was written with: mobility, panel or a JSON file; mobility unless given",
        HelpName = "NAME|FILE",
    };

    private static readonly Option<bool> Json = new("--json") { Description = "Print JSON" };

    public static Command Create(TextWriter output)
    {
        var command = new Command("backtest", Description) { Journal, Rules, Formula, Model, Elasticity, Report, Schema, Json };
        command.Validators.Add(Check);
        command.SetAction((parsed, cancellationToken) => new BacktestJob(
            new BacktestSettings
            {
                Journal = parsed.GetRequiredValue(Journal),
                Rules = parsed.GetValue(Rules),
                Formula = parsed.GetValue(Formula),
                Model = parsed.GetValue(Model),
                Elasticity = parsed.GetValue(Elasticity),
                Report = parsed.GetValue(Report),
                Schema = parsed.GetValue(Schema),
                Json = parsed.GetValue(Json),
                Command = HistoryArguments.CommandOf(parsed),
            },
            output).RunAsync(cancellationToken));
        return command;
    }

    private static SurgeFormulaKind? ParseFormula(ArgumentResult argument)
    {
        string word = argument.Tokens[0].Value;
        switch (word)
        {
            case "reference":
                return SurgeFormulaKind.Reference;
            case "centred":
                return SurgeFormulaKind.Centred;
            default:
                argument.AddError($"--formula: '{word}' is neither reference nor centred");
                return null;
        }
    }

    private static void Check(CommandResult command)
    {
        if (command.GetResult(Rules) is null && command.GetResult(Formula) is null && command.GetResult(Model) is null)
        {
            command.AddError("say what policy B is: give --rules, --formula or --model");
        }

        if (command.GetResult(Elasticity) is { Implicit: false, Errors: var errors } && !errors.Any() && command.GetValue(Elasticity) is not (>= LeastElasticity and <= 0))
        {
            command.AddError("--elasticity: must be from -10 to 0, for example -0.5");
        }
    }
}
