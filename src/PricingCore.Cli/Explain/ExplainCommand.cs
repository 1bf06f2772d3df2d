using System.CommandLine;

namespace PricingCore.Cli.Explain;

/// <summary>The command line of <c>pricing explain</c>.</summary>
internal static class ExplainCommand
{
    private const string Description = """
        Explains a price out of the audit log: a sentence, the price line by line, limits, features and forecast, decided once more and compared.

        Examples:
          pricing explain r-4711 --audit data/audit
          pricing explain 8c1f2b0e6d3a45971a2b3c4d5e6f7081 --audit data/audit --model models/demand/1.0.0 --json

        Exit code 1 when the recomputation differs from the record, or there is no such id. docs/explain.md says how to read the answer.
        """;

    private static readonly Argument<string> Id = new("id") { Description = "A request id, or a decision id of 32 hexadecimal digits", HelpName = "ID" };

    private static readonly Option<string> Audit = new("--audit") { Description = "The folder of the audit log", HelpName = "DIR", Required = true };

    private static readonly Option<string?> Model = new("--model")
    {
        Description = "The package of the model that made the forecast, to see what each feature contributed",
        HelpName = "DIR|ZIP",
    };

    private static readonly Option<string?> Schema = new("--schema")
    {
        Description = "The feature schema: mobility, panel or a JSON file; that of the model, or mobility, unless given",
        HelpName = "NAME|FILE",
    };

    private static readonly Option<bool> Json = new("--json") { Description = "Print JSON" };

    public static Command Create(TextWriter output)
    {
        var command = new Command("explain", Description) { Id, Audit, Model, Schema, Json };
        command.SetAction(parsed => new ExplainJob(
            parsed.GetRequiredValue(Audit), parsed.GetValue(Model), parsed.GetValue(Schema), parsed.GetValue(Json), output).Run(parsed.GetRequiredValue(Id)));
        return command;
    }
}
