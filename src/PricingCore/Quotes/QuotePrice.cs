using PricingCore.Rules;
using PricingCore.Surge;

namespace PricingCore.Quotes;

/// <summary>Turns a multiplier into a price and says line by line how, in integers only.</summary>
/// <remarks>
/// <para>The price is rounded half away from zero to the rule's increment, between two bounds: the price at the least multiplier,
/// rounded up to a minor unit, and the price at the largest multiplier or the emergency cap, rounded down. Where rounding would
/// cross a bound, the next multiple inside is taken; where no multiple fits, the price is rounded to a minor unit.</para>
/// <para>The cap holds last: where not even a minor unit fits between the bounds, the upper one is the price.</para>
/// </remarks>
/// <threadsafety>Pure functions.</threadsafety>
public static class QuotePrice
{
    /// <summary>The largest base price, in minor units.</summary>
    public const long MaxBaseMinorUnits = 1_000_000_000_000;

    /// <summary>The price of a request.</summary>
    /// <param name="rule">The rule that the multiplier was decided by.</param>
    /// <param name="baseMinorUnits">The price without surge, in minor units; from 0 to 1,000,000,000,000.</param>
    /// <param name="multiplier">The decided multiplier.</param>
    /// <returns>The price in minor units; never below 0.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="rule"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="baseMinorUnits"/> is below 0 or above 1,000,000,000,000.</exception>
    public static long Of(PricingRule rule, long baseMinorUnits, SurgeMultiplier multiplier)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentOutOfRangeException.ThrowIfNegative(baseMinorUnits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(baseMinorUnits, MaxBaseMinorUnits);

        PriceBounds bounds = PriceBounds.Of(rule, baseMinorUnits);
        return bounds.Round(SurgedParts(rule, baseMinorUnits, multiplier.Steps), rule.IncrementMinorUnits);
    }

    /// <summary>The price line by line: <c>base</c>, each factor and limit that is not 0, and <c>rounding</c>.</summary>
    /// <param name="rule">The rule that the multiplier was decided by.</param>
    /// <param name="baseMinorUnits">The price without surge, in minor units; from 0 to 1,000,000,000,000.</param>
    /// <param name="outcome">The decided multiplier, with its factors and limits.</param>
    /// <returns>Lines that add up to the price exactly. A factor has its name, a limit its name after <c>limit:</c>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="rule"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="baseMinorUnits"/> is below 0 or above 1,000,000,000,000.</exception>
    public static IReadOnlyList<PriceComponent> Explain(PricingRule rule, long baseMinorUnits, in SurgeOutcome outcome)
    {
        long price = Of(rule, baseMinorUnits, outcome.Multiplier);
        var lines = new List<PriceComponent>(2 + SurgeFactors.Names.Count + SurgeLimitChanges.Names.Count)
        {
            new("base", baseMinorUnits),
        };

        // Each line is the change of the rounded running total, so the lines add up to it whatever was rounded on the way.
        int steps = SurgeMultiplier.StepsPerOne;
        long total = baseMinorUnits;
        foreach ((string name, int change) in outcome.Factors.AsPairs())
        {
            AddLine(name, change);
        }

        foreach ((string name, int change) in outcome.Limits.AsPairs())
        {
            AddLine("limit:" + name, change);
        }

        lines.Add(new PriceComponent("rounding", price - total));
        return lines;

        void AddLine(string component, int change)
        {
            if (change == 0)
            {
                return;
            }

            steps += change;
            long next = PriceBounds.RoundHalfAway(SurgedParts(rule, baseMinorUnits, steps), SurgeMultiplier.StepsPerOne);
            lines.Add(new PriceComponent(component, next - total));
            total = next;
        }
    }

    // The exact price, in 1/10,000 of a minor unit: at most 10^18, which a long holds.
    internal static long SurgedParts(PricingRule rule, long baseMinorUnits, int steps) =>
        rule.Mode == PricingMode.Additive
            ? baseMinorUnits * SurgeMultiplier.StepsPerOne + rule.BasePrice.MinorUnits * (steps - SurgeMultiplier.StepsPerOne)
            : baseMinorUnits * steps;
}
