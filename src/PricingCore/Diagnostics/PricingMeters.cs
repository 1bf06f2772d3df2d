using System.Diagnostics.Metrics;

namespace PricingCore.Diagnostics;

/// <summary>The instruments of the meter <c>PricingCore</c>; they cost next to nothing while nobody listens.</summary>
/// <threadsafety>Any thread.</threadsafety>
internal static class PricingMeters
{
    /// <summary>The name of the meter.</summary>
    public const string Name = "PricingCore";

    private static readonly Meter Meter = new(Name);

    /// <summary>Requests in a batch of the inference thread.</summary>
    public static Histogram<int> BatchSize { get; } = Meter.CreateHistogram<int>(
        "pricingcore.forecast.batch_size", "{request}", "Requests in a batch of the inference thread.");

    /// <summary>How long a model took for a batch.</summary>
    public static Histogram<double> EvaluationSeconds { get; } = Meter.CreateHistogram<double>(
        "pricingcore.forecast.duration", "s", "Time that a model took for a batch.");

    /// <summary>Snapshots written.</summary>
    public static Counter<long> Snapshots { get; } = Meter.CreateCounter<long>("pricingcore.snapshots", "{snapshot}", "Snapshots written.");

    /// <summary>Records of the journal handled again at a start.</summary>
    public static Counter<long> RecoveredRecords { get; } = Meter.CreateCounter<long>(
        "pricingcore.recovery.records", "{record}", "Records of the journal handled again at a start.");

    private static readonly Counter<long> Fallbacks = Meter.CreateCounter<long>(
        "pricingcore.forecast.fallbacks", "{forecast}", "Forecasts for which the baseline stood in, by reason.");

    /// <summary>Why the baseline stood in.</summary>
    public enum FallbackReason
    {
        /// <summary>The model was paused or its queue was full.</summary>
        NotAsked,

        /// <summary>The model failed or its answer was no forecast.</summary>
        Missed,

        /// <summary>The deadline passed.</summary>
        Late,
    }

    /// <summary>Counts a forecast for which the baseline stood in.</summary>
    public static void CountFallback(FallbackReason reason) =>
        Fallbacks.Add(1, new KeyValuePair<string, object?>("reason", reason switch
        {
            FallbackReason.NotAsked => "not_asked",
            FallbackReason.Missed => "missed",
            _ => "late",
        }));
}
