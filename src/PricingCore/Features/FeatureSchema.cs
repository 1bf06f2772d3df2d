namespace PricingCore.Features;

/// <summary>CONTRACT STUB.</summary>
public sealed class FeatureSchema
{
    /// <summary>The built-in schema.</summary>
    public static FeatureSchema Mobility { get; } = new();

    /// <summary>Names in order.</summary>
    public IReadOnlyList<string> Names => throw new NotImplementedException();

    /// <summary>Parses a JSON schema declaration.</summary>
    public static FeatureSchema Parse(string json) => throw new NotImplementedException();
}
