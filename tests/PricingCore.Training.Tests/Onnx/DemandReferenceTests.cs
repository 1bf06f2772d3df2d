using PricingCore.Training.Onnx;
using PricingCore.Training.Trees;

namespace PricingCore.Training.Tests.Onnx;

/// <summary>
/// Goal: the reference says what the formulas say.
/// Method: two small trees and numbers that can be worked out by hand.
/// </summary>
public sealed class DemandReferenceTests
{
    // Feature 0 below 10 (or missing) gives a level of 0.5, else 2; the width is 0.25 everywhere.
    private static readonly DecisionForest Forest = new(
        FeatureCount: 3,
        TargetCount: 2,
        [
            new DecisionTree([1, -1, -1], [2, -1, -1], [0, 0, 0], [10, 0.5f, 2], [true, false, false], Target: 0),
            new DecisionTree([-1], [-1], [0], [0.25f], [false], Target: 1),
        ]);

    [Fact]
    public void Evaluate_FollowsTheFormulas()
    {
        // usual = 8 * 0.5 + 1 = 5; expected = 2 * 5 = 10; half = 1.25; mean = 7 * 0.5 = 3.5.
        Assert.Equal([10f / 14f, 11f / 12.25f, 10f, 8.75f, 11.25f], Answers([10, 8, 7]));
    }

    [Fact]
    public void Evaluate_WhenFeaturesAreMissing_CountsThemAsZeroAndFollowsTheTree()
    {
        // usual = 1; expected = 0.5; half = 0.25; mean = 0.
        Assert.Equal([0.5f, 1.5f / 1.75f, 0.5f, 0.25f, 0.75f], Answers([float.NaN, float.NaN, float.NaN]));
    }

    [Fact]
    public void Evaluate_WhenTheTreesAreNegative_AnswersZeroDemand()
    {
        DecisionForest below = Forest with { Trees = [.. Forest.Trees.Select(tree => tree with { Value = [.. tree.Value.Select(value => -value)] })] };

        Assert.Equal([0f, 1f, 0f, 0f, 0f], Answers([0, 8, 7], below));
    }

    [Fact]
    public void Evaluate_KeepsRowsApart()
    {
        float[] both = Answers([10, 8, 7, float.NaN, float.NaN, float.NaN]);

        Assert.Equal([.. Answers([10, 8, 7]), .. Answers([float.NaN, float.NaN, float.NaN])], both);
    }

    [Fact]
    public void Sum_AddsLeavesInTheOrderOfTheTrees()
    {
        // 1 + 2^-25 + 2^-25 is 1 from the left, and more than 1 from the right.
        float tiny = MathF.ScaleB(1, -25);
        DecisionForest forest = new(1, 1, [Leaf(1), Leaf(tiny), Leaf(tiny), Leaf(tiny), Leaf(tiny)]);
        float[] sum = new float[1];

        DemandReference.Sum(forest, [0], sum);

        Assert.Equal(1f, sum[0]);

        static DecisionTree Leaf(float value) => new([-1], [-1], [0], [value], [false], 0);
    }

    private static float[] Answers(float[] rows, DecisionForest? forest = null)
    {
        var reference = new DemandReference(forest ?? Forest, [30], new DemandScale(1, [0.5f], [1], 2));
        float[] answers = new float[rows.Length / 3 * reference.AnswerCount];
        reference.Evaluate(rows, answers);
        return answers;
    }
}
