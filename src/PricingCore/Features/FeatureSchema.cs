using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace PricingCore.Features;

/// <summary>The features of a region and their order in the row that a model reads.</summary>
/// <threadsafety>Immutable.</threadsafety>
public sealed class FeatureSchema
{
    /// <summary>The most features a schema may have: 256.</summary>
    public const int MaxFeatures = 256;

    private const int MaxNameLength = 64;

    private readonly Dictionary<string, int> _indexes = new(StringComparer.Ordinal);

    /// <summary>Makes a schema.</summary>
    /// <param name="name">Names it; 1 to 64 characters.</param>
    /// <param name="features">From 1 to 256, in row order; see <see cref="BuiltIn"/>, <see cref="Windowed"/> and <see cref="RatioOf"/>.</param>
    /// <exception cref="ArgumentException">A name is taken twice or not allowed, a window is not possible, or there are too many features.</exception>
    public FeatureSchema(string name, IReadOnlyList<FeatureDefinition> features)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(features);
        if (name.Length > MaxNameLength)
        {
            throw new ArgumentException($"A schema's name has 1 to {MaxNameLength} characters, but '{name}' has {name.Length}.", nameof(name));
        }

        if (features.Count is 0 or > MaxFeatures)
        {
            throw new ArgumentException($"A schema has from 1 to {MaxFeatures} features, but {features.Count} were given.", nameof(features));
        }

        foreach (FeatureDefinition feature in features)
        {
            string? error = FindError(feature);
            if (error is not null)
            {
                throw new ArgumentException($"Feature '{feature.Name}': {error}", nameof(features));
            }

            _indexes.Add(feature.Name, _indexes.Count);
        }

        Name = name;
        Features = [.. features];
        Hash = HashOf(name, features);
    }

    /// <summary>The built-in schema of 64 features; see docs/features.md.</summary>
    public static FeatureSchema Mobility { get; } = new("mobility", FeatureCatalogue.Mobility);

    /// <summary>Names the schema.</summary>
    public string Name { get; }

    /// <summary>The features in row order.</summary>
    public IReadOnlyList<FeatureDefinition> Features { get; }

    /// <summary>Features in a row.</summary>
    public int Count => Features.Count;

    /// <summary>SHA-256 of names, units and definitions in order: 64 hexadecimal digits. Model packages carry it.</summary>
    public string Hash { get; }

    /// <summary>A built-in feature by its name.</summary>
    /// <exception cref="ArgumentException">There is no such built-in feature.</exception>
    public static FeatureDefinition BuiltIn(string name) =>
        FeatureCatalogue.ByName.TryGetValue(name, out FeatureDefinition? feature)
            ? feature
            : throw new ArgumentException($"'{name}' is not a built-in feature; docs/features.md lists them.", nameof(name));

    /// <summary>A feature that the host declares.</summary>
    public static FeatureDefinition Windowed(string name, WindowedFeature window, string unit = "", string description = "") =>
        new() { Name = name, Unit = unit, Description = description, Windowed = window };

    /// <summary>A feature that relates two others of the same schema, which must stand before it.</summary>
    public static FeatureDefinition RatioOf(string name, FeatureRatio ratio, string unit = "1", string description = "") =>
        new() { Name = name, Unit = unit, Description = description, Ratio = ratio };

    /// <summary>Reads a schema declared in JSON; see docs/features.md.</summary>
    /// <exception cref="FormatException">The text is not a schema; the message lists every error.</exception>
    public static FeatureSchema Parse(string json) => FeatureSchemaFile.Parse(json);

    /// <summary>Where a feature stands in the row; -1 when it is not in the schema.</summary>
    public int IndexOf(string name) => _indexes.TryGetValue(name, out int index) ? index : -1;

    private string? FindError(FeatureDefinition feature) =>
        feature.Name.Length is 0 or > MaxNameLength || !feature.Name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')
            ? "a name has 1 to 64 letters, digits or underscores."
            : _indexes.ContainsKey(feature.Name) ? "the name is taken twice."
            : feature.Windowed is not null ? feature.Windowed.FindError()
            : feature.Ratio is not null ? feature.Ratio.FindError(_indexes)
            : FeatureCatalogue.ByName.TryGetValue(feature.Name, out FeatureDefinition? builtIn) && builtIn.BuiltIn == feature.BuiltIn ? null
            : "it is neither a built-in feature, nor a windowed one, nor a ratio.";

    private static string HashOf(string name, IReadOnlyList<FeatureDefinition> features)
    {
        var text = new StringBuilder(name).Append('\n');
        foreach (FeatureDefinition feature in features)
        {
            text.Append(feature.Name).Append('\t').Append(feature.Unit).Append('\t').Append(feature.Description);
            if (feature.Windowed is { } w)
            {
                text.Append('\t').Append(w.Event).Append(' ').Append(w.Aggregate).Append(' ').Append(w.Window)
                    .Append(' ').Append(w.WindowMinutes).Append(' ').Append(w.LagHours);
            }

            if (feature.Ratio is { } ratio)
            {
                text.Append('\t').Append(ratio.Above).Append('/').Append(ratio.Below).Append(' ').Append(ratio.Prior.ToString("R", CultureInfo.InvariantCulture));
            }

            text.Append('\n');
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
