using PricingCore.Bench.Rivals;
using PricingCore.Bench.Workload;
using PricingCore.Events;
using PricingCore.Load.Measuring;
using PricingCore.Load.Ring;
using PricingCore.Regions;

namespace PricingCore.Load.Suites;

/// <summary>
/// Question: what does publishing an event cost the caller, alone and while a consumer takes the events out?
/// Method: bursts of up to 2,048 events of the city's stream; rival: the naive checks, the same region look-up and a bounded channel of the
/// same 64-byte record. <c>publish</c> has 256 events of all kinds in turn; <c>publish_one_event</c> the same search again and again, as the
/// plainest benchmark would, with every branch foreseen.
/// <code>
/// alone:          P: gate -> ring          (emptied between bursts, not timed)
/// with consumer:  P: gate -> ring -> C     (C on the other CPU, takes and drops)
/// </code>
/// </summary>
internal static class PublishLoad
{
    private const int Regions = 1_000;
    private const int Rate = 10_000; // Of event time.
    private const int UserLimit = 1_000_000; // A minute: high, so that the few users here are counted and never refused.
    private const int Distinct = 256; // In the cache, as ids are that have just been parsed.

    public static IReadOnlyList<Measurement> Run(LoadOptions options)
    {
        int rounds = options.Number("--rounds", full: 9, brief: 5);
        int events = options.Number("--events", full: 500_000, brief: 200_000);
        var stream = new MarketStream(Regions);
        int search = Enumerable.Range(0, Distinct).First(i => stream.At(i, MarketStream.StartMicros).Kind == MarketEventKind.Search);
        var mixed = new Publisher(stream, Distinct, first: 0);
        return
        [
            .. Against("publish", mixed, new RivalPublisher(stream, Distinct, first: 0), rounds, events),
            .. Against("publish_one_event", new Publisher(stream, 1, search), new RivalPublisher(stream, 1, search), rounds, events),
            WithConsumer(mixed, rounds, events),
        ];
    }

    private static Measurement[] Against(string name, Publisher ours, RivalPublisher rival, int rounds, int events)
    {
        var (own, others) = (new Spent[rounds], new Spent[rounds]);
        double[] bytes = new double[rounds];
        WarmUp.Run(() =>
        {
            ours.Run(events / 8, out _);
            rival.Run(events / 8);
        });
        for (int round = 0; round < rounds; round++)
        {
            own[round] = ours.Run(events, out bytes[round]);
            others[round] = rival.Run(events);
        }

        (double ratio, string note) = Median.OfPairs([.. own.Select(s => s.CpuNanos)], [.. others.Select(s => s.CpuNanos)]);
        return
        [
            new Measurement(name, Median.Of(own.Select(s => s.WallNanos)), "ns/event")
            {
                Cpu = Median.Of(own.Select(s => s.CpuNanos)),
                Rival = "checks + bounded Channel<T>",
                RivalValue = Median.Of(others.Select(s => s.CpuNanos)),
                Ratio = ratio,
                Note = "by CPU time; the gate also hashes ids with a key and counts per user; " + note,
            },
            new Measurement(name + "_bytes", Median.Of(bytes), "B/event"),
        ];
    }

    private static Measurement WithConsumer(Publisher publisher, int rounds, int events)
    {
        var costs = new Spent[rounds];
        var lines = new double[rounds];
        for (int round = 0; round < rounds; round++)
        {
            lines[round] = LineTransfer.MeasureNanoseconds();
            costs[round] = publisher.RunWithConsumer(events);
        }

        return new Measurement("publish_with_consumer", Median.Of(costs.Select(s => s.WallNanos)), "ns/event")
        {
            Cpu = Median.Of(costs.Select(s => s.CpuNanos)),
            Note = FormattableString.Invariant($"moving a cache line between the CPUs took {Median.Of(lines):F0} ns beside it; compare only within this run"),
            Skipped = Median.Of(lines) > RingSuite.SharedCpuNanos
                ? FormattableString.Invariant($"two threads shared a CPU: a cache line took {Median.Of(lines):F0} ns to hand over")
                : null,
        };
    }

    private sealed class Publisher
    {
        private readonly EventFeed _feed;
        private readonly OneLoop _engine;
        private readonly EventGate _gate;

        public Publisher(MarketStream stream, int distinct, int first)
        {
            _feed = new EventFeed(stream, Rate, distinct, first);
            _engine = new OneLoop(stream, publishesRows: false);
            _gate = new EventGate(
                _engine.Regions, new NameTable(64), new RateLimits(UserLimit, 0, Regions), new byte[16], 900_000_000, 5_000_000);
        }

        public Spent Run(int events, out double bytes)
        {
            Spent spent = default;
            int done = 0;
            long before = GC.GetAllocatedBytesForCurrentThread();
            while (done < events)
            {
                _feed.Next();
                var clocks = Clocks.Start();
                int published = PublishChunk();
                spent += clocks.Stop();
                Check(published);
                Empty();
                done += _feed.Count;
            }

            bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)done;
            return spent.Per(done);
        }

        public Spent RunWithConsumer(int events)
        {
            using var stop = new CancellationTokenSource();
            var consumer = new Thread(() =>
            {
                while (!stop.IsCancellationRequested)
                {
                    if (Empty() == 0)
                    {
                        Thread.SpinWait(60);
                    }
                }
            });
            consumer.Start();
            Spent spent = default;
            int done = 0;
            while (done < events)
            {
                _feed.Next();
                var clocks = Clocks.Start();
                done += PublishChunk();
                spent += clocks.Stop();
            }

            stop.Cancel();
            consumer.Join();
            Empty();
            return spent.Per(done);
        }

        private int PublishChunk()
        {
            int published = 0;
            for (int i = 0; i < _feed.Count; i++)
            {
                if (_gate.TryAccept(_feed.Events[i], _feed.Times[i], out AcceptedEvent accepted) == Rejection.None && _engine.Ring.TryPublish(accepted))
                {
                    published++;
                }
            }

            return published;
        }

        private void Check(int published)
        {
            if (published != _feed.Count)
            {
                throw new InvalidOperationException($"{_feed.Count - published} events were refused.");
            }
        }

        private int Empty()
        {
            int taken = 0;
            for (int count = _engine.Ring.Available(256); count > 0; count = _engine.Ring.Available(256))
            {
                _engine.Ring.Release(count);
                taken += count;
            }

            return taken;
        }
    }

    private sealed class RivalPublisher(MarketStream stream, int distinct, int first)
    {
        private readonly EventFeed _feed = new(stream, Rate, distinct, first);
        private readonly NaivePublisher _rival = new(stream.Regions);

        public Spent Run(int events)
        {
            Spent spent = default;
            int done = 0;
            while (done < events)
            {
                _feed.Next();
                var clocks = Clocks.Start();
                for (int i = 0; i < _feed.Count; i++)
                {
                    _rival.TryPublish(_feed.Events[i], _feed.Times[i]);
                }

                spent += clocks.Stop();
                _rival.Empty();
                done += _feed.Count;
            }

            return spent.Per(done);
        }
    }
}
