namespace PricingCore.Training.Trees;

/// <summary>Trees whose leaves are summed, in order, in single precision, starting from 0.</summary>
/// <param name="FeatureCount">Features in a row.</param>
/// <param name="TargetCount">Outputs.</param>
/// <param name="Trees">The trees, in the order of summation. A base score is folded into the leaves of a target's first tree.</param>
/// <threadsafety>Immutable.</threadsafety>
public sealed record DecisionForest(int FeatureCount, int TargetCount, IReadOnlyList<DecisionTree> Trees);
