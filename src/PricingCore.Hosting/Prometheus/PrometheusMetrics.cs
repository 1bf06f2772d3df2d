using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using PricingCore.Hosting.Diagnostics;

namespace PricingCore.Hosting.Prometheus;

/// <summary>The metrics of this process as the text that Prometheus reads; needs no web server of a certain kind, and no other package.</summary>
/// <remarks>
/// <para>Counts what the meters of <see cref="Meters"/> measure from its start on, and reads what is observed when somebody asks. A measurement takes no memory once its tags were seen.</para>
/// <para>A host that has OpenTelemetry leaves this away, and adds the meter <c>PricingCore</c> there.</para>
/// </remarks>
/// <threadsafety>Any thread.</threadsafety>
public sealed class PrometheusMetrics : IDisposable
{
    /// <summary>The type of the text.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);
    private readonly HashSet<string> _meters;
    private readonly MeterScope? _scope;
    private readonly Lock _reading = new();
    private long _round;

    /// <summary>Begins to listen.</summary>
    /// <param name="meters">The names of the meters; <see cref="Meters"/> unless given.</param>
    public PrometheusMetrics(params IEnumerable<string> meters)
        : this(null, meters)
    {
    }

    /// <param name="scope">The host's, whose engines alone are listened to; null for all.</param>
    /// <param name="meters">The names of the meters.</param>
    internal PrometheusMetrics(MeterScope? scope, IEnumerable<string> meters)
    {
        _scope = scope;
        _meters = [.. meters];
        if (_meters.Count == 0)
        {
            _meters = [.. Meters];
        }

        _listener.InstrumentPublished = Follow;
        _listener.SetMeasurementEventCallback<int>((_, value, tags, family) => Record(family, value, tags));
        _listener.SetMeasurementEventCallback<long>((_, value, tags, family) => Record(family, value, tags));
        _listener.SetMeasurementEventCallback<double>((_, value, tags, family) => Record(family, value, tags));
        _listener.SetMeasurementEventCallback<float>((_, value, tags, family) => Record(family, value, tags));
        _listener.SetMeasurementEventCallback<short>((_, value, tags, family) => Record(family, value, tags));
        _listener.SetMeasurementEventCallback<byte>((_, value, tags, family) => Record(family, value, tags));
        _listener.SetMeasurementEventCallback<decimal>((_, value, tags, family) => Record(family, (double)value, tags));
        _listener.Start();
    }

    /// <summary>The meters that are listened to unless others are given: the engine's, the runtime's, and the web server's.</summary>
    public static IReadOnlyList<string> Meters { get; } =
    [
        EngineInstruments.MeterName, "System.Runtime", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.RateLimiting",
    ];

    /// <summary>The names of all metrics that may come, whether or not they have been measured yet.</summary>
    internal IEnumerable<string> Names => _families.Values.SelectMany(family => family.Kind == MetricKind.Histogram
        ? [family.Name + "_bucket", family.Name + "_sum", family.Name + "_count", family.Name]
        : new[] { family.Name });

    /// <summary>Writes all metrics as they are now.</summary>
    /// <param name="output">Where to.</param>
    public void Write(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var text = new StringBuilder();
        lock (_reading)
        {
            _round++;
            _listener.RecordObservableInstruments();
            foreach (MetricFamily family in _families.Values.OrderBy(family => family.Name, StringComparer.Ordinal))
            {
                Append(text, family);
            }
        }

        foreach (ReadOnlyMemory<char> chunk in text.GetChunks())
        {
            _ = Encoding.UTF8.GetBytes(chunk.Span, output);
        }
    }

    /// <summary>Stops listening.</summary>
    public void Dispose() => _listener.Dispose();

    private void Follow(Instrument instrument, MeterListener listener)
    {
        bool isOfAnotherHost = _scope is not null && instrument.Meter.Scope is MeterScope other && other != _scope;
        if (isOfAnotherHost || !_meters.Contains(instrument.Meter.Name))
        {
            return;
        }

        var made = new MetricFamily(instrument);
        MetricFamily family = _families.GetOrAdd(made.Name, made); // Two engines have the same instruments.
        if (family.Kind == made.Kind)
        {
            listener.EnableMeasurementEvents(instrument, family);
        }
    }

    private void Record(object? family, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) => ((MetricFamily)family!).Record(value, tags, _round);

    private void Append(StringBuilder text, MetricFamily family)
    {
        MetricSeries[] shown = [.. family.Series.Where(series => !family.IsObserved || series.Round == _round)];
        if (shown.Length == 0)
        {
            return;
        }

        string type = family.Kind switch
        {
            MetricKind.Counter => "counter",
            MetricKind.Histogram => "histogram",
            _ => "gauge",
        };
        text.Append(CultureInfo.InvariantCulture, $"# HELP {family.Name} {family.Help.Replace("\\", @"\\", StringComparison.Ordinal).ReplaceLineEndings(" ")}\n# TYPE {family.Name} {type}\n");
        foreach (MetricSeries series in shown)
        {
            if (family.Kind == MetricKind.Histogram)
            {
                AppendHistogram(text, family, series);
            }
            else
            {
                text.Append(family.Name).Append(Braced(series.Labels)).Append(' ').Append(Number(series.Value)).Append('\n');
            }
        }
    }

    private static void AppendHistogram(StringBuilder text, MetricFamily family, MetricSeries series)
    {
        string before = series.Labels.Length == 0 ? "" : series.Labels + ",";
        long below = 0;
        for (int bucket = 0; bucket <= family.Bounds.Length; bucket++)
        {
            below += series.InBucket(bucket);
            string bound = bucket < family.Bounds.Length ? Number(family.Bounds[bucket]) : "+Inf";
            text.Append(CultureInfo.InvariantCulture, $"{family.Name}_bucket{{{before}le=\"{bound}\"}} {below}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"{family.Name}_sum{Braced(series.Labels)} {Number(series.Value)}\n{family.Name}_count{Braced(series.Labels)} {below}\n");
    }

    private static string Braced(string labels) => labels.Length == 0 ? "" : $"{{{labels}}}";

    private static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        double.NaN => "NaN",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };
}
