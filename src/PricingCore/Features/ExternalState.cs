using System.Runtime.CompilerServices;
using PricingCore.Events;
using PricingCore.Numerics;
using PricingCore.Snapshots;

namespace PricingCore.Features;

/// <summary>Weather, traffic, holiday and city events, of one region or of all.</summary>
/// <remarks>The default value knows nothing. Times are microseconds since 1970; 0 is never.</remarks>
internal struct ExternalState
{
    /// <summary>City events kept at a time; the one that ends first makes room.</summary>
    public const int MaxCityEvents = 4;

    public EventValues Weather;
    public long WeatherAt;
    public float Traffic;
    public long TrafficAt;
    public long HolidayAt;
    public bool IsHoliday;
    public CityEvents Events;

    /// <summary>Takes in an external event; an older one does not undo a newer.</summary>
    public void Apply(in AcceptedEvent e)
    {
        switch (e.Kind)
        {
            case MarketEventKind.Weather when e.OccurredAt >= WeatherAt:
                Weather = WeatherAt == 0 ? e.Values : Merge(Weather, e.Values);
                WeatherAt = e.OccurredAt;
                break;
            case MarketEventKind.Traffic when e.OccurredAt >= TrafficAt:
                Traffic = e.Values.First;
                TrafficAt = e.OccurredAt;
                break;
            case MarketEventKind.Holiday when e.OccurredAt >= HolidayAt:
                IsHoliday = e.Values.First > 0;
                HolidayAt = e.OccurredAt;
                break;
            case MarketEventKind.CityEvent:
                AddCityEvent(e);
                break;
        }
    }

    /// <summary>The strongest city event that is on; 0 when there is none.</summary>
    public readonly float StrongestEvent(long now)
    {
        float strongest = 0;
        foreach (ref readonly CityEventSlot slot in Events)
        {
            if (slot.From <= now && now < slot.Until)
            {
                strongest = Math.Max(strongest, slot.Score);
            }
        }

        return strongest;
    }

    /// <summary>When the last city event that is on will be over; 0 when there is none.</summary>
    public readonly long LastEventEnd(long now)
    {
        long end = 0;
        foreach (ref readonly CityEventSlot slot in Events)
        {
            if (slot.From <= now && now < slot.Until)
            {
                end = Math.Max(end, slot.Until);
            }
        }

        return end;
    }

    /// <summary>Writes everything.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Save(StateWriter writer)
    {
        writer.Write(Weather);
        writer.Write(WeatherAt);
        writer.Write(Traffic);
        writer.Write(TrafficAt);
        writer.Write(HolidayAt);
        writer.Write(IsHoliday);
        foreach (ref readonly CityEventSlot slot in Events)
        {
            writer.Write(slot.Score);
            writer.Write(slot.From);
            writer.Write(slot.Until);
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Load(StateReader reader)
    {
        Weather = reader.Read<EventValues>();
        WeatherAt = reader.Read<long>();
        Traffic = reader.Read<float>();
        TrafficAt = reader.Read<long>();
        HolidayAt = reader.Read<long>();
        IsHoliday = reader.ReadBool();
        foreach (ref CityEventSlot slot in Events)
        {
            slot.Score = reader.Read<float>();
            slot.From = reader.Read<long>();
            slot.Until = reader.Read<long>();
        }
    }

    private static EventValues Merge(in EventValues old, in EventValues fresh) => new(
        float.IsNaN(fresh.First) ? old.First : fresh.First,
        float.IsNaN(fresh.Second) ? old.Second : fresh.Second,
        float.IsNaN(fresh.Third) ? old.Third : fresh.Third,
        float.IsNaN(fresh.Fourth) ? old.Fourth : fresh.Fourth);

    private void AddCityEvent(in AcceptedEvent e)
    {
        float minutes = float.IsNaN(e.Values.Second) ? EventRanges.DefaultCityEventMinutes : e.Values.Second;
        int first = 0;
        for (int i = 1; i < MaxCityEvents; i++)
        {
            if (Events[i].Until < Events[first].Until)
            {
                first = i;
            }
        }

        Events[first] = new CityEventSlot
        {
            Score = e.Values.First,
            From = e.OccurredAt,
            Until = e.OccurredAt + (long)(minutes * (double)UnixMicros.PerMinute),
        };
    }

    /// <summary>One city event: how strong, and from when until when.</summary>
    internal struct CityEventSlot
    {
        public float Score;
        public long From;
        public long Until;
    }

    /// <summary>The city events of a region.</summary>
    [InlineArray(MaxCityEvents)]
    internal struct CityEvents
    {
        private CityEventSlot _first;
    }
}
