namespace PricingCore.Features;

/// <summary>One feature of a schema: a built-in one, or one that the host declares.</summary>
/// <threadsafety>Immutable.</threadsafety>
public sealed record FeatureDefinition
{
    /// <summary>Letters, digits and underscores; 1 to 64 characters; unique in the schema.</summary>
    public required string Name { get; init; }

    /// <summary>The unit, for example <c>events</c> or <c>deg C</c>.</summary>
    public required string Unit { get; init; }

    /// <summary>What it is, in a sentence, with its formula and what it is when data are missing.</summary>
    public required string Description { get; init; }

    /// <summary>The windowed declaration; null for other features.</summary>
    public WindowedFeature? Windowed { get; init; }

    /// <summary>The ratio it is of two others; null for other features.</summary>
    public FeatureRatio? Ratio { get; init; }

    /// <summary>Which built-in feature it is; meaningless for others.</summary>
    internal BuiltInFeature BuiltIn { get; init; }
}
