using PricingCore.Training.Trees;

namespace PricingCore.Training.Fitting;

/// <summary>What was fitted for one horizon.</summary>
/// <param name="Usual">What is usual.</param>
/// <param name="Level">Trees for the demand, as a share of what is usual.</param>
/// <param name="Interval">Trees for half the interval, likewise.</param>
/// <param name="IntervalFactor">What the expected error was multiplied by, so that the interval holds as often as promised.</param>
/// <param name="GoldenRaw">What XGBoost itself says of the golden rows: level and half interval of each.</param>
/// <param name="Gains">How much each feature's splits lowered the loss of the level.</param>
internal sealed record HorizonFit(
    UsualDemand Usual,
    IReadOnlyList<DecisionTree> Level,
    IReadOnlyList<DecisionTree> Interval,
    double IntervalFactor,
    float[] GoldenRaw,
    double[] Gains);
