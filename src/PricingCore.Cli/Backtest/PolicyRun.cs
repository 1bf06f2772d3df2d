using PricingCore.Numerics;
using PricingCore.Surge;

namespace PricingCore.Cli.Backtest;

/// <summary>What one policy decided over a journal, by region and product, and the bookings that the journal has.</summary>
/// <threadsafety>The two that take things in: any thread. The rest: one thread, after the replay.</threadsafety>
internal sealed class PolicyRun
{
    private readonly Lock _taking = new();
    private readonly SortedDictionary<(string Region, string Product), List<PricedDecision>> _lanes = new(LaneOrder.Instance);
    private readonly SortedDictionary<string, List<SeenBooking>> _bookings = new(StringComparer.Ordinal);

    /// <summary>The decisions of each region and product, in the order of their time once <see cref="Close"/> was called.</summary>
    public IReadOnlyDictionary<(string Region, string Product), List<PricedDecision>> Lanes => _lanes;

    /// <summary>The bookings of each region, likewise.</summary>
    public IReadOnlyDictionary<string, List<SeenBooking>> Bookings => _bookings;

    /// <summary>Versions of the rules that decided.</summary>
    public SortedSet<string> RulesVersions { get; } = new(StringComparer.Ordinal);

    /// <summary>Versions of the models that were used.</summary>
    public SortedSet<string> ModelVersions { get; } = new(StringComparer.Ordinal);

    public void Take(SurgeDecision decision)
    {
        Take(decision.RegionId, decision.ProductType, PricedDecision.Of(decision));
        lock (_taking)
        {
            RulesVersions.Add(decision.RulesVersion);
            ModelVersions.Add(decision.ModelVersion);
        }
    }

    public void Take(string region, string product, PricedDecision decision)
    {
        lock (_taking)
        {
            ListOf(_lanes, (region, product)).Add(decision);
        }
    }

    public void Take(string region, string? product, DateTimeOffset receivedAt)
    {
        lock (_taking)
        {
            ListOf(_bookings, region).Add(new SeenBooking(UnixMicros.From(receivedAt), product));
        }
    }

    /// <summary>Puts everything in the order of time: a decision that waited for a forecast comes after later ones.</summary>
    public void Close()
    {
        foreach ((string Region, string Product) lane in _lanes.Keys.ToArray())
        {
            _lanes[lane] = [.. _lanes[lane].OrderBy(decision => decision.AtMicros)];
        }

        foreach (string region in _bookings.Keys.ToArray())
        {
            _bookings[region] = [.. _bookings[region].OrderBy(booking => booking.AtMicros)];
        }
    }

    private static List<TItem> ListOf<TKey, TItem>(SortedDictionary<TKey, List<TItem>> lists, TKey key)
        where TKey : notnull
    {
        if (!lists.TryGetValue(key, out List<TItem>? list))
        {
            lists[key] = list = [];
        }

        return list;
    }

    private sealed class LaneOrder : IComparer<(string Region, string Product)>
    {
        public static LaneOrder Instance { get; } = new();

        public int Compare((string Region, string Product) x, (string Region, string Product) y) =>
            string.CompareOrdinal(x.Region, y.Region) is not 0 and int byRegion ? byRegion : string.CompareOrdinal(x.Product, y.Product);
    }
}

/// <summary>A booking of the journal.</summary>
/// <param name="AtMicros">When the engine received it, in microseconds since 1970.</param>
/// <param name="Product">The product; null when it names none.</param>
internal readonly record struct SeenBooking(long AtMicros, string? Product);
