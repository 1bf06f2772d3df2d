using PricingCore.Money;
using PricingCore.Numerics;
using PricingCore.Rules;
using PricingCore.Surge;

namespace PricingCore.Cli.Backtest;

/// <summary>What a back-test keeps of a decision.</summary>
/// <param name="AtMicros">When it was made, in microseconds since 1970.</param>
/// <param name="MinorUnits">The price of a request that brings no base price of its own.</param>
/// <param name="Currency">The price's currency.</param>
/// <param name="Steps">The multiplier, in steps of 1/10,000.</param>
/// <param name="Hour">The local hour, 0 to 23.</param>
/// <param name="Lowered">A bit for each limit that lowered the multiplier, by its place in <see cref="SurgeLimitChanges.Names"/>.</param>
/// <param name="Raised">A bit for each limit that raised it.</param>
internal readonly record struct PricedDecision(long AtMicros, long MinorUnits, Currency Currency, int Steps, byte Hour, byte Lowered, byte Raised)
{
    // The formula's clip, the rule's bounds and the emergency cap; the other limits slow a multiplier down, but hold it at no level.
    private const int Caps = (1 << 0) | (1 << 5) | (1 << 6);

    /// <summary>The multiplier: 1 is no surge.</summary>
    public double Multiplier => Steps / (double)SurgeMultiplier.StepsPerOne;

    /// <summary>Whether a cap lowered the multiplier.</summary>
    public bool IsCapped => (Lowered & Caps) != 0;

    public static PricedDecision Of(SurgeDecision decision)
    {
        int lowered = 0;
        int raised = 0;
        for (int limit = 0; limit < SurgeLimitChanges.Names.Count; limit++)
        {
            int change = decision.Outcome.Limits[limit];
            lowered |= change < 0 ? 1 << limit : 0;
            raised |= change > 0 ? 1 << limit : 0;
        }

        return new PricedDecision(
            UnixMicros.From(decision.DecidedAt),
            decision.RulePriceMinorUnits,
            decision.Rule.BasePrice.Currency,
            decision.Outcome.Multiplier.Steps,
            (byte)decision.Inputs.Hour,
            (byte)lowered,
            (byte)raised);
    }
}
