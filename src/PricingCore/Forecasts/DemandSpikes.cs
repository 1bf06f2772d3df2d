using System.Runtime.CompilerServices;
using PricingCore.Features;
using PricingCore.Snapshots;

namespace PricingCore.Forecasts;

/// <summary>Finds minutes in which a region is booked far beyond what is usual for the hour.</summary>
/// <remarks>
/// A robust z-score: z = (bookings in 15 minutes - usual) / (1.2533 x residual x sqrt(usual + 1)), with the residual of the
/// region's profile, at least 0.8 (chance alone). A spike is z of 5 or more, from 10 bookings on, after a day of learning; it is
/// reported once and again only after z fell below 2.5.
/// </remarks>
/// <threadsafety>One thread: the shard's loop.</threadsafety>
internal sealed class DemandSpikes(int maxRegions)
{
    /// <summary>The score from which a region is in a spike.</summary>
    public const float SpikeScore = 5;

    private const float CalmScore = 2.5f;
    private const float LeastBookings = 10;
    private const int LeastHoursLearned = 24;
    private const float DeviationPerResidual = 1.2533f;
    private const float PoissonResidual = 0.8f;

    private readonly long[] _checkedMinute = new long[maxRegions];
    private readonly bool[] _isInSpike = new bool[maxRegions];

    /// <summary>The score of the region that was looked at last. Not saved: no decision reads it.</summary>
    public float Score { get; private set; }

    /// <summary>Whether the region has not been looked at in this minute.</summary>
    public bool IsDue(int region, long minute) => _checkedMinute[region] != minute;

    /// <summary>Writes when the regions were looked at, and which are in a spike.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Save(StateWriter writer, ReadOnlySpan<int> ownRegions)
    {
        writer.Begin(StateSection.Spikes);
        foreach (int region in ownRegions)
        {
            writer.Write(_checkedMinute[region]);
            writer.Write(_isInSpike[region]);
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    public void Load(StateReader reader, ReadOnlySpan<int> ownRegions)
    {
        reader.Expect(StateSection.Spikes);
        foreach (int region in ownRegions)
        {
            _checkedMinute[region] = reader.Read<long>();
            _isInSpike[region] = reader.ReadBool();
        }
    }

    /// <summary>Looks at a region, once a minute.</summary>
    /// <returns>Whether a spike has begun.</returns>
    public bool HasBegun(int region, long minute, in RegionSignals signals)
    {
        _checkedMinute[region] = minute;
        if (signals.HoursLearned < LeastHoursLearned || float.IsNaN(signals.UsualThisHour))
        {
            return false;
        }

        float usual = signals.UsualThisHour / 4;
        float deviation = DeviationPerResidual * Math.Max(PoissonResidual, signals.Residual) * MathF.Sqrt(usual + 1);
        float score = (signals.Bookings15Min - usual) / deviation;
        Score = score;
        if (_isInSpike[region])
        {
            _isInSpike[region] = score >= CalmScore;
            return false;
        }

        _isInSpike[region] = score >= SpikeScore && signals.Bookings15Min >= LeastBookings;
        return _isInSpike[region];
    }
}
