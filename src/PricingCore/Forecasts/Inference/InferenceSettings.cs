using Microsoft.Extensions.Logging;

namespace PricingCore.Forecasts.Inference;

/// <summary>The limits of the inference thread.</summary>
internal readonly struct InferenceSettings
{
    /// <summary>Features in a row.</summary>
    public required int RowWidth { get; init; }

    /// <summary>The most requests in a batch that decisions wait for.</summary>
    public required int MaxBatch { get; init; }

    /// <summary>The most requests in a batch of the refresh.</summary>
    public required int MaxRefreshBatch { get; init; }

    /// <summary>Requests that may wait; a power of two.</summary>
    public required int UrgentCapacity { get; init; }

    /// <summary>Regions that may wait for their refresh; a power of two.</summary>
    public required int RefreshCapacity { get; init; }

    /// <summary>How long a decision waits for its forecast.</summary>
    public required long DeadlineMicros { get; init; }

    /// <summary>Times the batches.</summary>
    public required TimeProvider Time { get; init; }

    public required ILogger Logger { get; init; }
}
