using System.Text.Json;
using System.Text.Json.Serialization;
using PricingCore.Forecasts.Rollouts;

namespace PricingCore;

/// <summary>A plan of models as journals and snapshots keep it.</summary>
/// <threadsafety>Immutable.</threadsafety>
internal sealed record PlanNote
{
    public required int Stable { get; init; }

    public required int Candidate { get; init; }

    public required int CandidatePercent { get; init; }

    public required bool ComparesPrices { get; init; }

    public required string CandidateVersion { get; init; }

    public required bool IsNewRollout { get; init; }

    /// <summary>The roll-out that the plan is a step of; null when there is none.</summary>
    public RolloutNote? Rollout { get; init; }

    /// <summary>The model before the running one; negative for the baseline.</summary>
    public int Previous { get; init; } = RolloutPlan.Baseline;

    /// <summary>Where the packages of models are, by number.</summary>
    public IReadOnlyDictionary<int, string> Packages { get; init; } = new Dictionary<int, string>();

    /// <summary>The note of a plan.</summary>
    public static PlanNote Of(in DeployedPlan deployed) => new()
    {
        Stable = deployed.Plan.Stable,
        Candidate = deployed.Plan.Candidate,
        CandidatePercent = deployed.Plan.CandidatePercent,
        ComparesPrices = deployed.Plan.ComparesPrices,
        CandidateVersion = deployed.Plan.CandidateVersion,
        IsNewRollout = deployed.IsNewRollout,
        Rollout = deployed.Plan.Origin?.Rollout,
        Previous = deployed.Plan.Origin?.Previous ?? RolloutPlan.Baseline,
        Packages = deployed.Plan.Origin?.Packages ?? new Dictionary<int, string>(),
    };

    /// <summary>The plan, which asks nobody for forecasts.</summary>
    public DeployedPlan ToPlan() => new(
        new RolloutPlan(Stable, Candidate, CandidatePercent, ComparesPrices, CandidateVersion) { Origin = new PlanOrigin(Rollout, Previous, Packages) },
        IsNewRollout);

    /// <summary>The note as UTF-8 JSON.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, PlanNoteJson.Default.PlanNote);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    public static PlanNote Parse(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, PlanNoteJson.Default.PlanNote) ?? throw new JsonException("The plan is null.");
}

/// <summary>Reads and writes <see cref="PlanNote"/> without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(PlanNote))]
internal sealed partial class PlanNoteJson : JsonSerializerContext;
