using PricingCore.Rules;

namespace PricingCore.Quotes;

/// <summary>The least and the largest price that a rule allows for a base price, in minor units.</summary>
/// <param name="Floor">The price at the least multiplier, rounded up; never below 0.</param>
/// <param name="Cap">The price at the largest multiplier or the emergency cap, whichever is lower, rounded down; never below 0.</param>
internal readonly record struct PriceBounds(long Floor, long Cap)
{
    private const long Parts = SurgeMultiplier.StepsPerOne;

    /// <summary>The bounds of a rule for a base price.</summary>
    public static PriceBounds Of(PricingRule rule, long baseMinorUnits)
    {
        int largest = Math.Min(rule.MaxMultiplier.Steps, rule.EmergencyCap?.Steps ?? SurgeMultiplier.MaxSteps);
        int least = Math.Min(rule.MinMultiplier.Steps, largest); // An emergency cap may lie below the least multiplier.

        // Below 0 only in additive mode, where a multiplier below 1 can take more than the request's base.
        long floor = Math.Max(0, QuotePrice.SurgedParts(rule, baseMinorUnits, least));
        long cap = Math.Max(0, QuotePrice.SurgedParts(rule, baseMinorUnits, largest));
        return new PriceBounds((floor + Parts - 1) / Parts, cap / Parts);
    }

    /// <summary>Rounds a price to an increment, inside the bounds.</summary>
    /// <param name="exactParts">The price in 1/10,000 of a minor unit.</param>
    /// <param name="increment">In minor units, 1 or more.</param>
    public long Round(long exactParts, long increment)
    {
        long lowest = (Floor + increment - 1) / increment;
        long highest = Cap / increment;
        return lowest <= highest
            ? increment * Math.Clamp(RoundHalfAway(exactParts, increment * Parts), lowest, highest)
            : Math.Min(Math.Max(RoundHalfAway(exactParts, Parts), Floor), Cap);
    }

    /// <summary>A quotient, rounded half away from zero.</summary>
    public static long RoundHalfAway(long dividend, long divisor)
    {
        (long quotient, long rest) = Math.DivRem(dividend, divisor);
        return Math.Abs(rest) >= divisor - Math.Abs(rest) ? quotient + Math.Sign(dividend) : quotient;
    }
}
