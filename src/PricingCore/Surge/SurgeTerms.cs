namespace PricingCore.Surge;

/// <summary>What a formula says before anything is rounded: each term, weighted, and the multiplier that they add up to.</summary>
internal readonly record struct SurgeTerms(double Demand, double Supply, double TimeOfDay, double Weather, double Events, double Multiplier)
{
    // Rules that were checked give at most 1 + 10 + 10 + 100 + 15 + 10.
    private const double Sane = 1_000;

    /// <summary>Whether every number is finite and of a size that prices can have.</summary>
    public bool IsSane => Math.Abs(Multiplier) < Sane
        && Math.Abs(Demand) < Sane && Math.Abs(Supply) < Sane && Math.Abs(TimeOfDay) < Sane
        && Math.Abs(Weather) < Sane && Math.Abs(Events) < Sane;

    /// <summary>The terms in steps of 1/10,000. The multiplier is rounded once, half away from zero, and its parts to fit it.</summary>
    /// <remarks>
    /// Each part is first rounded down; the steps that are then missing from the multiplier go to the parts that lost most
    /// (the method of largest remainders; of equal ones the first). So no part is off by a whole step, and the sum is exact.
    /// </remarks>
    public SurgeFactors ToFactors()
    {
        const double Steps = Rules.SurgeMultiplier.StepsPerOne;
        int total = (int)Math.Round(Multiplier * Steps, MidpointRounding.AwayFromZero) - Rules.SurgeMultiplier.StepsPerOne;

        Span<double> exact = [Demand * Steps, Supply * Steps, TimeOfDay * Steps, Weather * Steps, Events * Steps];
        Span<int> parts = stackalloc int[exact.Length];
        int missing = total;
        for (int i = 0; i < exact.Length; i++)
        {
            parts[i] = (int)Math.Floor(exact[i]);
            missing -= parts[i];
        }

        for (; missing > 0; missing--)
        {
            int most = 0;
            for (int i = 1; i < exact.Length; i++)
            {
                most = exact[i] - parts[i] > exact[most] - parts[most] ? i : most;
            }

            parts[most]++;
        }

        return new SurgeFactors(parts[0], parts[1], parts[2], parts[3], parts[4] + missing);
    }
}
