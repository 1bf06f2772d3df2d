namespace PricingCore.Features;

/// <summary>A region's fast and slow average of bookings a minute.</summary>
/// <threadsafety>Pure functions of the state they are given.</threadsafety>
internal static class BookingAverages
{
    private const float FastWeight = 1f / 5;
    private const float SlowWeight = 1f / 60;
    private const float Negligible = 1e-9f;

    /// <summary>Takes in a minute that is over.</summary>
    public static void CloseMinute(ref RegionState state, long bookings)
    {
        state.AverageFast += FastWeight * (bookings - state.AverageFast);
        state.AverageSlow += SlowWeight * (bookings - state.AverageSlow);
        state.AverageFast = state.AverageFast < Negligible ? 0 : state.AverageFast;
        state.AverageSlow = state.AverageSlow < Negligible ? 0 : state.AverageSlow;
    }

    /// <summary>Takes in so many minutes without bookings, one by one, so that the way there does not matter.</summary>
    public static void Fade(ref RegionState state, long minutes)
    {
        for (long i = 0; i < minutes && (state.AverageFast > 0 || state.AverageSlow > 0); i++)
        {
            CloseMinute(ref state, bookings: 0);
        }
    }
}
