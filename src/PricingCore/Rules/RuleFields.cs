namespace PricingCore.Rules;

/// <summary>The names of the fields of a rules file. The shipped JSON schema has the same; a test holds them together.</summary>
internal static class RuleFields
{
    public const string Rules = "rules";
    public const string Schema = "$schema";

    public const string RegionId = "region_id";
    public const string ProductType = "product_type";
    public const string BasePrice = "base_price";
    public const string Currency = "currency";
    public const string MinMultiplier = "min_multiplier";
    public const string MaxMultiplier = "max_multiplier";
    public const string Increment = "increment";
    public const string EffectiveDate = "effective_date";
    public const string Formula = "formula";
    public const string Mode = "mode";
    public const string Threshold = "threshold";
    public const string Slope = "slope";
    public const string Weights = "weights";
    public const string TimeMultipliers = "time_multipliers";
    public const string MaxStepPerMinute = "max_step_per_minute";
    public const string Hysteresis = "hysteresis";
    public const string Smoothing = "smoothing";
    public const string EmergencyCap = "emergency_cap";
    public const string Experiment = "experiment";

    public const string ExperimentName = "name";
    public const string ExperimentShare = "share";
    public const string ExperimentChange = "change";

    public static IReadOnlyList<string> OfFile { get; } = [Schema, Rules];

    public static IReadOnlyList<string> OfRule { get; } =
    [
        RegionId, ProductType, BasePrice, Currency, MinMultiplier, MaxMultiplier, Increment, EffectiveDate, Formula, Mode, Threshold,
        Slope, Weights, TimeMultipliers, MaxStepPerMinute, Hysteresis, Smoothing, EmergencyCap, Experiment,
    ];

    public static IReadOnlyList<string> OfWeights { get; } = ["demand", "supply", "time", "event", "weather"];

    public static IReadOnlyList<string> OfExperiment { get; } = [ExperimentName, ExperimentShare, ExperimentChange];
}
