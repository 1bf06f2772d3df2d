using PricingCore.Forecasts.Inference;
using PricingCore.Forecasts.Rollouts;

namespace PricingCore.Tests.Forecasts.Rollouts;

/// <summary>Goal: a canary grows only on evidence, and goes back at the first tick that shows a breach. Method: hand it counts and times.</summary>
public sealed class RolloutProgressTests
{
    private const long Minute = 60_000_000;
    private static readonly PriceDifferenceReport SamePrices = new(0, 0, 0, 0, 0, 0);
    private readonly ModelHealth _health = new();

    [Fact]
    public void Judge_OfACanary_GoesStepByStep()
    {
        RolloutProgress canary = Begin(Rollout.Canary);
        var moves = new List<(RolloutMove, int)>();
        for (int minute = 1; minute <= 30; minute++)
        {
            Answer(20);
            moves.Add((Judge(canary, minute * Minute), canary.Percent));
        }

        Assert.Equal((RolloutMove.Widen, 50), moves[9]);
        Assert.Equal((RolloutMove.Widen, 100), moves[19]);
        Assert.Equal((RolloutMove.Finish, 100), moves[29]);
        Assert.Equal(27, moves.Count(move => move.Item1 == RolloutMove.Stay));
    }

    [Fact]
    public void Judge_WithoutEnoughRequests_StaysHoweverLong()
    {
        RolloutProgress canary = Begin(Rollout.Canary);
        Answer(99);
        Assert.Equal(RolloutMove.Stay, Judge(canary, 1_000 * Minute));
        Answer(1);
        Assert.Equal(RolloutMove.Widen, Judge(canary, 1_001 * Minute));
        Assert.Equal(RolloutMove.Stay, Judge(canary, 2_000 * Minute)); // The next step counts from here.
    }

    [Fact]
    public void Judge_WhenErrorsExceedTheGuard_GoesBackAtOnce()
    {
        RolloutProgress canary = Begin(Rollout.Canary);
        Answer(297);
        _health.Count(0, 3, 50);
        Assert.Equal(RolloutMove.Stay, Judge(canary, 1)); // 1.0 %: not above.
        _health.Count(0, 1, 50);
        Assert.Equal(RolloutMove.GoBack, Judge(canary, 2, out string reason));
        Assert.Equal("error rate 1.33 % is above 1.00 %", reason.Replace('\u00a0', ' '));
    }

    [Fact]
    public void Judge_WhenSlow_GoesBack()
    {
        RolloutProgress canary = Begin(Rollout.Canary);
        Answer(98);
        _health.Count(2, 0, 30_000);
        Assert.Equal(RolloutMove.GoBack, Judge(canary, 1, out string reason));
        Assert.Contains("ms, more than 20 ms", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Judge_WhenPricesDrift_GoesBack_ByWhatTheStepShows()
    {
        RolloutProgress canary = Begin(Rollout.Canary);
        Assert.Equal(RolloutMove.Stay, Judge(canary, 1, out _, new PriceDifferenceReport(99, 1, 0.5, 0.5, 0.5, 0.5)));
        Assert.Equal(RolloutMove.Stay, Judge(canary, 2, out _, new PriceDifferenceReport(1_000, 1, 0, 0.1, 0.1, 0.5)));
        Assert.Equal(RolloutMove.GoBack, Judge(canary, 3, out string reason, new PriceDifferenceReport(1_000, 1, 0, 0.12, 0.1, 0.5)));
        Assert.Contains("drift by 12.00", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Judge_OfAShadowOrASplit_NeverMovesOn()
    {
        RolloutProgress shadow = Begin(Rollout.Shadow);
        RolloutProgress split = Begin(Rollout.AB(30));
        Answer(1_000);
        Assert.Equal(RolloutMove.Stay, Judge(split, 1_000 * Minute));
        _health.Count(0, 1_000, 50_000);
        Assert.Equal(RolloutMove.Stay, Judge(shadow, 1_000 * Minute));
        Assert.Equal(RolloutMove.GoBack, Judge(split, 1_000 * Minute));
        Assert.Equal((0, 30), (shadow.Percent, split.Percent));
    }

    [Theory]
    [InlineData(new int[0])]
    [InlineData(new[] { 10, 50 })]
    [InlineData(new[] { 0, 100 })]
    [InlineData(new[] { 50, 10, 100 })]
    [InlineData(new[] { 50, 50, 100 })]
    [InlineData(new[] { 50, 101 })]
    public void CanaryOf_StepsThatDoNotRiseTo100_Throws(int[] percents) =>
        Assert.Contains("rise", Assert.Throws<ArgumentException>(() => Rollout.CanaryOf(percents)).Message, StringComparison.Ordinal);

    [Fact]
    public void FindError_NamesTheValueAndTheRange()
    {
        Assert.Null(Rollout.Canary.FindError());
        Assert.Contains("00:00:00", (Rollout.Canary with { StepDuration = TimeSpan.Zero }).FindError(), StringComparison.Ordinal);
        Assert.Contains("MaxErrorRate is 1.5", (Rollout.Canary with { Guards = new RolloutGuards { MaxErrorRate = 1.5 } }).FindError(), StringComparison.Ordinal);
        Assert.Contains("MaxPriceDrift is NaN", (Rollout.Canary with { Guards = new RolloutGuards { MaxPriceDrift = double.NaN } }).FindError(), StringComparison.Ordinal);
        Assert.Contains("MinSamples is 0", (Rollout.Canary with { Guards = new RolloutGuards { MinSamples = 0 } }).FindError(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(99)]
    [InlineData(3_000)]
    [InlineData(19_999)]
    [InlineData(400_000)]
    public void LatencyMicros_IsAtMost42PercentTooHigh(double micros)
    {
        var health = new ModelHealth();
        health.Count(100, 0, micros);
        Assert.InRange(health.Read().LatencyMicros(0.99), micros, micros * 1.42);
    }

    private RolloutProgress Begin(Rollout rollout) => new(rollout, 0, _health.Read(), SamePrices);

    private void Answer(int count) => _health.Count(count, 0, 50);

    private RolloutMove Judge(RolloutProgress progress, long now) => Judge(progress, now, out _);

    private RolloutMove Judge(RolloutProgress progress, long now, out string reason, PriceDifferenceReport? prices = null) =>
        progress.Judge(now, _health.Read(), prices ?? SamePrices, out reason);
}
