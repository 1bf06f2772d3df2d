using System.Diagnostics.Metrics;
using System.Text.Json;
using PricingCore.Quality;

namespace PricingCore.Hosting.Diagnostics;

/// <summary>The instruments of data quality: of all regions together, since each region of each would be a series. What is not known is not shown.</summary>
/// <threadsafety>Any thread.</threadsafety>
internal sealed class QualityInstruments : IDisposable
{
    private static readonly QualityMeasure[] Measures = Enum.GetValues<QualityMeasure>();

    private readonly Meter _meter;
    private readonly RecentQuality _recent;
    private readonly KeyValuePair<string, object?> _engine;

    /// <param name="lifetime">The engine.</param>
    /// <param name="recent">Its reports.</param>
    /// <param name="scope">The host's.</param>
    public QualityInstruments(EngineLifetime lifetime, RecentQuality recent, MeterScope scope)
    {
        _meter = new Meter(new MeterOptions(EngineInstruments.MeterName) { Scope = scope });
        _recent = recent;
        _engine = new("engine", lifetime.Label);
        Gauge("pricingcore.quality.share", null, "How good the data are, 0 to 1, by measure.", SharesOf);
        Gauge("pricingcore.quality.freshness", "s", "Age of the latest event of any region.", report => One(report.Scores.Freshness?.TotalSeconds));
        Gauge("pricingcore.quality.oldest", "s", "Age of the latest event of the region that has been silent for longest.", report => One(report.OldestFreshness?.TotalSeconds));
        Gauge("pricingcore.quality.fresh_share", null, "Share of regions whose latest event is younger than the threshold.", report => One(report.FreshShare));
        Gauge("pricingcore.quality.late_share", null, "Share of events of about the last hour that came after their minute.", report => One(report.LateShare));
        Gauge("pricingcore.quality.regions_below", "{region}", "Regions on the wrong side of a threshold.", report => One(report.RegionsBelow));
        Gauge(
            "pricingcore.quality.drift",
            null,
            "Population stability index of a feature against the running model's training rows, by feature.",
            report => report.Drift.Select(drift => new Measurement<double>(drift.Index, _engine, new("feature", drift.Feature))));
        Gauge("pricingcore.quality.breach", null, "1 while the engine is on the wrong side of a threshold, else 0, by measure.", BreachesOf);
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    /// <summary>The name of a measure in metrics, alerts and JSON.</summary>
    public static string NameOf(QualityMeasure measure) => JsonNamingPolicy.SnakeCaseLower.ConvertName(measure.ToString());

    private IEnumerable<Measurement<double>> SharesOf(DataQualityReport report)
    {
        QualityScores scores = report.Scores;
        (string Name, double? Value)[] shares =
        [
            ("completeness", scores.Completeness), ("validity", scores.Validity), ("timeliness", scores.Timeliness),
            ("consistency", scores.Consistency), ("accuracy", scores.Accuracy), ("score", scores.Score),
        ];
        return shares.Where(share => share.Value is not null).Select(share => new Measurement<double>(share.Value!.Value, _engine, new("measure", share.Name)));
    }

    private IEnumerable<Measurement<double>> BreachesOf(DataQualityReport report) => Measures.Select(measure =>
        new Measurement<double>(report.Breaches.Any(breach => breach.Measure == measure) ? 1 : 0, _engine, new("measure", NameOf(measure))));

    private IEnumerable<Measurement<double>> One(double? value) => value is { } known ? [new Measurement<double>(known, _engine)] : [];

    private void Gauge(string name, string? unit, string description, Func<DataQualityReport, IEnumerable<Measurement<double>>> measure) =>
        _meter.CreateObservableGauge(name, () => _recent.Read() is { } report ? measure(report) : [], unit, description);
}
