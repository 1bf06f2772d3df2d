using PricingCore.Events;
using PricingCore.Snapshots;

namespace PricingCore.Features;

/// <summary>Follows units of supply from region to region and keeps each region's counts.</summary>
/// <remarks>
/// The event that happened last says where a unit is; an older one that comes in late does not move it back. With several
/// shards every shard follows all units, and counts those in its own regions.
/// </remarks>
/// <threadsafety>One thread.</threadsafety>
internal sealed class SupplyTracker(RegionStates states, OutdatedRows outdated, int maxUnits, long timeoutMicros)
{
    private readonly UnitTable _units = new(maxUnits);

    /// <summary>Units that were silent for too long, or made room for others.</summary>
    public long Forgotten { get; private set; }

    /// <summary>Takes in a supply event that came in at <paramref name="now"/>.</summary>
    public void Apply(in AcceptedEvent e, long now)
    {
        if (e.Subject == 0)
        {
            SetStock(e);
            return;
        }

        if (_units.IsFull && !_units.Contains(e.Subject))
        {
            ForgetOldest();
        }

        ref UnitTable.Unit unit = ref _units.Touch(e.Subject);
        unit.HeardAt = now;
        if (e.OccurredAt < unit.SeenAt)
        {
            return;
        }

        unit.SeenAt = e.OccurredAt;
        Count(unit, -1);
        unit.IsBusy = e.Kind switch
        {
            MarketEventKind.SupplyBusy => true,
            MarketEventKind.SupplyAvailable => false,
            _ => unit.IsBusy,
        };
        bool isHere = e.Kind != MarketEventKind.SupplyOffline && (e.Flags & AcceptedEventFlags.Foreign) == 0;
        unit.Region = isHere ? e.Region : AcceptedEvent.EveryRegion;
        Count(unit, +1);
    }

    /// <summary>Loads a unit's slot into the cache ahead of use.</summary>
    public long TouchAhead(ulong unit) => _units.TouchAhead(unit);

    /// <summary>Forgets units that have been silent for too long.</summary>
    public void Expire(long now)
    {
        while (!_units.IsEmpty && _units.Oldest.HeardAt + timeoutMicros <= now)
        {
            ForgetOldest();
        }
    }

    /// <summary>Writes all units; the counts are the regions'.</summary>
    public void Save(StateWriter writer)
    {
        writer.Begin(StateSection.Units);
        writer.Write(Forgotten);
        _units.Save(writer);
    }

    /// <summary>Reads what <see cref="Save"/> wrote; nothing has been followed yet.</summary>
    public void Load(StateReader reader, int regions)
    {
        reader.Expect(StateSection.Units);
        Forgotten = reader.Read<long>();
        _units.Load(reader, regions);
    }

    private void SetStock(in AcceptedEvent e)
    {
        if ((e.Flags & AcceptedEventFlags.Foreign) != 0)
        {
            return;
        }

        ref RegionState state = ref states[e.Region];
        if (e.Kind == MarketEventKind.SupplyAvailable && e.OccurredAt >= state.AvailableStockAt)
        {
            state.AvailableStock = e.Values.First;
            state.AvailableStockAt = e.OccurredAt;
        }
        else if (e.Kind == MarketEventKind.SupplyBusy && e.OccurredAt >= state.BusyStockAt)
        {
            state.BusyStock = e.Values.First;
            state.BusyStockAt = e.OccurredAt;
        }
    }

    private void ForgetOldest()
    {
        Count(_units.Oldest, -1);
        _units.RemoveOldest();
        Forgotten++;
    }

    private void Count(in UnitTable.Unit unit, int change)
    {
        if (unit.Region == AcceptedEvent.EveryRegion)
        {
            return;
        }

        ref RegionState state = ref states[unit.Region];
        outdated.Add(unit.Region);
        if (unit.IsBusy)
        {
            state.BusyUnits += change;
        }
        else
        {
            state.AvailableUnits += change;
        }
    }
}
