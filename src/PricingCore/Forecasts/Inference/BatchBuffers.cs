using PricingCore.Events;
using PricingCore.Features;

namespace PricingCore.Forecasts.Inference;

/// <summary>Where a batch of requests for different models is sorted: the rows of one model at a time, copied together.</summary>
/// <threadsafety>One thread: the inference thread.</threadsafety>
internal sealed class BatchBuffers(int maxBatch, int rowWidth)
{
    private readonly float[] _rows = new float[maxBatch * rowWidth];
    private readonly RegionSignals[] _signals = new RegionSignals[maxBatch];
    private readonly Forecast[] _forecasts = new Forecast[maxBatch];
    private readonly AcceptedEvent[] _records = new AcceptedEvent[maxBatch];
    private readonly int[] _offsets = new int[maxBatch];
    private readonly bool[] _isDone = new bool[maxBatch];

    /// <summary>Room for answers.</summary>
    public Span<Forecast> Forecasts(int count) => _forecasts.AsSpan(0, count);

    /// <summary>Room for the records that bring them.</summary>
    public Span<AcceptedEvent> Records(int count) => _records.AsSpan(0, count);

    /// <summary>Begins with the requests at the head of a queue.</summary>
    public void Begin(int count) => _isDone.AsSpan(0, count).Clear();

    /// <summary>Copies the rows of the first request not yet gathered, and of all that are like it.</summary>
    /// <returns><see langword="false"/> when all are gathered.</returns>
    public bool TryGather(ForecastQueue queue, int count, out ReadOnlySpan<int> offsets)
    {
        int found = 0;
        int first = _isDone.AsSpan(0, count).IndexOf(false);
        for (int i = Math.Max(first, 0); first >= 0 && i < count; i++)
        {
            if (_isDone[i] || !queue.Peek(i).IsLike(queue.Peek(first)))
            {
                continue;
            }

            queue.Rows(i, 1).CopyTo(_rows.AsSpan(found * rowWidth, rowWidth));
            _signals[found] = queue.Signals(i, 1)[0];
            _offsets[found] = i;
            _isDone[i] = true;
            found++;
        }

        offsets = _offsets.AsSpan(0, found);
        return found > 0;
    }

    /// <summary>What was gathered last.</summary>
    public ForecastBatch BatchOf(int count, int horizonMinutes) =>
        new(horizonMinutes, _rows.AsSpan(0, count * rowWidth), rowWidth, _signals.AsSpan(0, count));
}
