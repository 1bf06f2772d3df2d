using System.Globalization;

namespace PricingCore.Load.Measuring;

/// <summary>The options of a load command, as given on the command line.</summary>
internal sealed class LoadOptions(string[] args)
{
    /// <summary>Whether to measure only as long as budgets need.</summary>
    public bool IsShort { get; init; } = args.Contains("--short");

    public string? JsonFile => Text("--json");

    public string? MarkdownFile => Text("--markdown");

    public string? BudgetsFile => Text("--budgets");

    public string? Text(string name)
    {
        int at = Array.IndexOf(args, name);
        return at >= 0 && at + 1 < args.Length ? args[at + 1] : null;
    }

    /// <summary>A whole number; the default depends on whether the run is a short one.</summary>
    public int Number(string name, int full, int brief)
    {
        string? text = Text(name);
        return text is null ? IsShort ? brief : full
            : int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out int number) && number > 0 ? number
            : throw new ArgumentException($"{name} must be a whole number above 0, but was '{text}'.");
    }
}
