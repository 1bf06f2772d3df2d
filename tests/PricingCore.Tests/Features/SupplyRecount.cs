using PricingCore.Events;
using PricingCore.Numerics;

namespace PricingCore.Tests.Features;

/// <summary>Where each unit is and what it does, in a dictionary: the event that happened last says so; the silent go at a tick.</summary>
internal sealed class SupplyRecount(long timeoutMicros)
{
    private readonly Dictionary<string, (string? Region, bool IsBusy, long SeenAt, long HeardAt)> _units = [];

    public int Count => _units.Count;

    public void Add(in MarketEvent e, long now)
    {
        if (!EventGate.IsSupply(e.Kind))
        {
            return;
        }

        (string? region, bool isBusy, long seenAt, _) = _units.GetValueOrDefault(e.UnitId!);
        long at = UnixMicros.From(e.OccurredAt);
        if (at >= seenAt)
        {
            seenAt = at;
            region = e.Kind == MarketEventKind.SupplyOffline ? null : e.RegionId;
            isBusy = e.Kind == MarketEventKind.SupplyBusy || (e.Kind != MarketEventKind.SupplyAvailable && isBusy);
        }

        _units[e.UnitId!] = (region, isBusy, seenAt, now);
    }

    public void Tick(long now)
    {
        foreach (string unit in _units.Where(u => u.Value.HeardAt + timeoutMicros <= now).Select(u => u.Key).ToList())
        {
            _units.Remove(unit);
        }
    }

    /// <summary>Makes room as a full table does: for a new unit, the one that is silent for longest goes.</summary>
    public void MakeRoom(string unit, int capacity)
    {
        if (!_units.ContainsKey(unit) && _units.Count == capacity)
        {
            _units.Remove(_units.MinBy(u => u.Value.HeardAt).Key);
        }
    }

    public (int Free, int Busy) Of(string region) =>
        (_units.Values.Count(u => u.Region == region && !u.IsBusy), _units.Values.Count(u => u.Region == region && u.IsBusy));
}
