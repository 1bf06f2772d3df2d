namespace PricingCore.Hosting.Prometheus;

/// <summary>What a metric's numbers mean.</summary>
internal enum MetricKind
{
    /// <summary>Only rises.</summary>
    Counter,

    /// <summary>Rises and falls by what is added; Prometheus calls it a gauge.</summary>
    UpDownCounter,

    /// <summary>The latest of what was set.</summary>
    Gauge,

    /// <summary>Counts by bucket.</summary>
    Histogram,
}
