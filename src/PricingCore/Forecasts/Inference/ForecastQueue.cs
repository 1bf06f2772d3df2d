using PricingCore.Features;
using PricingCore.Ring;

namespace PricingCore.Forecasts.Inference;

/// <summary>Requests on their way to the inference thread, each with its row and signals in buffers of their own.</summary>
/// <remarks>
/// An <see cref="EventRing{T}"/> of requests; the row of the request in slot i is row i of one array, so that a batch of neighbouring
/// slots is one span of rows, evaluated in place. A row is written between claim and publish, as a slot is, and so the ring's fences hold for it.
/// </remarks>
/// <threadsafety><see cref="TryAdd"/>: any thread. The rest: the inference thread.</threadsafety>
internal sealed class ForecastQueue
{
    private readonly EventRing<ForecastRequest> _ring;
    private readonly float[] _rows;
    private readonly RegionSignals[] _signals;
    private readonly int _width;
    private int _head;

    /// <param name="capacity">Requests that fit: a power of two.</param>
    /// <param name="width">Features in a row.</param>
    public ForecastQueue(int capacity, int width)
    {
        _ring = new EventRing<ForecastRequest>(capacity);
        _rows = new float[checked(capacity * width)];
        _signals = new RegionSignals[capacity];
        _width = width;
    }

    /// <summary>Requests that wait: a snapshot for metrics.</summary>
    public int Count => _ring.Count;

    /// <summary>Adds a request; <see langword="false"/>, and nothing is added, when the queue is full.</summary>
    public bool TryAdd(in ForecastRequest request, ReadOnlySpan<float> row, in RegionSignals signals)
    {
        if (!_ring.TryClaim(1, out long position))
        {
            return false;
        }

        int slot = (int)(position & (_ring.Capacity - 1));
        row.CopyTo(_rows.AsSpan(slot * _width, _width));
        _signals[slot] = signals;
        _ring.Slot(position) = request;
        _ring.Publish(position, 1);
        return true;
    }

    /// <summary>Requests at the head that can be read now, up to a limit and up to the end of the buffers, so that their rows lie together.</summary>
    public int Available(int max) => _ring.Available(Math.Min(max, _ring.Capacity - _head));

    /// <summary>A request in place.</summary>
    public ref readonly ForecastRequest Peek(int offset) => ref _ring.Peek(offset);

    /// <summary>The rows of requests in place.</summary>
    public ReadOnlySpan<float> Rows(int offset, int count) => _rows.AsSpan((_head + offset) * _width, count * _width);

    /// <summary>The signals of requests in place.</summary>
    public ReadOnlySpan<RegionSignals> Signals(int offset, int count) => _signals.AsSpan(_head + offset, count);

    /// <summary>Frees the oldest slots; what <see cref="Peek"/>, <see cref="Rows"/> and <see cref="Signals"/> gave is dead afterwards.</summary>
    public void Release(int count)
    {
        _ring.Release(count);
        _head = (_head + count) & (_ring.Capacity - 1);
    }
}
