namespace PricingCore.Training.Trees;

/// <summary>One regression tree, as arrays indexed by node; node 0 is the root.</summary>
/// <param name="Left">The child taken when the feature is below the threshold; negative at a leaf.</param>
/// <param name="Right">The other child; negative at a leaf.</param>
/// <param name="Feature">Which feature is compared; 0 at a leaf.</param>
/// <param name="Value">The threshold, or the value of a leaf.</param>
/// <param name="MissingGoesLeft">Where a feature that is not a number goes.</param>
/// <param name="Target">Which output the leaves add to, from 0.</param>
/// <threadsafety>Immutable by convention: nobody writes the arrays once it is made.</threadsafety>
public sealed record DecisionTree(int[] Left, int[] Right, int[] Feature, float[] Value, bool[] MissingGoesLeft, int Target)
{
    /// <summary>Whether a node is a leaf.</summary>
    public bool IsLeaf(int node) => Left[node] < 0;
}
