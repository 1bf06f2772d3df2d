using PricingCore.Features;
using PricingCore.Forecasts;
using PricingCore.Numerics;

namespace PricingCore.Quality;

/// <summary>Measures the data of a shard's regions as their rows are published: the latest event each time, all else once a minute.</summary>
/// <remarks>
/// It changes nothing that the loop reads, so decisions are the same with it and without. What it reads of the gate depends on threads; that is why
/// no decision may read what it measures. docs/quality.md has the formulas.
/// </remarks>
/// <threadsafety>The shard's loop; <see cref="Histogram"/> and <see cref="Late"/> may be read by any thread.</threadsafety>
internal sealed class QualityWatch : IRowListener
{
    /// <summary>Comparisons from which accuracy is known.</summary>
    public const int LeastComparisons = 8;

    private const float KeptAComparison = 0.98f; // Half of it is gone after 34: at 15 minutes, some 8 hours.
    private const int RowsForDriftEvery = 10; // Minutes: rows of neighbouring minutes say the same.
    private const int BookingsWithoutSupply = 5;
    private const float Slack = 3;

    private readonly QualityBoard _board;
    private readonly RegionStates _states;
    private readonly FeatureStore _features;
    private readonly FeatureReader _reader;
    private readonly ForecastDesk _forecasts;
    private volatile DriftHistogram? _histogram;
    private long _minute;
    private long _lateSeen = -1;
    private float _late;

    public QualityWatch(QualityBoard board, RegionStates states, FeatureStore features, FeatureReader reader, ForecastDesk forecasts)
    {
        _board = board;
        _states = states;
        _features = features;
        _reader = reader;
        _forecasts = forecasts;
    }

    /// <inheritdoc/>
    public bool NeedsRows => false;

    /// <summary>Rows in the bins of the running model; null when nothing is known of what it was trained on.</summary>
    public DriftHistogram? Histogram
    {
        get => _histogram;
        set => _histogram = value;
    }

    /// <summary>Events that came after their minute; fading.</summary>
    public float Late => Volatile.Read(ref _late);

    /// <inheritdoc/>
    public void Refresh(int region, ReadOnlySpan<float> row, long now)
    {
        ref RegionMeasures measures = ref _board.Of(region);
        ref readonly RegionState state = ref _states[region];
        measures.LastEventAt = state.LastEventAt;
        long minute = _features.NowMinute;
        if (measures.Minute == minute)
        {
            return;
        }

        if (_minute != minute)
        {
            BeginMinute(minute);
        }

        long minutes = measures.Minute == 0 ? 1 : minute - measures.Minute;
        float kept = Fading.After(minutes);
        measures.Completeness = RowPresence.Share(row, _board.Judged, _board.EverPresentIn(region));
        CountEvents(region, ref measures, state.EventsSeen, kept);
        Check(region, ref measures, kept);
        Compare(region, ref measures, minute, minutes, now);
        Volatile.Write(ref measures.Minute, minute); // Last: from the first look on, readers take all else for measured.
        if ((minute + region) % RowsForDriftEvery == 0)
        {
            _histogram?.Add(row, now);
        }
    }

    private void BeginMinute(long minute)
    {
        _board.FadeFaults(minute);
        long late = _features.LateEvents;
        _late = (_late * Fading.After(minute - _minute)) + (_lateSeen < 0 ? 0 : late - _lateSeen);
        _lateSeen = late;
        _minute = minute;
    }

    private void CountEvents(int region, ref RegionMeasures measures, uint events, float kept)
    {
        int refused = _board.FaultsIn(region);
        measures.Accepted = (measures.Accepted * kept) + unchecked(events - measures.EventsSeen);
        measures.Refused = (measures.Refused * kept) + unchecked(refused - measures.RefusedSeen);
        measures.EventsSeen = events;
        measures.RefusedSeen = refused;
    }

    /// <summary>Numbers that belong together; where there is nothing to compare, nothing is counted.</summary>
    private void Check(int region, ref RegionMeasures measures, float kept)
    {
        RegionCounts counts = _reader.ReadCounts(region);
        measures.Held *= kept;
        measures.Broken *= kept;
        measures.HadUnits |= counts.Units > 0;
        if (counts.Cancels > 0)
        {
            Count(ref measures, counts.Cancels <= WithSlack(counts.Bookings)); // What was booked before the window may be cancelled in it.
        }

        if (counts.Bookings > 0 && counts.HasSearches)
        {
            Count(ref measures, counts.Bookings <= WithSlack(counts.Searches));
        }

        if (counts.Bookings >= BookingsWithoutSupply && measures.HadUnits)
        {
            Count(ref measures, counts.Units > 0);
        }
    }

    private static double WithSlack(long count) => count + (Slack * Math.Sqrt(count + 1));

    private static void Count(ref RegionMeasures measures, bool holds)
    {
        measures.Held += holds ? 1 : 0;
        measures.Broken += holds ? 0 : 1;
    }

    /// <summary>Once a horizon: compares the forecast of then with what has happened since, and keeps the one of now.</summary>
    private void Compare(int region, ref RegionMeasures measures, long minute, long minutes, long now)
    {
        int horizon = _forecasts.HorizonMinutes;
        measures.ForecastMinute = minutes == 1 ? measures.ForecastMinute : 0; // A minute was not seen: events may be missing.
        if ((minute + region) % horizon != 0)
        {
            return;
        }

        RegionSignals signals = _reader.ReadSignals(region);
        float bookings = BookingsSince(measures.ForecastMinute, measures.BookingsThen, signals, now);
        if (measures.ForecastMinute != 0 && minute - measures.ForecastMinute == horizon && !float.IsNaN(bookings))
        {
            measures.Error = (measures.Error * KeptAComparison) + Math.Abs(measures.Expected - bookings);
            measures.Demand = (measures.Demand * KeptAComparison) + bookings;
            measures.Comparisons = Math.Min(measures.Comparisons + 1, LeastComparisons);
        }

        measures.ForecastMinute = _forecasts.TryLook(region, signals, now, out Forecast forecast) ? minute : 0;
        measures.Expected = forecast.ExpectedDemand;
        measures.BookingsThen = signals.BookingsThisHour;
    }

    /// <summary>Bookings since a minute of this clock hour or of the one before; a horizon is never longer than an hour.</summary>
    private static float BookingsSince(long minute, float bookingsThen, in RegionSignals signals, long now) =>
        (UnixMicros.HourOf(now) - (minute / 60)) switch
        {
            0 => signals.BookingsThisHour - bookingsThen,
            1 => signals.BookingsLastHour - bookingsThen + signals.BookingsThisHour,
            _ => float.NaN,
        };
}
