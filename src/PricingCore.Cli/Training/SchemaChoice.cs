using System.Text;
using PricingCore.Cli.Replay.Input;
using PricingCore.Features;

namespace PricingCore.Cli.Training;

/// <summary>The feature schema of a model: one that comes with the tool, or one in a file.</summary>
/// <param name="Schema">The schema.</param>
/// <param name="Json">Its text, to be kept with the model; null for the built-in schema mobility.</param>
internal sealed record SchemaChoice(FeatureSchema Schema, string? Json)
{
    /// <summary>The file in a model package that holds the schema of the model, where it is not a built-in one.</summary>
    public const string FileInPackage = "schema.json";

    private const string MobilityName = "mobility";
    private const string PanelName = "panel";
    private const string PanelResource = "PricingCore.Cli.schemas.panel.json";

    /// <summary>Finds a schema by the word of the command line.</summary>
    /// <param name="choice"><c>mobility</c>, <c>panel</c> or a file.</param>
    /// <exception cref="CommandFailedException">The file cannot be read or is no schema.</exception>
    public static SchemaChoice Load(string choice) => choice switch
    {
        MobilityName => new SchemaChoice(FeatureSchema.Mobility, null),
        PanelName => Parse(PanelJson(), PanelName),
        _ => Parse(Encoding.UTF8.GetString(InputFile.ReadAll(choice)), choice),
    };

    /// <summary>Finds the schema that a model was trained with.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="name">The name of its schema.</param>
    /// <param name="hash">The hash of its schema.</param>
    /// <param name="choice">What the command line says; null to look in the package and among the built-in ones.</param>
    /// <exception cref="CommandFailedException">No schema with that hash is found.</exception>
    public static SchemaChoice OfModel(string folder, string name, string hash, string? choice)
    {
        string file = Path.Combine(folder, FileInPackage);
        SchemaChoice? found = choice is not null ? Load(choice)
            : File.Exists(file) ? Load(file)
            : name is MobilityName or PanelName ? Load(name)
            : null;
        if (found?.Schema.Hash == hash)
        {
            return found;
        }

        throw new CommandFailedException(found is null
            ? $"{folder} was trained with schema '{name}' and has no {FileInPackage}: give the schema with --schema FILE"
            : $"{folder} was trained with schema '{name}' of hash {hash[..12]}, but {choice ?? found.Schema.Name} has {found.Schema.Hash[..12]}: give the right one with --schema FILE")
        {
            ExitCode = ExitCode.WrongUsage,
        };
    }

    private static SchemaChoice Parse(string json, string name)
    {
        try
        {
            return new SchemaChoice(FeatureSchema.Parse(json), json);
        }
        catch (FormatException exception)
        {
            throw new CommandFailedException($"{name}: {exception.Message}") { ExitCode = ExitCode.WrongUsage };
        }
    }

    private static string PanelJson()
    {
        using Stream stream = typeof(SchemaChoice).Assembly.GetManifestResourceStream(PanelResource)
            ?? throw new InvalidOperationException($"The resource {PanelResource} is missing from the tool.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
