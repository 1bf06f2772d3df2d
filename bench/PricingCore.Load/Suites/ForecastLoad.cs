using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using PricingCore.Bench.Workload;
using PricingCore.Events;
using PricingCore.Features;
using PricingCore.Forecasts;
using PricingCore.Forecasts.Inference;
using PricingCore.Forecasts.Rollouts;
using PricingCore.Load.Measuring;
using PricingCore.Ring;

namespace PricingCore.Load.Suites;

/// <summary>
/// Questions: what does the way to the inference thread and back cost beside the model itself, how long does a forecast take at a rate that users set, and how long until
/// 10,000 regions that have changed have new ones?
/// Method: 100 trees of depth 6. Throughput: a thread keeps the queue full and empties the ring of answers, this one answers batches of 32; against the bare kernel on batches of 32,
/// in turns, by CPU time. Latency: an open loop, from the planned time of asking to the answer in the ring. Refresh: one thread does all of it, from the tick to the last answer taken in.
/// <code>
/// rows -> queue -> inference thread: batch -> kernel -> ring -> loop
/// </code>
/// </summary>
internal static class ForecastLoad
{
    private const int Batch = 32;
    private const int RefreshRegions = 10_000;

    public static IReadOnlyList<Measurement> Run(LoadOptions options)
    {
        using var model = new TreeForecaster();
        float[][] rows = SomeRows();
        return
        [
            .. Throughput(options, model, rows),
            .. Latency(options, model, rows),
            .. Refresh(options, model),
        ];
    }

    /// <summary>Rows of a market that has been busy for a while.</summary>
    private static float[][] SomeRows()
    {
        var stream = new MarketStream(512);
        var ours = new OurEvents(stream, 10_000, publishesRows: false);
        ours.Run(400_000);
        return [.. Enumerable.Range(0, 512).Select(region =>
        {
            float[] row = new float[FeatureSchema.Mobility.Count];
            ours.Engine.Reader.ReadRow(region, row);
            return row;
        })];
    }

    private static IEnumerable<Measurement> Throughput(LoadOptions options, TreeForecaster model, float[][] rows)
    {
        int rounds = options.Number("--rounds", full: 9, brief: 5);
        int requests = options.Number("--requests", full: 400_000, brief: 80_000);
        using var way = new Way(model, urgentCapacity: 4_096);
        var (through, bare) = (new Spent[rounds], new Spent[rounds]);
        double[] bytes = new double[rounds];
        WarmUp.Run(() =>
        {
            way.Run(rows, requests / 8);
            Bare(model, rows, requests / 8);
        });
        for (int round = 0; round < rounds; round++)
        {
            Way.Answered answered = way.Run(rows, requests);
            through[round] = answered.Spent;
            bytes[round] = answered.Bytes;
            bare[round] = Bare(model, rows, requests);
        }

        (double ratio, string note) = Median.OfPairs([.. through.Select(s => s.CpuNanos)], [.. bare.Select(s => s.CpuNanos)]);
        yield return new Measurement("forecast_worker", Median.Of(through.Select(s => s.WallNanos)), "ns/forecast")
        {
            Cpu = Median.Of(through.Select(s => s.CpuNanos)),
            Rival = "the bare kernel",
            RivalValue = Median.Of(bare.Select(s => s.CpuNanos)),
            Ratio = ratio,
            Note = "by CPU time; " + note,
        };
        yield return new Measurement("forecast_worker_bytes", Median.Of(bytes), "B/round");
    }

    private static Spent Bare(TreeForecaster model, float[][] rows, int requests)
    {
        float[] batch = [.. rows.Take(Batch).SelectMany(row => row)];
        var signals = new RegionSignals[Batch];
        var forecasts = new Forecast[Batch];
        float[][] batches = [.. rows.Chunk(Batch).Select(chunk => chunk.SelectMany(row => row).ToArray())];
        var clocks = Clocks.Start();
        for (int i = 0; i < requests / Batch; i++)
        {
            model.Predict(new ForecastBatch(15, batches[i % batches.Length], batch.Length / Batch, signals), forecasts);
        }

        return clocks.Stop().Per(requests / Batch * Batch);
    }

    private static IEnumerable<Measurement> Latency(LoadOptions options, TreeForecaster model, float[][] rows)
    {
        int seconds = options.Number("--seconds", full: 5, brief: 1);
        bool isWarmUp = true;
        foreach (int rate in (int[])[10_000, 1_000, 10_000, 50_000])
        {
            var latencies = new Latencies();
            int count = rate * seconds;
            long[] planned = new long[count];
            int answers = 0;
            using var models = new LoadedModels(4, 4);
            models.TryAdd(0, model, isOwned: false);
            using var worker = new InferenceWorker(
                Settings(16_384),
                models,
                ready =>
                {
                    foreach (AcceptedEvent answer in ready)
                    {
                        latencies.Record(Pacer.NanosSince(Volatile.Read(ref planned[answer.Region])));
                    }

                    Interlocked.Add(ref answers, ready.Length);
                    return ready.Length;
                },
                () => 0);
            worker.Start();
            int refused = 0;
            Latencies late = Pacer.Run(rate, count, (i, time) =>
            {
                Volatile.Write(ref planned[i], time);
                refused += worker.Queues.TryAsk(RequestOf(i), rows[i % rows.Length], default, isUrgent: true) ? 0 : 1;
            });
            if (!SpinWait.SpinUntil(() => Volatile.Read(ref answers) == count - refused, TimeSpan.FromSeconds(30)) || refused > 0)
            {
                throw new InvalidOperationException($"{count} forecasts were asked for at {rate}/s, {refused} refused, {answers} answered.");
            }

            if (isWarmUp)
            {
                isWarmUp = false;
                continue;
            }

            Console.WriteLine($"forecast: {rate:N0}/s for {seconds} s, {answers:N0} answers: {latencies}; asked late: {late}");
            foreach (Measurement row in LatencyRows.Of(string.Create(CultureInfo.InvariantCulture, $"forecast_at_{rate}"), latencies))
            {
                yield return row;
            }
        }
    }

