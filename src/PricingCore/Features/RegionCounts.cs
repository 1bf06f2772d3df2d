namespace PricingCore.Features;

/// <summary>What was counted of a region in this minute and the 14 before it, and its supply now.</summary>
/// <param name="Bookings">Bookings.</param>
/// <param name="Searches">Searches.</param>
/// <param name="Cancels">Cancellations.</param>
/// <param name="Units">Units of supply, free or busy.</param>
/// <param name="HasSearches">Whether searches have ever been reported here.</param>
internal readonly record struct RegionCounts(long Bookings, long Searches, long Cancels, float Units, bool HasSearches);
