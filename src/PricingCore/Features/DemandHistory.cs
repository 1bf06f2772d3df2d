using PricingCore.Snapshots;

namespace PricingCore.Features;

/// <summary>Bookings by clock hour of the last week, and the usual bookings of each hour of the week, of all regions.</summary>
/// <remarks>
/// <para>Hours are counted from 1970 UTC; hours of the week are local, 0 is Monday 00:00. An hour is learned a quarter of an hour
/// after it closed, when no event can change it any more.</para>
/// <para>profile += (bookings - profile) / 4, from the second week on; residual += (|bookings - profile| / sqrt(profile + 1) -
/// residual) / 24.</para>
/// </remarks>
/// <threadsafety>A region is written by one thread; which one differs by region.</threadsafety>
internal sealed class DemandHistory
{
    public const int HoursPerWeek = 168;

    // A power of two that holds a week, the open hour and one to come.
    private const int RingHours = 256;
    private const int RingMask = RingHours - 1;
    private const float ProfileWeight = 1f / 4;
    private const float ResidualWeight = 1f / 24;

    private readonly int[] _hours;
    private readonly float[] _profile; // Plus one, so that 0 is an hour never learned.

    public DemandHistory(int maxRegions)
    {
        _hours = HugePages.AllocateArray<int>(checked(maxRegions * RingHours));
        _profile = HugePages.AllocateArray<float>(checked(maxRegions * HoursPerWeek));
    }

    /// <summary>Bookings in a clock hour of the last week.</summary>
    public int BookingsIn(int region, long hour) => _hours[(region * RingHours) + (int)(hour & RingMask)];

    /// <summary>Usual bookings in an hour of the week; not a number when never learned.</summary>
    public float ProfileOf(int region, int hourOfWeek)
    {
        float stored = _profile[(region * HoursPerWeek) + hourOfWeek];
        return stored == 0 ? float.NaN : stored - 1;
    }

    /// <summary>Counts bookings in their hour; those of an hour before the region was known are left out, as that hour is.</summary>
    public void Add(int region, ref RegionState state, long hour, int bookings)
    {
        if (hour < state.FirstHour)
        {
            return;
        }

        _hours[(region * RingHours) + (int)(hour & RingMask)] += bookings;
        if (hour < state.Hour)
        {
            state.WeekTotal += bookings;
        }
    }

    /// <summary>Closes an hour and opens the next.</summary>
    public void CloseHour(int region, ref RegionState state)
    {
        state.WeekTotal += BookingsIn(region, state.Hour) - BookingsIn(region, state.Hour - HoursPerWeek);
        state.Hour++;
        _hours[(region * RingHours) + (int)((state.Hour + 1) & RingMask)] = 0; // One ahead, for clocks that differ.
    }

    /// <summary>Lets the profile learn an hour that no event can change any more.</summary>
    public void Learn(int region, ref RegionState state, long hour, int hourOfWeek)
    {
        float bookings = BookingsIn(region, hour);
        float usual = UsualBookings(region, state, hour, hourOfWeek);
        if (!float.IsNaN(usual))
        {
            float residual = MathF.Abs(bookings - usual) / MathF.Sqrt(usual + 1);
            state.Residual = state.IsResidualKnown ? state.Residual + (ResidualWeight * (residual - state.Residual)) : residual;
            state.IsResidualKnown = true;
        }

        ref float profile = ref _profile[(region * HoursPerWeek) + hourOfWeek];
        profile = profile == 0 ? bookings + 1 : profile + (ProfileWeight * (bookings + 1 - profile));
        state.HoursLearned = Math.Min(HoursPerWeek, state.HoursLearned + 1);
    }

    /// <summary>Writes the hours and the profile of a region.</summary>
    public void Save(StateWriter writer, int region, bool hasProfile)
    {
        writer.WritePacked(_hours.AsSpan(region * RingHours, RingHours));
        if (hasProfile)
        {
            writer.Write<float>(_profile.AsSpan(region * HoursPerWeek, HoursPerWeek));
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    public void Load(StateReader reader, int region, bool hasProfile)
    {
        reader.ReadPacked(_hours.AsSpan(region * RingHours, RingHours));
        if (hasProfile)
        {
            reader.Read(_profile.AsSpan(region * HoursPerWeek, HoursPerWeek));
        }
    }

    /// <summary>What the profile says of an hour; before the first week the mean of the same hour on the days known.</summary>
    /// <returns>Bookings; not a number when the region was never known at that hour of day.</returns>
    public float UsualBookings(int region, in RegionState state, long hour, int hourOfWeek)
    {
        float learned = ProfileOf(region, hourOfWeek);
        if (!float.IsNaN(learned))
        {
            return learned;
        }

        float sum = 0;
        int days = 0;
        for (long sameHour = hour - 24; sameHour > hour - HoursPerWeek && sameHour >= state.FirstHour; sameHour -= 24)
        {
            sum += BookingsIn(region, sameHour);
            days++;
        }

        return days == 0 ? float.NaN : sum / days;
    }
}