    private static IEnumerable<Measurement> Refresh(LoadOptions options, TreeForecaster model)
    {
        int rounds = options.Number("--rounds", full: 9, brief: 3);
        var stream = new MarketStream(RefreshRegions);
        var ours = new OurEvents(stream, 10_000, publishesRows: true);
        ours.Run(400_000);
        OneLoop engine = ours.Engine;
        using var models = new LoadedModels(4, 4);
        models.TryAdd(0, model, isOwned: false);
        long taken = 0;
        using var worker = new InferenceWorker(
            Settings(64),
            models,
            answers =>
            {
                taken += answers.Length;
                return engine.Ring.TryPublish(answers) ? answers.Length : throw new InvalidOperationException("The ring is full.");
            },
            () => ours.Now);
        engine.Follow(new RolloutPlan(stable: 0, candidate: -1, 0, comparesPrices: false, "") { Queues = worker.Queues }, ours.Now);
        var (all, own) = (new double[rounds], new Spent[rounds]);
        for (int round = -3; round < rounds; round++)
        {
            long now = ours.Now + ((round + 4) * 60_000_000L); // A new minute: every region's windows move.
            long before = taken;
            var clocks = Clocks.Start();
            engine.Tick(now);
            do
            {
                engine.Drain();
            }
            while (worker.AnswerBatch() > 0);
            engine.Drain();
            Spent spent = clocks.Stop();
            if (taken - before != RefreshRegions)
            {
                throw new InvalidOperationException($"{RefreshRegions} regions had changed, but {taken - before} were answered.");
            }

            if (round >= 0)
            {
                own[round] = spent;
                all[round] = spent.CpuNanos / 1e6;
            }
        }

        yield return new Measurement("forecast_refresh_10000", Median.Of(own.Select(s => s.WallNanos)) / 1e6, "ms") { Cpu = Median.Of(all), Note = "rows, queue, trees, ring and taking in, on one thread" };
    }

    private static InferenceSettings Settings(int urgentCapacity) => new()
    {
        RowWidth = FeatureSchema.Mobility.Count,
        MaxBatch = Batch,
        MaxRefreshBatch = 256,
        UrgentCapacity = urgentCapacity,
        RefreshCapacity = 16_384,
        DeadlineMicros = long.MaxValue,
        Time = TimeProvider.System,
        Logger = NullLogger.Instance,
    };

    private static ForecastRequest RequestOf(int region) => new() { Region = region, Model = 0, OtherModel = -1, HorizonMinutes = 15, AskedAt = 0 };

    /// <summary>A queue that another thread keeps full, and the ring of answers that it empties.</summary>
    private sealed class Way : IDisposable
    {
        private readonly EventRing<AcceptedEvent> _ring = new(16_384);
        private readonly LoadedModels _models = new(4, 4);
        private readonly InferenceWorker _worker;

        public Way(TreeForecaster model, int urgentCapacity)
        {
            _models.TryAdd(0, model, isOwned: false);
            _worker = new InferenceWorker(Settings(urgentCapacity), _models, answers => _ring.TryPublish(answers) ? answers.Length : 0, () => 0);
        }

        public Answered Run(float[][] rows, int requests)
        {
            using var isFull = new ManualResetEventSlim();
            var asking = new Thread(() => Ask(rows, requests, isFull));
            asking.Start();
            isFull.Wait();
            long bytes = GC.GetAllocatedBytesForCurrentThread();
            var clocks = Clocks.Start();
            int answered = 0;
            while (answered < requests)
            {
                answered += _worker.AnswerBatch();
            }

            Spent spent = clocks.Stop();
            bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
            asking.Join();
            return new Answered(spent.Per(requests), bytes);
        }

        public void Dispose()
        {
            _worker.Dispose();
            _models.Dispose();
        }

        private void Ask(float[][] rows, int requests, ManualResetEventSlim isFull)
        {
            int asked = 0;
            int taken = 0;
            while (taken < requests)
            {
                while (asked < requests && _worker.Queues.Urgent.TryAdd(RequestOf(asked), rows[asked % rows.Length], default))
                {
                    asked++;
                }

                isFull.Set();
                int ready = _ring.Available(4_096);
                _ring.Release(ready);
                taken += ready;
            }
        }

        public readonly record struct Answered(Spent Spent, long Bytes);
    }
}
