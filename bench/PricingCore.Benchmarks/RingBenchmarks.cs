using System.Runtime.CompilerServices;
using System.Threading.Channels;
using BenchmarkDotNet.Attributes;
using PricingCore.Ring;

namespace PricingCore.Benchmarks;

/// <summary>
/// Question: what does handing one 64-byte event from a producer to the consumer cost, uncontended, one by one and 32 at once?
/// Baseline: the BCL's bounded <see cref="Channel{T}"/>, which is what we would use if we had no ring. It has no batches.
/// Not measured here: contention between threads (the ring command of bench/PricingCore.Load does that).
/// </summary>
[MemoryDiagnoser(displayGenColumns: false)]
public class RingBenchmarks
{
    private const int Burst = 256; // Fits in both queues, so neither is ever full.
    private const int BatchSize = 32;

    private readonly EventRing<Event64> _ring = new(capacity: 1_024);

    private readonly Channel<Event64> _channel = Channel.CreateBounded<Event64>(
        new BoundedChannelOptions(1_024) { SingleReader = true });

    [Benchmark(Baseline = true, OperationsPerInvoke = Burst)]
    public long BoundedChannel()
    {
        long sum = 0;
        for (int i = 0; i < Burst; i++)
        {
            _channel.Writer.TryWrite(Event64.Of(i));
        }

        while (_channel.Reader.TryRead(out Event64 item))
        {
            sum += item.Number;
        }

        return sum; // Returned so that the JIT cannot drop the reads.
    }

    [Benchmark(OperationsPerInvoke = Burst)]
    public long OneByOne()
    {
        for (int i = 0; i < Burst; i++)
        {
            _ring.TryPublish(Event64.Of(i));
        }

        return DrainInPlace();
    }

    [Benchmark(OperationsPerInvoke = Burst)]
    public long OneByOneAndTakenOneByOne()
    {
        long sum = 0;
        for (int i = 0; i < Burst; i++)
        {
            _ring.TryPublish(Event64.Of(i));
        }

        while (_ring.TryTake(out Event64 item))
        {
            sum += item.Number;
        }

        return sum;
    }

    [Benchmark(OperationsPerInvoke = Burst)]
    public long BatchesOf32()
    {
        for (int i = 0; i < Burst; i += BatchSize)
        {
            if (!_ring.TryClaim(BatchSize, out long position))
            {
                break;
            }

            for (int j = 0; j < BatchSize; j++)
            {
                _ring.Slot(position + j) = Event64.Of(i + j);
            }

            _ring.Publish(position, BatchSize);
        }

        return DrainInPlace();
    }

    private long DrainInPlace()
    {
        long sum = 0;
        for (int count = _ring.Available(Burst); count > 0; count = _ring.Available(Burst))
        {
            for (int offset = 0; offset < count; offset++)
            {
                sum += _ring.Peek(offset).Number;
            }

            _ring.Release(count);
        }

        return sum;
    }

    private struct Event64
    {
        public long Number;
        private Payload _payload;

        public static Event64 Of(long number)
        {
            Event64 item = default;
            item.Number = number;
            item._payload[0] = number;
            return item;
        }
    }

    [InlineArray(7)]
    private struct Payload
    {
        private long _first;
    }
}
