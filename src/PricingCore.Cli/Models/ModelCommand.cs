using System.CommandLine;

namespace PricingCore.Cli.Models;

/// <summary>The command line of <c>pricing model</c>.</summary>
internal static class ModelCommand
{
    private const string Description = """
        Looks at a model package, and checks it as the engine does before it deploys one.

        Examples:
          pricing model inspect models/demand/1.0.0
          pricing model verify demand-1.0.0.zip --schema schema.json

        The layout of a package and every reason for a refusal: docs/models.md
        """;

    private static readonly Argument<string> Package = new("package") { Description = "The package: a folder or a zip", HelpName = "DIR|ZIP" };

    private static readonly Option<string?> Schema = new("--schema")
    {
        Description = "The feature schema of the engine as JSON, instead of the built-in one",
        HelpName = "FILE",
    };

    private static readonly Option<bool> Json = new("--json") { Description = "Print JSON" };

    public static Command Create(TextWriter output)
    {
        var inspect = new Command("inspect", "Shows what a package says of its model: its errors beside the baselines, its training, its features.") { Package, Json };
        inspect.SetAction(parsed => new ModelJob(parsed.GetRequiredValue(Package), parsed.GetValue(Json), output).Inspect());

        var verify = new Command("verify", "Loads a model as the engine does, and runs its golden rows. Exit code 1 when it would be refused.") { Package, Schema, Json };
        verify.SetAction(parsed => new ModelJob(parsed.GetRequiredValue(Package), parsed.GetValue(Json), output).Verify(parsed.GetValue(Schema)));

        return new Command("model", Description) { inspect, verify };
    }
}
