namespace PricingCore.Quality;

/// <summary>Sums whose past fades: what is an hour old weighs 1/e.</summary>
internal static class Fading
{
    private const float KeptAMinute = 0.98347145f; // exp(-1/60)

    /// <summary>What is kept of a sum after so many minutes.</summary>
    public static float After(long minutes) => minutes == 1 ? KeptAMinute : MathF.Exp(-Math.Max(0, minutes) / 60f);
}
