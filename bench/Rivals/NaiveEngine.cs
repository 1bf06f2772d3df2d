using System.Collections.Concurrent;
using PricingCore.Events;
using PricingCore.Features;
using PricingCore.Forecasts;
using PricingCore.Numerics;
using PricingCore.Quotes;
using PricingCore.Rules;

namespace PricingCore.Bench.Rivals;

/// <summary>
/// What a competent team writes first: a concurrent dictionary of regions, a lock for each, and a queue of timestamps for each
/// window, trimmed when touched. It keeps every window, hour count, session and unit that the mobility schema needs, checks
/// events by the same rules and prices by the same formula, in double and decimal.
/// </summary>
/// <remarks>
/// Where there was a choice it has the cheaper way: tumbling counts are read in O(1), a session is queued once a minute, a quote gets a
/// number instead of a new trace id. What it does not have: rate limits, idempotency keys, rows that others read without a
/// lock, limits on memory, the same answer twice.
/// </remarks>
/// <threadsafety>Any thread.</threadsafety>
internal sealed class NaiveEngine(RuleSet rules, IReadOnlyDictionary<string, IReadOnlyList<string>> neighbours)
{
    private const int HorizonMinutes = 15;
    private const long UnitTimeoutMicros = 30 * UnixMicros.PerMinute;

    private readonly ConcurrentDictionary<string, NaiveRegion> _regions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Unit> _units = new(StringComparer.Ordinal);
    private readonly Lock _unitsGate = new();
    private readonly ConcurrentDictionary<(string Region, string Product), PricingRule?> _rules = new();
    private long _lastExpiry;
    private long _quotes;

    public Rejection TryPublish(in MarketEvent e, long now)
    {
        Rejection rejection = NaiveValidation.Check(e, now);
        if (rejection == Rejection.None)
        {
            Apply(e, now);
        }

        return rejection;
    }

    /// <summary>Takes in an event that was checked.</summary>
    public void Apply(in MarketEvent e, long now)
    {
        long occurredAt = UnixMicros.From(e.OccurredAt);
        NaiveRegion region = RegionOf(e.RegionId, now);
        lock (region.Gate)
        {
            region.Apply(e, occurredAt, now);
        }

        if (EventGate.IsSupply(e.Kind) && e.UnitId is not null)
        {
            MoveUnit(e, occurredAt, now, region);
        }
    }

    /// <summary>Forgets units that were silent for too long, once a minute.</summary>
    public void Tick(long now)
    {
        lock (_unitsGate)
        {
            if (now - _lastExpiry < UnixMicros.PerMinute)
            {
                return;
            }

            _lastExpiry = now;
            foreach ((string id, Unit unit) in _units)
            {
                if (unit.HeardAt + UnitTimeoutMicros <= now)
                {
                    Count(unit, -1);
                    _units.Remove(id);
                }
            }
        }
    }

    /// <summary>Prices a request from the region's state as it is now.</summary>
    public NaiveQuote? Quote(in QuoteRequest request, long now)
    {
        if (!EventGate.IsText(request.RegionId, 64) || !EventGate.IsText(request.ProductType, 64))
        {
            return null;
        }

        DateTimeOffset time = UnixMicros.ToTime(now);
        PricingRule? rule = _rules.GetOrAdd((request.RegionId, request.ProductType), key => rules.Find(key.Region, key.Product, time));
        if (rule is null || !_regions.TryGetValue(request.RegionId, out NaiveRegion? region))
        {
            return null;
        }

        lock (region.Gate)
        {
            RegionSignals signals = region.ReadSignals(now);
            Forecast forecast = SeasonalNaiveForecaster.Predict(signals, HorizonMinutes);
            NaiveSurge surge = NaiveSurge.Decide(rule, forecast, signals);
            region.LastMultiplier = surge.Multiplier;
            region.MeanMultiplier = double.IsNaN(region.MeanMultiplier)
                ? surge.Multiplier
                : region.MeanMultiplier + ((surge.Multiplier - region.MeanMultiplier) / 10);
            return new NaiveQuote(request, rule, forecast, signals, surge, time.AddMinutes(2), Interlocked.Increment(ref _quotes), rules.Version);
        }
    }

    /// <summary>Fills a row of the mobility schema.</summary>
    public void ReadRow(string regionId, Span<float> row, long now)
    {
        NaiveRegion region = RegionOf(regionId, now);
        (float bookings, float available, double multiplier, int priced) = (0, 0, 0, 0);
        foreach (string id in region.Neighbours)
        {
            NaiveRegion neighbour = RegionOf(id, now);
            lock (neighbour.Gate)
            {
                bookings += neighbour.Bookings15(now);
                available += neighbour.Available;
                if (!double.IsNaN(neighbour.LastMultiplier))
                {
                    multiplier += neighbour.LastMultiplier;
                    priced++;
                }
            }
        }

        lock (region.Gate)
        {
            region.ReadRow(row, now, bookings, available, priced == 0 ? float.NaN : (float)(multiplier / priced));
        }
    }

    private NaiveRegion RegionOf(string id, long now) =>
        _regions.TryGetValue(id, out NaiveRegion? region)
            ? region
            : _regions.GetOrAdd(id, key => new NaiveRegion(key, neighbours.GetValueOrDefault(key, []), now));

    private void MoveUnit(in MarketEvent e, long occurredAt, long now, NaiveRegion region)
    {
        lock (_unitsGate)
        {
            if (!_units.TryGetValue(e.UnitId!, out Unit? unit))
            {
                unit = new Unit();
                _units.Add(e.UnitId!, unit);
            }

            unit.HeardAt = now;
            if (occurredAt < unit.SeenAt)
            {
                return;
            }

            unit.SeenAt = occurredAt;
            Count(unit, -1);
            unit.IsBusy = e.Kind == MarketEventKind.SupplyBusy || (e.Kind != MarketEventKind.SupplyAvailable && unit.IsBusy);
            unit.Region = e.Kind == MarketEventKind.SupplyOffline ? null : region;
            Count(unit, +1);
        }
    }

    private static void Count(Unit unit, int change)
    {
        if (unit.Region is not { } region)
        {
            return;
        }

        lock (region.Gate)
        {
            if (unit.IsBusy)
            {
                region.Busy += change;
            }
            else
            {
                region.Available += change;
            }
        }
    }

    private sealed class Unit
    {
        public NaiveRegion? Region { get; set; }

        public bool IsBusy { get; set; }

        public long SeenAt { get; set; }

        public long HeardAt { get; set; }
    }
}
