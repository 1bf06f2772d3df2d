using System.Globalization;

namespace PricingCore.AspNetCore;

/// <summary>Limits and choices of the HTTP interface: unit, range and default of each.</summary>
/// <threadsafety>Not thread-safe; read once, when the endpoints are mapped.</threadsafety>
public sealed class PricingEndpointOptions
{
    /// <summary>The name that the engine is registered by; null for the one without a name.</summary>
    /// <value>Null unless set.</value>
    public string? EngineName { get; set; }

    /// <summary>What becomes of a request with a field that is not known.</summary>
    /// <value><see cref="UnknownFields.Refuse"/> unless set.</value>
    public UnknownFields UnknownFields { get; set; }

    /// <summary>Bytes of a request for one quote, and of every other small request.</summary>
    /// <value>From 256 to 1,048,576; 16,384 unless set.</value>
    public int MaxRequestBytes { get; set; } = 16_384;

    /// <summary>Requests in one batch of quotes.</summary>
    /// <value>From 1 to 10,000; 1,000 unless set.</value>
    public int MaxBatchRequests { get; set; } = 1_000;

    /// <summary>Bytes of a batch of quotes, of an array of events, and of a batch of CloudEvents.</summary>
    /// <value>From 1,024 to 67,108,864; 1,048,576 unless set.</value>
    public int MaxBatchBytes { get; set; } = 1_048_576;

    /// <summary>Events in one array or batch. A stream of lines may have any number.</summary>
    /// <value>From 1 to 100,000; 10,000 unless set.</value>
    public int MaxBatchEvents { get; set; } = 10_000;

    /// <summary>Bytes of one line of a stream of events; a longer one is refused, and the next is read.</summary>
    /// <value>From 256 to 65,536; 4,096 unless set.</value>
    public int MaxLineBytes { get; set; } = 4_096;

    /// <summary>Bytes of a rules file that is validated or published.</summary>
    /// <value>From 1,024 to 16,777,216; 16,777,216 unless set.</value>
    public int MaxRulesBytes { get; set; } = 16_777_216;

    /// <summary>How deep JSON may be nested.</summary>
    /// <value>From 4 to 64; 16 unless set.</value>
    public int MaxDepth { get; set; } = 16;

    /// <summary>Answers remembered by request id, so that a repeated request gets the same; the one that ends first makes room. Each takes 96 bytes, and keeps its decision.</summary>
    /// <value>From 0 to 10,000,000; 65,536 unless set.</value>
    public int RememberedRequests { get; set; } = 65_536;

    /// <summary>Streams of prices that may be open at a time.</summary>
    /// <value>From 0 to 100,000; 256 unless set.</value>
    public int MaxStreams { get; set; } = 256;

    /// <summary>Regions that one stream may follow by name.</summary>
    /// <value>From 1 to 10,000; 256 unless set.</value>
    public int MaxStreamRegions { get; set; } = 256;

    /// <summary>Regions and products whose latest price is kept for streams; the one unchanged for longest makes room.</summary>
    /// <value>From 16 to 1,000,000; 10,000 unless set.</value>
    public int MaxStreamPrices { get; set; } = 10_000;

    /// <summary>How often a stream looks for changes.</summary>
    /// <value>From 10 milliseconds to 60 seconds; 100 milliseconds unless set.</value>
    public TimeSpan StreamInterval { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Silence on a stream after which it says that it still lives.</summary>
    /// <value>From 100 milliseconds to 10 minutes; 15 seconds unless set.</value>
    public TimeSpan StreamHeartbeat { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Published rule sets that can be gone back to.</summary>
    /// <value>From 1 to 1,000; 32 unless set.</value>
    public int RulesHistory { get; set; } = 32;

    /// <summary>The folder of model packages, as <c>{name}/{version}</c>; only models in it are listed and deployed.</summary>
    /// <value>Null unless set: models are not administered over HTTP.</value>
    public string? ModelsDirectory { get; set; }

    /// <summary>Gives the time, for streams and durations; a test's own if it wants to.</summary>
    /// <value>The system clock unless set.</value>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>Checks every option.</summary>
    /// <returns>All errors, each naming the option, its value and its legal range; empty when there are none.</returns>
    public IReadOnlyList<string> Validate()
    {
        var errors = new List<string>();
        if (!Enum.IsDefined(UnknownFields))
        {
            errors.Add($"{nameof(UnknownFields)} is {UnknownFields}; it must be {nameof(UnknownFields.Refuse)} or {nameof(UnknownFields.Ignore)}.");
        }

        Check(nameof(MaxRequestBytes), MaxRequestBytes, 256, 1_048_576);
        Check(nameof(MaxBatchRequests), MaxBatchRequests, 1, 10_000);
        Check(nameof(MaxBatchBytes), MaxBatchBytes, 1_024, 67_108_864);
        Check(nameof(MaxBatchEvents), MaxBatchEvents, 1, 100_000);
        Check(nameof(MaxLineBytes), MaxLineBytes, 256, 65_536);
        Check(nameof(MaxRulesBytes), MaxRulesBytes, 1_024, 16_777_216);
        Check(nameof(MaxDepth), MaxDepth, 4, 64);
        Check(nameof(RememberedRequests), RememberedRequests, 0, 10_000_000);
        Check(nameof(MaxStreams), MaxStreams, 0, 100_000);
        Check(nameof(MaxStreamRegions), MaxStreamRegions, 1, 10_000);
        Check(nameof(MaxStreamPrices), MaxStreamPrices, 16, 1_000_000);
        Check(nameof(StreamInterval), StreamInterval, TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(60));
        Check(nameof(StreamHeartbeat), StreamHeartbeat, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10));
        Check(nameof(RulesHistory), RulesHistory, 1, 1_000);
        return errors;

        void Check<T>(string option, T value, T least, T most)
            where T : IComparable<T>
        {
            if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
            {
                errors.Add(string.Create(CultureInfo.InvariantCulture, $"{option} is {value}; it must be from {least} to {most}."));
            }
        }
    }
}
