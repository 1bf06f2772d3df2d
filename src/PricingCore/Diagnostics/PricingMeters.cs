using System.Diagnostics.Metrics;

namespace PricingCore.Diagnostics;

/// <summary>The instruments of the meter <c>PricingCore</c>; they cost next to nothing while nobody listens.</summary>
/// <threadsafety>Any thread.</threadsafety>
internal static class PricingMeters
{
    /// <summary>The name of the meter.</summary>
    public const string Name = "PricingCore";

    private static readonly Meter Meter = new(Name);

    /// <summary>Bounds of durations, in seconds: from a hand-over between two threads to a disk that is not well.</summary>
    private static readonly InstrumentAdvice<double> Durations = new()
    {
        HistogramBucketBoundaries = [0.000_01, 0.000_025, 0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    };

    private static readonly InstrumentAdvice<int> Sizes = new() { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024, 4_096, 16_384] };

    /// <summary>Requests in a batch of the inference thread.</summary>
    public static Histogram<int> BatchSize { get; } = Meter.CreateHistogram(
        "pricingcore.forecast.batch_size", "{request}", "Requests in a batch of the inference thread.", tags: null, Sizes);

    /// <summary>How long a model took for a batch.</summary>
    public static Histogram<double> EvaluationSeconds { get; } = Duration("pricingcore.forecast.duration", "Time that a model took for a batch.");

    /// <summary>How long who asked for a quote waited for its decision; quotes from the book wait for nothing and are not counted.</summary>
    public static Histogram<double> DecisionWaitSeconds { get; } = Duration(
        "pricingcore.decision.wait", "Time that a quote waited for its decision; quotes from the book do not wait and are not counted.");

    /// <summary>How long an awaited event took to its place in the features, and with a durable journal on the disk.</summary>
    public static Histogram<double> PublishSeconds { get; } = Duration(
        "pricingcore.publish.duration", "Time from an awaited event to its acknowledgement: in the features, and on disk where the journal is durable.");

    private static readonly Histogram<double> JournalWriteSeconds = Duration(
        "pricingcore.journal.write.duration", "Time that a group of records took to the disk, its sync included where the journal is durable.");

    private static readonly Histogram<int> JournalGroupSize = Meter.CreateHistogram(
        "pricingcore.journal.group_size", "{record}", "Records written to the journal as one group.", tags: null, Sizes);

    /// <summary>Snapshots written.</summary>
    public static Counter<long> Snapshots { get; } = Meter.CreateCounter<long>("pricingcore.snapshots", "{snapshot}", "Snapshots written.");

    /// <summary>Records of the journal handled again at a start.</summary>
    public static Counter<long> RecoveredRecords { get; } = Meter.CreateCounter<long>(
        "pricingcore.recovery.records", "{record}", "Records of the journal handled again at a start.");

    private static readonly Counter<long> Fallbacks = Meter.CreateCounter<long>(
        "pricingcore.forecast.fallbacks", "{forecast}", "Forecasts for which the baseline stood in, by reason.");

    /// <summary>The multipliers of decisions.</summary>
    public static Histogram<double> Multipliers { get; } = Meter.CreateHistogram(
        "pricingcore.decision.multiplier", null, "Surge multipliers of the decisions made.", tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.5, 0.75, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3, 4, 5, 10] });

    /// <summary>Counts a group of records that was written to the journal.</summary>
    public static void CountGroup(TimeSpan taken, int records)
    {
        JournalWriteSeconds.Record(taken.TotalSeconds);
        if (records > 0)
        {
            JournalGroupSize.Record(records);
        }
    }

    private static Histogram<double> Duration(string name, string description) => Meter.CreateHistogram(name, "s", description, tags: null, Durations);

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
