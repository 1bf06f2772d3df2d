using System.Buffers.Binary;
using PricingCore.Forecasts.Inference;
using PricingCore.Numerics;

namespace PricingCore.Forecasts.Rollouts;

/// <summary>Which model prices which region: what a loop follows until the next plan comes through its ring.</summary>
/// <threadsafety>Immutable.</threadsafety>
internal sealed class RolloutPlan
{
    /// <summary>The number of no model: the baseline in the loop prices.</summary>
    public const int Baseline = -1;

    private const int Parts = 10_000;

    private readonly ulong _versionHash;

    public RolloutPlan(int stable, int candidate, int candidatePercent, bool comparesPrices, string candidateVersion)
    {
        Stable = stable;
        Candidate = candidate;
        CandidatePercent = candidatePercent;
        CandidateParts = candidatePercent * (Parts / 100);
        ComparesPrices = comparesPrices;
        CandidateVersion = candidateVersion;
        _versionHash = SipHash.Public.Hash64(candidateVersion);
    }

    /// <summary>No model: the baseline prices everywhere.</summary>
    public static RolloutPlan None { get; } = new(Baseline, Baseline, 0, comparesPrices: false, "");

    /// <summary>The number of the running model.</summary>
    public int Stable { get; }

    /// <summary>The number of the model that is being rolled out; <see cref="Baseline"/> for none.</summary>
    public int Candidate { get; }

    /// <summary>The version of that model; empty for none.</summary>
    public string CandidateVersion { get; }

    /// <summary>The candidate's share of the regions, in percent.</summary>
    public int CandidatePercent { get; }

    /// <summary>The candidate's share of the regions, in parts of 10,000.</summary>
    public int CandidateParts { get; }

    /// <summary>Whether the other model predicts too, so that prices can be compared.</summary>
    public bool ComparesPrices { get; }

    /// <summary>Where to ask for forecasts; null when no inference thread runs.</summary>
    public ForecastQueues? Queues { get; init; }

    /// <summary>What it comes from, for a restart; null when nobody will ask.</summary>
    public PlanOrigin? Origin { get; init; }

    /// <summary>Whether any model has a part in it.</summary>
    public bool HasModel => Stable >= 0 || Candidate >= 0;

    /// <summary>The same plan, asking elsewhere.</summary>
    public RolloutPlan AskingAt(ForecastQueues? queues) =>
        new(Stable, Candidate, CandidatePercent, ComparesPrices, CandidateVersion) { Queues = queues, Origin = Origin };

    /// <summary>The same plan, saying what it comes from.</summary>
    public RolloutPlan From(PlanOrigin origin) =>
        new(Stable, Candidate, CandidatePercent, ComparesPrices, CandidateVersion) { Queues = Queues, Origin = origin };

    /// <summary>Where a region stands, 0 to 9,999: the candidate prices those below its share.</summary>
    public int DrawOf(ulong regionHash)
    {
        // With the version, so that it is not always the same regions that try what is new.
        Span<byte> both = stackalloc byte[2 * sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(both, regionHash);
        BinaryPrimitives.WriteUInt64LittleEndian(both[sizeof(ulong)..], _versionHash);
        return (int)(SipHash.Public.Hash64(both) % Parts);
    }

    /// <summary>Which side prices a region. Sticky: the same hash and version, the same draw.</summary>
    public ModelArm ArmOf(ulong regionHash) =>
        CandidateParts > 0 && DrawOf(regionHash) < CandidateParts ? ModelArm.Candidate : ModelArm.Stable;

    /// <summary>The model of an arm.</summary>
    public int ModelOf(ModelArm arm) => arm == ModelArm.Candidate ? Candidate : Stable;

    /// <summary>Whether prices of an arm are compared with those that the other would give: a canary where it prices, a shadow everywhere.</summary>
    public bool ComparesAt(ModelArm arm) => ComparesPrices && (arm == ModelArm.Candidate || CandidateParts == 0);
}
