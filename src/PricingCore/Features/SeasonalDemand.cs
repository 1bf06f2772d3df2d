namespace PricingCore.Features;

/// <summary>Usual demand of the hour of the week, corrected by how the last hour compared with its usual.</summary>
/// <remarks>The formulas are those of the seasonal baseline; a model may read them as features.</remarks>
internal static class SeasonalDemand
{
    private const float CorrectionPrior = 4;
    private const float LargestCorrection = 4;

    /// <summary>Bookings expected within the next hours, 0 to 1; before anything is usual the last 15 minutes stand in.</summary>
    public static float Expected(in RegionSignals s, float hours)
    {
        if (float.IsNaN(s.UsualThisHour))
        {
            return s.Bookings15Min * hours * 4;
        }

        float usualNext = float.IsNaN(s.UsualNextHour) ? s.UsualThisHour : s.UsualNextHour;
        float inThisHour = Math.Min(hours, 1 - s.HourPassed);
        float usual = (s.UsualThisHour * inThisHour) + (usualNext * (hours - inThisHour));
        return usual * Correction(s);
    }

    /// <summary>How the last hour compared with its usual, 1/4 to 4; not a number before anything is usual.</summary>
    public static float Correction(in RegionSignals s)
    {
        if (float.IsNaN(s.UsualThisHour))
        {
            return float.NaN;
        }

        float recent = s.BookingsThisHour;
        float expected = s.UsualThisHour * s.HourPassed;
        if (!float.IsNaN(s.BookingsLastHour) && !float.IsNaN(s.UsualLastHour))
        {
            recent += s.BookingsLastHour;
            expected += s.UsualLastHour;
        }

        float correction = (recent + CorrectionPrior) / (expected + CorrectionPrior);
        return Math.Clamp(correction, 1 / LargestCorrection, LargestCorrection);
    }
}
