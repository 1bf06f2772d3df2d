using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace PricingCore.Hosting.Prometheus;

/// <summary>All series of a metric.</summary>
/// <threadsafety>Any thread.</threadsafety>
internal sealed class MetricFamily
{
    /// <summary>Series of a metric; what has other tags counts together, so that tags which somebody else chooses cannot fill the memory.</summary>
    public const int MaxSeries = 1_000;

    private static readonly double[] UsualBounds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
    private static readonly KeyValuePair<string, object?>[] Overflow = [new("otel_metric_overflow", "true")];

    private readonly ConcurrentDictionary<KeyValuePair<string, object?>[], MetricSeries> _series = new(TagComparer.Instance);
    private readonly ConcurrentDictionary<KeyValuePair<string, object?>[], MetricSeries>.AlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>> _bySpan;

    /// <param name="instrument">What is measured.</param>
    public MetricFamily(Instrument instrument)
    {
        Kind = KindOf(instrument);
        Name = MetricNames.Of(instrument.Name, instrument.Unit, Kind);
        Help = instrument.Description is { Length: > 0 } description ? description : instrument.Name;
        Bounds = Kind == MetricKind.Histogram ? BoundsOf(instrument) : [];
        IsObserved = instrument.IsObservable;
        _bySpan = _series.GetAlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>>();
    }

    /// <summary>The name as Prometheus has it.</summary>
    public string Name { get; }

    public string Help { get; }

    public MetricKind Kind { get; }

    /// <summary>Upper bounds of a histogram's buckets.</summary>
    public double[] Bounds { get; }

    /// <summary>Whether it is measured only when somebody looks, each time as a whole.</summary>
    public bool IsObserved { get; }

    /// <summary>Its series, by their labels.</summary>
    public IEnumerable<MetricSeries> Series => _series.Values.OrderBy(series => series.Labels, StringComparer.Ordinal);

    /// <summary>Takes a measurement in.</summary>
    /// <param name="value">The value.</param>
    /// <param name="tags">Its tags.</param>
    /// <param name="round">The round of observations.</param>
    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, long round)
    {
        if (!_bySpan.TryGetValue(tags, out MetricSeries? series))
        {
            series = Begin(_series.Count < MaxSeries ? tags.ToArray() : Overflow);
        }

        series.Round = round;
        if (Kind == MetricKind.Histogram)
        {
            series.Count(value);
        }
        else if (IsObserved || Kind == MetricKind.Gauge)
        {
            series.Set(value);
        }
        else
        {
            series.Add(value);
        }
    }

    private MetricSeries Begin(KeyValuePair<string, object?>[] tags) => _series.GetOrAdd(tags, key => new MetricSeries(MetricNames.Labels(key), Bounds));

    private static MetricKind KindOf(Instrument instrument)
    {
        Type type = instrument.GetType().GetGenericTypeDefinition();
        return type == typeof(Counter<>) || type == typeof(ObservableCounter<>) ? MetricKind.Counter
            : type == typeof(UpDownCounter<>) || type == typeof(ObservableUpDownCounter<>) ? MetricKind.UpDownCounter
            : type == typeof(Histogram<>) ? MetricKind.Histogram
            : MetricKind.Gauge;
    }

    private static double[] BoundsOf(Instrument instrument) => instrument switch
    {
        Histogram<double> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds],
        Histogram<int> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(bound => (double)bound)],
        Histogram<long> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(bound => (double)bound)],
        _ => UsualBounds,
    };
}
