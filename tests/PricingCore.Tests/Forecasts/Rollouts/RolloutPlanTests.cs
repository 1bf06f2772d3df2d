using PricingCore.Forecasts.Rollouts;
using PricingCore.Numerics;

namespace PricingCore.Tests.Forecasts.Rollouts;

/// <summary>
/// Goal: which regions a candidate prices is drawn evenly, stays as it is, and grows without swapping regions.
/// Method: draw ten thousand regions by name, as the engine hashes them.
/// Control: with the sum of the characters in place of the hash, the chi-square test fails.
/// </summary>
public sealed class RolloutPlanTests
{
    private const int Regions = 20_000;
    private static readonly ulong[] Hashes = [.. Enumerable.Range(0, Regions).Select(i => SipHash.Public.Hash64($"region-{i}"))];

    [Theory]
    [InlineData("demand/1.0.0")]
    [InlineData("demand/1.0.1")]
    [InlineData("other/7.2.0")]
    public void DrawOf_IsUniform(string version)
    {
        const int Cells = 100;
        RolloutPlan plan = Plan(50, version);
        int[] counts = new int[Cells];
        foreach (ulong hash in Hashes)
        {
            counts[plan.DrawOf(hash) * Cells / 10_000]++;
        }

        double expected = (double)Regions / Cells;
        double chiSquare = counts.Sum(count => (count - expected) * (count - expected) / expected);
        Assert.InRange(chiSquare, 50, 149); // 99 degrees of freedom: 0.1 % of fair draws are above 148.2, as few below 61.
    }

    [Theory]
    [InlineData(10)]
    [InlineData(50)]
    [InlineData(99)]
    public void ArmOf_GivesTheCandidateItsShare(int percent)
    {
        RolloutPlan plan = Plan(percent, "demand/2.0.0");
        int candidates = Hashes.Count(hash => plan.ArmOf(hash) == ModelArm.Candidate);
        double sigma = Math.Sqrt(Regions * (percent / 100.0) * (1 - (percent / 100.0)));
        Assert.InRange(candidates, (Regions * percent / 100.0) - (4 * sigma), (Regions * percent / 100.0) + (4 * sigma));
    }

    [Fact]
    public void ArmOf_WhenTheShareGrows_KeepsEveryRegionThatHadTheCandidate()
    {
        RolloutPlan[] steps = [Plan(10, "v"), Plan(50, "v"), Plan(100, "v")];
        foreach (ulong hash in Hashes)
        {
            bool[] arms = [.. steps.Select(plan => plan.ArmOf(hash) == ModelArm.Candidate)];
            Assert.True(!arms[0] || arms[1]);
            Assert.True(arms[2]);
        }
    }

    [Fact]
    public void ArmOf_IsTheSameInEveryPlanOfAVersion_AndOthersDrawOthers()
    {
        RolloutPlan plan = Plan(10, "demand/1.0.0");
        RolloutPlan same = Plan(10, "demand/1.0.0");
        RolloutPlan other = Plan(10, "demand/1.0.1");

        Assert.All(Hashes, hash => Assert.Equal(plan.ArmOf(hash), same.ArmOf(hash)));
        double both = Hashes.Count(hash => plan.ArmOf(hash) == ModelArm.Candidate && other.ArmOf(hash) == ModelArm.Candidate);
        Assert.InRange(both, Regions * 0.005, Regions * 0.015); // Independent draws of 10 % meet in 1 %.
    }

    [Fact]
    public void ArmOf_KnownRegion_DoesNotChangeBetweenReleases()
    {
        RolloutPlan plan = Plan(50, "demand/1.0.0");
        Assert.Equal(Golden, new[] { "midtown", "airport", "harbour" }.Select(id => plan.DrawOf(SipHash.Public.Hash64(id))));
    }

    private static int[] Golden => [6_620, 2_638, 3_788];

    [Fact]
    public void ComparesAt_WhereACanaryPrices_AndEverywhereInAShadow()
    {
        var canary = new RolloutPlan(1, 2, 10, comparesPrices: true, "v");
        var shadow = new RolloutPlan(1, 2, 0, comparesPrices: true, "v");
        var split = new RolloutPlan(1, 2, 50, comparesPrices: false, "v");

        Assert.Equal([false, true], new[] { ModelArm.Stable, ModelArm.Candidate }.Select(canary.ComparesAt));
        Assert.True(shadow.ComparesAt(ModelArm.Stable));
        Assert.Equal([false, false], new[] { ModelArm.Stable, ModelArm.Candidate }.Select(split.ComparesAt));
    }

    private static RolloutPlan Plan(int percent, string version) => new(stable: 1, candidate: 2, percent, comparesPrices: false, version);
}
