using PricingCore.Features;
using PricingCore.Ring;

namespace PricingCore.Forecasts.Inference;

/// <summary>The two queues to the inference thread: requests that a decision waits for go before the refresh of regions that nobody waits for.</summary>
/// <threadsafety>Adding: any thread. The queues' other ends: the inference thread.</threadsafety>
internal sealed class ForecastQueues(int urgentCapacity, int refreshCapacity, int width) : IDisposable
{
    /// <summary>Somebody waits for these.</summary>
    public ForecastQueue Urgent { get; } = new(urgentCapacity, width);

    /// <summary>These only have to be recent.</summary>
    public ForecastQueue Refresh { get; } = new(refreshCapacity, width);

    /// <summary>How the inference thread waits for either.</summary>
    public IdleWait Idle { get; } = new();

    /// <summary>Asks; <see langword="false"/> when the queue is full.</summary>
    public bool TryAsk(in ForecastRequest request, ReadOnlySpan<float> row, in RegionSignals signals, bool isUrgent)
    {
        if (!(isUrgent ? Urgent : Refresh).TryAdd(request, row, signals))
        {
            return false;
        }

        Idle.WakeIfSleeping();
        return true;
    }

    public void Dispose() => Idle.Dispose();
}
