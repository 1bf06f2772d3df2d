using PricingCore.Rules;

namespace PricingCore.Surge;

/// <summary>Decides a multiplier: the formula first, then every limit in a fixed order, each with what it changed.</summary>
/// <remarks>
/// <para>The order: formula, clip, smoothing, largest step, hysteresis, experiment, the rule's bounds, emergency cap.
/// From the clip up to hysteresis, and again after the bounds, the multiplier lies within the rule's least and largest.</para>
/// <para>With the same rule and the same previous decision, the multiplier never falls when the demand score rises and never
/// rises when supply rises, since each limit maps a larger number to a larger or equal one.</para>
/// </remarks>
/// <threadsafety>A pure function: the same rule and inputs give the same bits on every platform.</threadsafety>
public static class SurgePolicy
{
    private const long MicrosPerMinute = 60_000_000;
    private const long LongestPauseMicros = 24 * 60 * MicrosPerMinute; // From here on the largest step no longer matters.
    private const long ShareParts = 1_000_000; // Smoothing is an integer share, so that no rounding depends on the platform.

    /// <summary>Decides the multiplier of one region and product.</summary>
    /// <param name="rule">The rule to follow; one of a <see cref="RuleSet"/>, so that it has been checked.</param>
    /// <param name="inputs">
    /// What is known. Stale inputs, a number that is not finite or an hour outside 0 to 23 leave all factors 0; scores are taken as
    /// 0 to 1, supply and times as 0 or more.
    /// </param>
    /// <returns>The multiplier, with factors and limits that add up to it exactly.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="rule"/> is null.</exception>
    public static SurgeOutcome Decide(PricingRule rule, in SurgeInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(rule);
        int least = rule.MinMultiplier.Steps;
        int largest = rule.MaxMultiplier.Steps;

        bool usable = TryFactors(rule, inputs, out SurgeFactors factors);
        int formula = SurgeMultiplier.StepsPerOne + factors.Sum;
        int clipped = Math.Clamp(formula, least, largest);
        int smoothed = usable && inputs.NeighbourSteps is int neighbours
            ? Smooth(clipped, Math.Clamp(neighbours, least, largest), rule.Smoothing)
            : clipped;

        int change = rule.Experiment is PricingExperiment experiment ? experiment.ChangeIn(inputs.RegionHash) : 0;
        int stepped = smoothed;
        int settled = smoothed;
        if (inputs.PreviousSteps is int published)
        {
            // Without the experiment's change, which would otherwise be added again to each decision.
            int previous = Math.Clamp(Math.Clamp(published, 0, SurgeMultiplier.MaxSteps) - change, least, largest);
            stepped = LimitStep(smoothed, previous, rule.MaxStepPerMinute, inputs.SincePreviousMicros);

            // Measured to where the multiplier wants to go, not to where the largest step lets it: else small steps would never start.
            settled = Math.Abs(smoothed - previous) < rule.Hysteresis ? previous : stepped;
        }

        int tried = settled + change;
        int bounded = Math.Clamp(tried, least, largest);
        int capped = rule.EmergencyCap is SurgeMultiplier cap ? Math.Min(bounded, cap.Steps) : bounded;

        return new SurgeOutcome(
            SurgeMultiplier.FromSteps(capped),
            factors,
            new SurgeLimitChanges(
                Clip: clipped - formula,
                Smoothing: smoothed - clipped,
                Step: stepped - smoothed,
                Hysteresis: settled - stepped,
                Experiment: change,
                RuleBounds: bounded - tried,
                EmergencyCap: capped - bounded));
    }

    private static bool TryFactors(PricingRule rule, in SurgeInputs inputs, out SurgeFactors factors)
    {
        factors = default;
        if (inputs.IsStale
            || inputs.Hour is < 0 or > 23
            || !double.IsFinite(inputs.DemandScore)
            || !double.IsFinite(inputs.Demand)
            || !double.IsFinite(inputs.AvailableSupply)
            || !double.IsFinite(inputs.NearbyEventScore)
            || !double.IsFinite(inputs.WeatherScore))
        {
            return false;
        }

        SurgeTerms terms = SurgeFormula.Terms(rule, inputs with
        {
            DemandScore = Math.Clamp(inputs.DemandScore, 0, 1),
            AvailableSupply = Math.Max(inputs.AvailableSupply, 0),
            NearbyEventScore = Math.Clamp(inputs.NearbyEventScore, 0, 1),
            WeatherScore = Math.Clamp(inputs.WeatherScore, 0, 1),
        });
        if (!terms.IsSane)
        {
            return false;
        }

        factors = terms.ToFactors();
        return true;
    }

    private static int Smooth(int own, int neighbours, double share)
    {
        long parts = (long)Math.Round(Math.Clamp(share, 0, 1) * ShareParts);
        long pull = (neighbours - own) * parts;
        long half = pull < 0 ? -ShareParts / 2 : ShareParts / 2;
        return own + (int)((pull + half) / ShareParts);
    }

    private static int LimitStep(int target, int previous, int? maxStepPerMinute, long elapsedMicros)
    {
        if (maxStepPerMinute is not int perMinute)
        {
            return target;
        }

        long allowed = perMinute * Math.Clamp(elapsedMicros, 0, LongestPauseMicros) / MicrosPerMinute;
        return (int)Math.Clamp(target, previous - allowed, previous + allowed);
    }
}
