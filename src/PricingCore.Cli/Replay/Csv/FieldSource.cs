namespace PricingCore.Cli.Replay.Csv;

/// <summary>Where a field of an event comes from: a column, or a constant.</summary>
/// <param name="Column">The name of the column; null for a constant.</param>
/// <param name="Constant">The constant; null for a column.</param>
/// <param name="Scale">Numbers are multiplied by this, then <paramref name="Offset"/> is added.</param>
/// <param name="Offset">Added after scaling.</param>
internal sealed record FieldSource(string? Column, string? Constant, double Scale = 1, double Offset = 0);

/// <summary>Leaves out what has one of some values in a column.</summary>
internal sealed record SkipCondition(string Column, IReadOnlyList<string> Values)
{
    /// <summary>How the summary names it.</summary>
    public string Text { get; } = $"{Column} in [{string.Join(", ", Values)}]";
}
