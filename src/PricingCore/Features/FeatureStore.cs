using PricingCore.Events;
using PricingCore.Numerics;
using PricingCore.Regions;
using PricingCore.Snapshots;

namespace PricingCore.Features;

/// <summary>Turns events into the state that features are read from, for the regions of one shard.</summary>
/// <remarks>Time is that of the records: it never decreases, and nothing here reads a clock.</remarks>
/// <threadsafety>One thread: the shard's loop.</threadsafety>
internal sealed class FeatureStore
{
    private const long LearningDelayMicros = 15 * UnixMicros.PerMinute; // The longest lateness that options allow.

    private readonly RegionStates _states;
    private readonly RegionDirectory _regions;
    private readonly RegionClocks _clocks;
    private readonly SupplyTracker _supply;
    private readonly SessionTable _sessions;
    private readonly OutdatedRows _outdated;
    private readonly int _bookingsOpenMinute;
    private ExternalState _everywhere;
    private long _now;
    private long _nowMinute;
    private long _nowMinuteStart;

    public FeatureStore(RegionStates states, RegionDirectory regions, RegionClocks clocks, SupplyTracker supply, OutdatedRows outdated, int maxSessions)
    {
        _states = states;
        _regions = regions;
        _clocks = clocks;
        _supply = supply;
        _outdated = outdated;
        _sessions = new SessionTable(maxSessions, WindowColumns.SessionGapMinutes + 16);
        _bookingsOpenMinute = states.Counts.Columns.CellOf(MarketEventKind.Booking, ColumnMeasure.Count, WindowKind.Tumbling, 1) - 1;
    }

    /// <summary>The time of the latest record.</summary>
    public long Now => _now;

    /// <summary>The minute of the latest record.</summary>
    public long NowMinute => _nowMinute;

    /// <summary>Events that happened in an earlier minute than they arrived in.</summary>
    public long LateEvents { get; private set; }

    /// <summary>What external events said of all regions.</summary>
    public ref readonly ExternalState Everywhere => ref _everywhere;

    /// <summary>Moves time on; it never goes back.</summary>
    public void MoveTo(long now)
    {
        if (now <= _now)
        {
            return;
        }

        _now = now;
        if (now - _nowMinuteStart >= UnixMicros.PerMinute)
        {
            _nowMinute = UnixMicros.MinuteOf(now);
            _nowMinuteStart = _nowMinute * UnixMicros.PerMinute;
        }
    }

    /// <summary>Takes in a market event of a region of this shard.</summary>
    public void Apply(in AcceptedEvent e)
    {
        if (e.Region == AcceptedEvent.EveryRegion)
        {
            _everywhere.Apply(e);
            return;
        }

        ref RegionState state = ref BringUpToDate(e.Region);
        long minute = MinuteOf(e.OccurredAt);
        if (minute < _nowMinute)
        {
            LateEvents++;
        }

        if (e.Kind <= MarketEventKind.SupplyMoved)
        {
            AddToWindows(e, minute);
        }

        switch (e.Kind)
        {
            case MarketEventKind.Booking:
                _states.History.Add(e.Region, ref state, UnixMicros.HourOf(e.OccurredAt), 1);
                state.LastBookingAt = Math.Max(state.LastBookingAt, e.OccurredAt);
                break;
            case MarketEventKind.Search:
                state.LastSearchAt = Math.Max(state.LastSearchAt, e.OccurredAt);
                break;
            case >= MarketEventKind.SupplyAvailable and <= MarketEventKind.SupplyMoved:
                _supply.Apply(e, _now);
                break;
            case >= MarketEventKind.Weather and <= MarketEventKind.Holiday:
                state.External.Apply(e);
                break;
        }

        if (e.Subject != 0 && e.Kind <= MarketEventKind.TripEnded)
        {
            // A clock that is ahead: the user is active now, and a session that is counted already must not leave for a minute to come.
            NoteSession(e, Math.Min(minute, _nowMinute));
        }

        state.LastEventAt = Math.Max(state.LastEventAt, e.OccurredAt);
        state.EventsSinceDecision++;
        state.EventsSeen = unchecked(state.EventsSeen + 1);
        _outdated.Add(e.Region);
    }

    /// <summary>Loads what an event will change into the cache ahead of use: the misses of several events then overlap.</summary>
    /// <returns>Something made of all that was loaded, so that the compiler cannot drop the loads.</returns>
    public long TouchAhead(in AcceptedEvent e)
    {
        if (e.Region < 0)
        {
            return 0;
        }

        long touched = _states.TouchAhead(e.Region);
        if (e.Kind <= MarketEventKind.TripEnded && e.Kind != MarketEventKind.None)
        {
            touched |= (long)_states.Counts.TouchAhead(e.Region, _states.Counts.Columns.ColumnsOfKind[(int)e.Kind][0], _nowMinute);
            return e.Subject == 0 ? touched : touched | _sessions.TouchAhead(SessionKey(e));
        }

        return EventGate.IsSupply(e.Kind) ? touched | _supply.TouchAhead(e.Subject) : touched;
    }

    /// <summary>Brings a region's windows, averages and profile to the current minute.</summary>
    public ref RegionState BringUpToDate(int region)
    {
        ref RegionState state = ref _states[region];
        if (state.Minute != _nowMinute)
        {
            Advance(region, ref state);
        }

        return ref state;
    }

