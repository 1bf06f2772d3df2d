using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using PricingCore.Load.Measuring;

namespace PricingCore.Load.Budgets;

/// <summary>How a budget is judged.</summary>
internal enum BudgetKind
{
    /// <summary>The measured value must be exactly the limit: bytes per operation.</summary>
    Exactly,

    /// <summary>The measured value must not be above the limit; exact too, since memory does not depend on what else runs.</summary>
    AtMost,

    /// <summary>The ratio must reach the limit, less the slack.</summary>
    RatioAtLeast,

    /// <summary>The ratio must not be above the limit, plus the slack.</summary>
    RatioAtMost,

    /// <summary>The value (CPU time where there is one) should not be above the limit; only reported.</summary>
    ReportAtMost,

    /// <summary>The value should reach the limit; only reported.</summary>
    ReportAtLeast,
}

/// <summary>One line of budgets.json.</summary>
/// <param name="Name">The measurement it is about.</param>
/// <param name="Kind">How it is judged.</param>
/// <param name="Limit">The budget itself.</param>
/// <param name="Slack">The share of the limit that a ratio may miss it by before it fails.</param>
/// <param name="Why">Where the budget comes from.</param>
internal sealed record Budget(string Name, BudgetKind Kind, double Limit, double Slack, string Why)
{
    private const double AlmostZero = 0.01; // A stray allocation of the runtime, spread over hundreds of thousands of operations.

    /// <summary>Whether other runs may judge otherwise, so that a miss is worth a second look.</summary>
    public bool IsRatio => Kind is BudgetKind.RatioAtLeast or BudgetKind.RatioAtMost;

    /// <summary>Whether it is judged at all, and so must be measured.</summary>
    public bool CanFail => Kind is not (BudgetKind.ReportAtMost or BudgetKind.ReportAtLeast);

    public Measurement Judge(Measurement m) => m with
    {
        Budget = Words(m.Unit),
        Pass = m.Skipped is not null ? null : Kind switch
        {
            BudgetKind.Exactly => Math.Abs(m.Value - Limit) < AlmostZero,
            BudgetKind.AtMost => m.Value <= Limit,
            BudgetKind.RatioAtLeast => m.Ratio >= Limit * (1 - Slack),
            BudgetKind.RatioAtMost => m.Ratio <= Limit * (1 + Slack),
            _ => null,
        },
        Note = IsMissedWithoutFailing(m) ? "beyond its budget; " + m.Note : m.Note,
    };

    /// <summary>Whether one measurement of this budget is better than another.</summary>
    public bool IsBetter(Measurement one, Measurement other) =>
        other.Skipped is not null || (one.Skipped is null && (Kind == BudgetKind.RatioAtMost ? one.Ratio < other.Ratio : one.Ratio > other.Ratio));

    private bool IsMissedWithoutFailing(Measurement m) => m.Skipped is null && Kind switch
    {
        BudgetKind.RatioAtLeast => m.Ratio < Limit && m.Ratio >= Limit * (1 - Slack),
        BudgetKind.RatioAtMost => m.Ratio > Limit && m.Ratio <= Limit * (1 + Slack),
        BudgetKind.ReportAtMost => (m.Cpu ?? m.Value) > Limit,
        BudgetKind.ReportAtLeast => m.Value < Limit,
        _ => false,
    };

    private string Words(string unit)
    {
        string limit = Limit.ToString("#,0.##", CultureInfo.InvariantCulture);
        string slack = FormattableString.Invariant($" (fails beyond {Slack:P0})");
        return Kind switch
        {
            BudgetKind.Exactly => $"{limit} {unit}",
            BudgetKind.AtMost => $"<= {limit} {unit}",
            BudgetKind.RatioAtLeast => $">= {limit}x" + slack,
            BudgetKind.RatioAtMost => $"<= {limit}x" + slack,
            BudgetKind.ReportAtMost => $"<= {limit} {unit}, reported only",
            _ => $">= {limit} {unit}, reported only",
        };
    }
}

/// <summary>All budgets, from bench/budgets.json.</summary>
internal sealed record BudgetList(IReadOnlyList<Budget> Budgets)
{
    public static BudgetList Load(string path) =>
        JsonSerializer.Deserialize(File.ReadAllText(path), BudgetJson.Default.BudgetList)
        ?? throw new InvalidDataException($"{path} holds no budgets.");

    public Budget? Find(string name) => Budgets.FirstOrDefault(budget => budget.Name == name);

    public IEnumerable<Measurement> Judge(IEnumerable<Measurement> results) =>
        results.Select(result => Find(result.Name) is { } budget ? budget.Judge(result) : result);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true, RespectRequiredConstructorParameters = false)]
[JsonSerializable(typeof(BudgetList))]
internal sealed partial class BudgetJson : JsonSerializerContext;
