namespace PricingCore.Forecasts.Trees;

/// <summary>Trees whose leaves are added, in order and in single precision, to one target each.</summary>
/// <remarks>
/// Nodes of all trees lie in one array; a tree starts with its root, and a child always comes after its parent, so that every walk
/// ends. At a branch, values below <see cref="Value"/> go left; at a leaf, <see cref="Value"/> is what is added.
/// </remarks>
/// <threadsafety>Immutable by convention: nobody writes the arrays once it is made.</threadsafety>
internal sealed class TreeEnsemble
{
    /// <summary>The most nodes of all trees together.</summary>
    public const int MaxNodes = AttributeValues.MaxNumbers;

    /// <summary>The most trees.</summary>
    public const int MaxTrees = 16_384;

    /// <summary>The most comparisons on a path.</summary>
    public const int MaxDepth = 64;

    /// <summary>The most features of a row.</summary>
    public const int MaxFeatures = 4_096;

    /// <summary>The most targets.</summary>
    public const int MaxTargets = 4_096;

    /// <summary>Features in a row.</summary>
    public required int FeatureCount { get; init; }

    /// <summary>What is added to each target once all its leaves are; empty when there is nothing.</summary>
    public required float[] BaseValues { get; init; }

    /// <summary>How many targets.</summary>
    public required int TargetCount { get; init; }

    /// <summary>The first node of each tree, and one more: the number of nodes.</summary>
    public required int[] Starts { get; init; }

    /// <summary>The target of each tree.</summary>
    public required int[] Target { get; init; }

    /// <summary>The most comparisons on a path of each tree; 0 for a single leaf.</summary>
    public required int[] Depth { get; init; }

    /// <summary>The left child of each node, as an index into the array; 0 at a leaf.</summary>
    public required int[] Left { get; init; }

    /// <summary>The right child of each node, as an index into the array; 0 at a leaf.</summary>
    public required int[] Right { get; init; }

    /// <summary>The feature that each node compares; 0 at a leaf.</summary>
    public required int[] Feature { get; init; }

    /// <summary>The threshold of each branch; the value of each leaf. Finite.</summary>
    public required float[] Value { get; init; }

    /// <summary>Whether a feature that is not a number goes left.</summary>
    public required bool[] MissingGoesLeft { get; init; }

    /// <summary>How many trees.</summary>
    public int TreeCount => Target.Length;

    /// <summary>Whether a node is a leaf.</summary>
    public bool IsLeaf(int node) => Left[node] == 0;
}
