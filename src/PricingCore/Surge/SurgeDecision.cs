using PricingCore.Forecasts;
using PricingCore.Forecasts.Rollouts;
using PricingCore.Rules;

namespace PricingCore.Surge;

/// <summary>The surge of one region and product, with everything that led to it; holds until <see cref="HoldsUntil"/>.</summary>
/// <threadsafety>Immutable: readers on any thread share it, so that reading a quote copies nothing and cannot tear.</threadsafety>
public sealed class SurgeDecision
{
    private int _renewalAsked;

    /// <summary>The region it holds for.</summary>
    public required string RegionId { get; init; }

    /// <summary>The product it holds for.</summary>
    public required string ProductType { get; init; }

    /// <summary>Names the decision; the same input gives the same id.</summary>
    public required DecisionId Id { get; init; }

    /// <summary>When it was made: the receive time of the request that asked for it.</summary>
    public required DateTimeOffset DecidedAt { get; init; }

    /// <summary>Until when quotes may be read from it, unless it is invalidated earlier.</summary>
    public required DateTimeOffset HoldsUntil { get; init; }

    /// <summary>The multiplier, its factors and its limits.</summary>
    public required SurgeOutcome Outcome { get; init; }

    /// <summary>What the decision saw.</summary>
    public required SurgeInputs Inputs { get; init; }

    /// <summary>The forecast it used.</summary>
    public required Forecast Forecast { get; init; }

    /// <summary>Where the forecast came from.</summary>
    public required ForecastSource ForecastSource { get; init; }

    /// <summary>The version of the model that made the forecast, for example <c>seasonal-naive-1</c>.</summary>
    public required string ModelVersion { get; init; }

    /// <summary>Which side of a roll-out priced it; <see cref="ModelArm.Stable"/> when none is under way.</summary>
    public ModelArm Arm { get; init; }

    /// <summary>What the other model of a roll-out would have decided; null when prices are not compared.</summary>
    public ModelComparison? Comparison { get; init; }

    /// <summary>The rule it followed.</summary>
    public required PricingRule Rule { get; init; }

    /// <summary>The version of the rule set that the rule is from.</summary>
    public required string RulesVersion { get; init; }

    /// <summary><see cref="HoldsUntil"/> in microseconds since 1970.</summary>
    internal long HoldsUntilMicros { get; init; }

    /// <summary>From when a reader asks for the next decision, so that the book has it when this one ends.</summary>
    internal long RenewAtMicros { get; init; }

    /// <summary>The price of a request that brings no base price of its own.</summary>
    internal long RulePriceMinorUnits { get; init; }

    /// <summary>The place of <see cref="Rule"/> in its set; see <see cref="RuleSet.ByNumber"/>.</summary>
    internal int RuleNumber { get; init; }

    /// <summary>When a decision that holds from one time to another is to be renewed: after three quarters.</summary>
    internal static long RenewalOf(long decidedAt, long holdsUntil) => decidedAt + ((holdsUntil - decidedAt) / 4 * 3);

    /// <summary>Whether this call is the first to ask for the next decision. The one thing here that changes; any thread.</summary>
    internal bool IsFirstToRenew() => Interlocked.Exchange(ref _renewalAsked, 1) == 0;
}
