using System.Text.Json.Serialization;

namespace PricingCore.Load.Measuring;

/// <summary>One number that a suite measured.</summary>
/// <param name="Name">Key of the number; budgets name it.</param>
/// <param name="Value">What was measured.</param>
/// <param name="Unit">Of the value and of the rival's.</param>
internal sealed record Measurement(string Name, double Value, string Unit)
{
    /// <summary>The same by CPU time of the thread, where that was measured.</summary>
    public double? Cpu { get; init; }

    /// <summary>Who was measured beside it, in the same run.</summary>
    public string? Rival { get; init; }

    public double? RivalValue { get; init; }

    /// <summary>The rival's cost over ours (or our rate over its): more than 1 is faster than the rival. Median over pairs of runs.</summary>
    public double? Ratio { get; init; }

    /// <summary>Why the number is not to be judged here.</summary>
    public string? Skipped { get; init; }

    /// <summary>The budget, in words; null where there is none.</summary>
    public string? Budget { get; init; }

    /// <summary>Whether it is within its budget; null where that is not judged.</summary>
    public bool? Pass { get; init; }

    /// <summary>How far the ratios were apart, or what else a reader should know.</summary>
    public string? Note { get; init; }
}

/// <summary>All numbers of a run, and where they were measured.</summary>
internal sealed record LoadReport(Machine Machine, string Command, IReadOnlyList<Measurement> Results);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LoadReport))]
internal sealed partial class LoadReportJson : JsonSerializerContext;