    /// <summary>Writes the time, what is known of all regions, and the sessions; not the regions.</summary>
    public void Save(StateWriter writer)
    {
        writer.Begin(StateSection.Features);
        writer.Write(_now);
        writer.Write(LateEvents);
        _everywhere.Save(writer);
        _sessions.Save(writer);
    }

    /// <summary>Reads what <see cref="Save"/> wrote; nothing has been applied yet.</summary>
    public void Load(StateReader reader)
    {
        reader.Expect(StateSection.Features);
        MoveTo(reader.Read<long>());
        LateEvents = reader.Read<long>();
        _everywhere.Load(reader);
        _sessions.Load(reader);
    }

    private long MinuteOf(long micros) =>
        micros >= _nowMinuteStart && micros - _nowMinuteStart < UnixMicros.PerMinute ? _nowMinute : UnixMicros.MinuteOf(micros);

    private void AddToWindows(in AcceptedEvent e, long minute)
    {
        RegionWindows<int> counts = _states.Counts;
        foreach (int column in counts.Columns.ColumnsOfKind[(int)e.Kind])
        {
            if (counts.Columns.Columns[column].Measure == ColumnMeasure.Count || !float.IsNaN(e.Values.First))
            {
                counts.Add(e.Region, column, minute, _nowMinute, 1);
            }
        }

        if (_states.Values.Columns.Count > 0)
        {
            AddToValues(e, minute);
        }

        if (_states.Lagged.IsUsed)
        {
            _states.Lagged.Add(e.Region, e, UnixMicros.HourOf(e.OccurredAt));
        }
    }

    private void AddToValues(in AcceptedEvent e, long minute)
    {
        float value = e.Values.First;
        if (float.IsNaN(value))
        {
            return;
        }

        RegionWindows<long> values = _states.Values;
        foreach (int column in values.Columns.ColumnsOfKind[(int)e.Kind])
        {
            switch (values.Columns.Columns[column].Measure)
            {
                case ColumnMeasure.Sum:
                    values.Add(e.Region, column, minute, _nowMinute, WindowValue.ToScaled(value));
                    break;
                case ColumnMeasure.Last:
                    values.Compete(e.Region, column, minute, _nowMinute, WindowValue.ToTimed(value, e.OccurredAt - (minute * UnixMicros.PerMinute)));
                    break;
                default:
                    values.Compete(e.Region, column, minute, _nowMinute, WindowValue.ToScaled(value));
                    break;
            }
        }
    }

    private ulong SessionKey(in AcceptedEvent e) => Math.Max(1, e.Subject ^ _regions.HashOf(e.Region));

    /// <summary>A session is counted in the minute of its user's last event, and moves with it.</summary>
    private void NoteSession(in AcceptedEvent e, long minute)
    {
        if (!_sessions.TryTouch(SessionKey(e), minute, _nowMinute, out long previous) || minute <= previous)
        {
            return;
        }

        if (previous != 0)
        {
            _states.Counts.Add(e.Region, WindowColumns.Sessions, previous, _nowMinute, -1);
        }

        _states.Counts.Add(e.Region, WindowColumns.Sessions, minute, _nowMinute, 1);
    }

    private void Advance(int region, ref RegionState state)
    {
        if (state.Minute == 0)
        {
            state.Minute = _nowMinute;
            state.Hour = UnixMicros.HourOf(_now);
            state.FirstHour = state.Hour;
            state.NextHourToLearn = state.Hour + 1; // The first hour is not a whole one.
            return;
        }

        CloseMinutes(region, ref state);
        CloseHours(region, ref state);
    }

    private void CloseMinutes(int region, ref RegionState state)
    {
        long emptyAfter = state.Minute + 2; // An event from a clock that is ahead may wait in the next minute.
        bool isLongGap = _nowMinute - state.Minute > 2L + Math.Max(_states.Counts.MinutesUntilEmpty, _states.Values.MinutesUntilEmpty);
        while (state.Minute < _nowMinute)
        {
            if (isLongGap && state.Minute == emptyAfter)
            {
                _states.Counts.Clear(region);
                _states.Values.Clear(region);
                BookingAverages.Fade(ref state, _nowMinute - state.Minute);
                state.Minute = _nowMinute;
                return;
            }

            long bookings = _states.Counts.Read(region, _bookingsOpenMinute);
            state.Minute++;
            _states.Counts.Step(region, state.Minute);
            _states.Values.Step(region, state.Minute);
            BookingAverages.CloseMinute(ref state, bookings);
        }
    }

    private void CloseHours(int region, ref RegionState state)
    {
        long hour = UnixMicros.HourOf(_now);
        while (state.Hour < hour)
        {
            _states.History.CloseHour(region, ref state);
            LearnUntil(region, ref state, state.Hour - 1);
        }

        if (_now >= (state.Hour * UnixMicros.PerHour) + LearningDelayMicros)
        {
            LearnUntil(region, ref state, state.Hour);
        }
    }

    private void LearnUntil(int region, ref RegionState state, long hour)
    {
        while (state.NextHourToLearn < hour)
        {
            int hourOfWeek = _clocks[region].HourOfWeek(state.NextHourToLearn * UnixMicros.PerHour);
            _states.History.Learn(region, ref state, state.NextHourToLearn, hourOfWeek);
            state.NextHourToLearn++;
        }
    }
}
