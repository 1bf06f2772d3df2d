using System.Globalization;
using PricingCore.Forecasts.Inference;
using PricingCore.Numerics;

namespace PricingCore.Forecasts.Rollouts;

/// <summary>A roll-out under way: which step it is in, and when it moves on or goes back.</summary>
/// <remarks>
/// Judged at ticks, from counts that only grow. The guards look at the current step; a step ends when its time is over and it has
/// seen enough. It reads no clock: the same ticks and counts give the same moves.
/// </remarks>
/// <threadsafety>One thread at a time.</threadsafety>
internal sealed class RolloutProgress
{
    private const double PercentileOfLatency = 0.99;

    private readonly Rollout _rollout;
    private readonly long _stepMicros;
    private int _step;
    private long _stepBegan;
    private HealthSnapshot _healthBefore;
    private PriceDifferenceReport _pricesBefore;

    public RolloutProgress(Rollout rollout, long now, in HealthSnapshot health, PriceDifferenceReport prices, int step = 0)
    {
        _step = step;
        _rollout = rollout;
        _stepMicros = UnixMicros.From(rollout.StepDuration);
        _stepBegan = now;
        _healthBefore = health;
        _pricesBefore = prices;
    }

    /// <summary>The candidate's share now, in percent.</summary>
    public int Percent => _rollout.StepPercents[_step];

    /// <summary>How it comes into use.</summary>
    public RolloutKind Kind => _rollout.Kind;

    /// <summary>How far it has come, in plain values.</summary>
    public RolloutNote ToNote() => _rollout.ToNote(_step);

    /// <summary>The candidate's health in this step.</summary>
    public HealthSnapshot InStep(in HealthSnapshot health) => health.Since(_healthBefore);

    /// <summary>Judges a moment.</summary>
    /// <param name="now">The time of the tick.</param>
    /// <param name="health">All that the candidate has done.</param>
    /// <param name="prices">All comparisons of its prices.</param>
    /// <param name="reason">Why it goes back.</param>
    public RolloutMove Judge(long now, in HealthSnapshot health, PriceDifferenceReport prices, out string reason)
    {
        reason = "";
        if (_rollout.Kind == RolloutKind.Shadow)
        {
            return RolloutMove.Stay; // Prices nothing, so there is nothing to guard.
        }

        HealthSnapshot inStep = health.Since(_healthBefore);
        if (FindBreach(inStep, prices) is { } breach)
        {
            reason = breach;
            return RolloutMove.GoBack;
        }

        if (_rollout.Kind == RolloutKind.AB || now - _stepBegan < _stepMicros || inStep.Requests < _rollout.Guards.MinSamples)
        {
            return RolloutMove.Stay;
        }

        if (_step + 1 == _rollout.StepPercents.Count)
        {
            return RolloutMove.Finish;
        }

        _step++;
        _stepBegan = now;
        _healthBefore = health;
        _pricesBefore = prices;
        return RolloutMove.Widen;
    }

    private string? FindBreach(in HealthSnapshot health, PriceDifferenceReport prices)
    {
        RolloutGuards guards = _rollout.Guards;
        if (health.Requests >= guards.MinSamples)
        {
            if (health.ErrorRate > guards.MaxErrorRate)
            {
                return string.Create(CultureInfo.InvariantCulture, $"error rate {health.ErrorRate:P2} is above {guards.MaxErrorRate:P2}");
            }

            double latency = health.LatencyMicros(PercentileOfLatency);
            if (latency > guards.MaxLatency.TotalMicroseconds)
            {
                return string.Create(
                    CultureInfo.InvariantCulture, $"99 % of the forecasts came within {latency / 1_000:0.###} ms, more than {guards.MaxLatency.TotalMilliseconds:0.###} ms");
            }
        }

        long compared = prices.Decisions - _pricesBefore.Decisions;
        if (compared < guards.MinSamples)
        {
            return null;
        }

        double drift = ((prices.MeanAbsoluteChange * prices.Decisions) - (_pricesBefore.MeanAbsoluteChange * _pricesBefore.Decisions)) / compared;
        return drift > guards.MaxPriceDrift
            ? string.Create(CultureInfo.InvariantCulture, $"prices drift by {drift:P2}, more than {guards.MaxPriceDrift:P2}")
            : null;
    }
}

/// <summary>What a roll-out does at a tick.</summary>
internal enum RolloutMove
{
    /// <summary>Nothing.</summary>
    Stay,

    /// <summary>The next step: a larger share.</summary>
    Widen,

    /// <summary>The candidate is the running model from now on.</summary>
    Finish,

    /// <summary>The running model prices everywhere again.</summary>
    GoBack,
}
