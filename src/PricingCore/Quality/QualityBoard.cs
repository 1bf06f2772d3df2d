using PricingCore.Events;
using PricingCore.Features;
using PricingCore.Forecasts;
using PricingCore.Forecasts.Models;

namespace PricingCore.Quality;

/// <summary>What the loops of an engine have measured of its data, for all shards together: each region is written by the one loop that holds it.</summary>
/// <threadsafety>Any thread may read.</threadsafety>
internal sealed class QualityBoard
{
    private readonly RegionMeasures[] _regions;
    private readonly ulong[] _everPresent;
    private readonly int _wordsARegion;
    private readonly EventGate _gate;
    private readonly List<QualityWatch> _watches = [];
    private volatile TrainingBins? _trainedOn;
    private long _minute;
    private float _faults;
    private long _faultsSeen;

    /// <param name="maxRegions">The most regions.</param>
    /// <param name="schema">The features of a row.</param>
    /// <param name="gate">Counts what is refused.</param>
    public QualityBoard(int maxRegions, FeatureSchema schema, EventGate gate)
    {
        _gate = gate;
        Schema = schema;
        Judged = RowPresence.JudgedOf(schema);
        _wordsARegion = Judged.Length;
        _regions = new RegionMeasures[maxRegions];
        _everPresent = new ulong[checked(maxRegions * _wordsARegion)];
    }

    /// <summary>The features of a row.</summary>
    public FeatureSchema Schema { get; }

    /// <summary>The features whose absence says something, as bits.</summary>
    public ulong[] Judged { get; }

    /// <summary>The watches of the shards.</summary>
    public IReadOnlyList<QualityWatch> Watches => _watches;

    /// <summary>What the running model was trained on; null when nothing is known of it.</summary>
    public TrainingBins? TrainedOn => _trainedOn;

    /// <summary>Regions that there is room for.</summary>
    public int Capacity => _regions.Length;

    /// <summary>Adds the watch of a shard; before anything runs.</summary>
    public QualityWatch AddWatch(RegionStates states, FeatureStore features, FeatureReader reader, ForecastDesk forecasts)
    {
        var watch = new QualityWatch(this, states, features, reader, forecasts);
        _watches.Add(watch);
        return watch;
    }

    /// <summary>What was measured of a region; its loop may write.</summary>
    public ref RegionMeasures Of(int region) => ref _regions[region];

    /// <summary>The features that a region has ever had, as bits; its loop only.</summary>
    public Span<ulong> EverPresentIn(int region) => _everPresent.AsSpan(region * _wordsARegion, _wordsARegion);

    /// <summary>Events of a region that were refused for what is wrong with them; wraps around.</summary>
    public int FaultsIn(int region) => _gate.FaultsIn(region);

    /// <summary>Measures drift against another model from now on. One thread at a time.</summary>
    public void Use(TrainingBins? bins)
    {
        if (ReferenceEquals(_trainedOn, bins))
        {
            return;
        }

        _trainedOn = bins;
        foreach (QualityWatch watch in _watches)
        {
            watch.Histogram = bins is null ? null : new DriftHistogram(bins);
        }
    }

    /// <summary>Lets the count of all refusals fade by a minute. Every loop calls it; the first in a minute does it.</summary>
    public void FadeFaults(long minute)
    {
        long last = Volatile.Read(ref _minute);
        if (minute > last && Interlocked.CompareExchange(ref _minute, minute, last) == last)
        {
            long faults = _gate.Faults;
            _faults = (_faults * Fading.After(minute - last)) + (faults - _faultsSeen);
            _faultsSeen = faults;
        }
    }

    /// <summary>Events refused for what is wrong with them, in any region or none; fading.</summary>
    public double ReadFaults() => Math.Max(0, Volatile.Read(ref _faults) + (_gate.Faults - Volatile.Read(ref _faultsSeen)));
}
