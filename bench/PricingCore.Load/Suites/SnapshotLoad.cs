using System.Diagnostics;
using PricingCore.Bench.Workload;
using PricingCore.Events;
using PricingCore.Features;
using PricingCore.Forecasts.Rollouts;
using PricingCore.Load.Measuring;
using PricingCore.Snapshots;
using PricingCore.Storage;

namespace PricingCore.Load.Suites;

/// <summary>
/// Questions: how long does a snapshot of 10,000 regions stop the loop, how large is its file, and how long do writing and loading take?
/// Method: a loop with six quiet hours of history, then 8 minutes of 2,000 events a second from 100,000 users and 20,000 units, a decision of every region
/// and 100,000 idempotency keys, is copied again and again between events; each copy is written to disk, synced, checked and loaded into a new loop.
/// <code>
/// loop: tables -> copy, then regions -> copy between batches | beside it: copy -> bytes -> Brotli -> CRC -> file -> sync        start: file -> CRC -> Brotli -> state of a new loop
/// </code>
/// Beside each copy a plain one of as many bytes is timed: what the machine's memory gives just then. The copy's memory is touched before, as an engine does, so that the loop does not pay for it. By wall time, since a loop that is stopped is stopped; where
/// others share the CPU, the median says more than the largest.
/// </summary>
internal static class SnapshotLoad
{
    private const int Regions = 10_000;
    private const int Keys = 100_000;
    private const int PlainBytes = 38 << 20;
    private const int RegionsAtATime = 64; // As the engine takes.
    private const int QuietRate = 5;
    private const int BusyRate = 2_000;

    public static IReadOnlyList<Measurement> Run(LoadOptions options)
    {
        int rounds = options.Number("--rounds", full: 20, brief: 10);
        OneLoop engine = Fill(options, out MarketStream stream);
        string folder = Directory.CreateTempSubdirectory("pricingcore-snapshot-").FullName;
        try
        {
            return Measure(engine, stream, new SnapshotStore(DiskFileStore.Instance, folder), folder, rounds);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Copies the regions as a loop does between its batches.</summary>
    /// <returns>Milliseconds for all of them.</returns>
    private static double CopyRegions(LoopCopy copy, out double longest)
    {
        (double all, longest) = (0, 0);
        for (bool isComplete = false; !isComplete;)
        {
            var clocks = Clocks.Start();
            isComplete = copy.CopySome(RegionsAtATime);
            double slice = clocks.Stop().WallNanos / 1e6;
            all += slice;
            longest = Math.Max(longest, slice);
        }

        return all;
    }

    private static byte[] Touched(int bytes)
    {
        byte[] array = new byte[bytes];
        Array.Fill(array, (byte)1);
        return array;
    }

    private static OneLoop Fill(LoadOptions options, out MarketStream stream)
    {
        stream = new MarketStream(Regions);
        var ours = new OurEvents(stream, QuietRate, publishesRows: false);
        ours.Run(options.Number("--quiet-events", full: 6 * 60 * 60 * QuietRate, brief: 2 * 60 * 60 * QuietRate));
        var feed = new EventFeed(stream, BusyRate, startMicros: ours.Now);
        for (int done = 0; done < 8 * 60 * BusyRate; done += feed.Count)
        {
            feed.Next();
            for (int i = 0; i < feed.Count; i++)
            {
                ours.Engine.Publish(feed.Events[i], feed.Times[i]);
            }

            if (feed.IsTickDue)
            {
                ours.Engine.Tick(feed.Now);
            }

            ours.Engine.Drain();
        }

        for (int i = 0; i < Keys; i++)
        {
            ours.Engine.Keys.TryRestore(new IdempotencyKeys.SeenKey { Low = unchecked((ulong)i * 0x9E37_79B9_7F4A_7C15), High = (uint)i, SeenAt = feed.Now });
        }

        ours.Engine.DecideAll(feed.Now);
        return ours.Engine;
    }

    private static Measurement[] Measure(OneLoop engine, MarketStream stream, SnapshotStore store, string folder, int rounds)
    {
        LoopCopy.Prepare(new OneLoop(stream, publishesRows: false).State); // As an engine does when it starts.
        using var first = new LoopCopy(new(32 << 20, 32 << 20), Regions);
        var cold = Clocks.Start();
        first.Cut(engine.State);
        Spent coldSpent = cold.Stop();
        CopyRegions(first, out _);
        LoopCopy.Bytes size = first.Size;
        byte[] from = Touched(PlainBytes);
        byte[] to = Touched(PlainBytes);
        double[] plainCpu = new double[rounds];
        var (rests, slices) = (new double[rounds], new double[rounds]);
        var (stalls, cpu, writes, checks, loads) = (new double[rounds], new double[rounds], new double[rounds], new double[rounds], new double[rounds]);
        for (int round = 0; round < rounds; round++)
        {
            using var copy = new LoopCopy(size.WithSpare(), Regions);
            var clocks = Clocks.Start();
            copy.Cut(engine.State);
            Spent spent = clocks.Stop();
            (stalls[round], cpu[round]) = (spent.WallNanos / 1e6, spent.CpuNanos / 1e6);
            rests[round] = CopyRegions(copy, out slices[round]);
            clocks = Clocks.Start();
            from.CopyTo(to, 0);
            spent = clocks.Stop();
            plainCpu[round] = spent.CpuNanos / 1e6;

            long begin = Stopwatch.GetTimestamp();
            var head = new SnapshotHead(store.NextNumber, 0, FeatureSchema.Mobility.Hash, [new SnapshotLane(0, 0)]);
            store.Write(head, ReadOnlyMemory<byte>.Empty, [copy.ToBlocks()]);
            writes[round] = Stopwatch.GetElapsedTime(begin).TotalMilliseconds;

            var fresh = new OneLoop(stream, publishesRows: false);
            begin = Stopwatch.GetTimestamp();
            using SnapshotReader reader = store.OpenNewest((path, why) => throw new InvalidOperationException($"{path}: {why}"))!;
            checks[round] = Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
            fresh.State.Load(reader.OpenLane(0), MarketStream.Rules, RolloutPlan.None);
            loads[round] = Stopwatch.GetElapsedTime(begin).TotalMilliseconds - checks[round];
        }

        long file = new FileInfo(Directory.GetFiles(folder)[^1]).Length;
        (double ratio, string note) = Median.OfPairs(cpu, plainCpu);
        string all = FormattableString.Invariant($"{rounds} snapshots of {Regions:N0} regions");
        return
        [
            new Measurement("snapshot_stall", Median.Of(stalls), "ms")
            {
                Cpu = Median.Of(cpu),
                Rival = "a plain copy of 38 MiB, about all that is copied",
                RivalValue = Median.Of(plainCpu),
                Ratio = ratio,
                Note = FormattableString.Invariant($"the loop stands still; by CPU time {note}; largest {stalls.Max():F1} ms ({cpu.Max():F1} of CPU), least {stalls.Min():F1}; {all}, {size.Tables / 1048576.0:F1} of {size.Total / 1048576.0:F1} MiB copied"),
            },
            new Measurement("snapshot_slice", slices.Max(), "ms") { Note = FormattableString.Invariant($"the longest of all pieces in which regions follow, {RegionsAtATime} between two batches; all of them take {Median.Of(rests):F1} ms") },
            new Measurement("snapshot_first_stall", coldSpent.WallNanos / 1e6, "ms") { Cpu = coldSpent.CpuNanos / 1e6, Note = "the first of the process, after everything was compiled" },
            new Measurement("snapshot_file", file / 1048576.0, "MiB") { Note = FormattableString.Invariant($"{(double)file / Regions:F0} B a region, decisions included") },
            new Measurement("snapshot_write", Median.Of(writes), "ms") { Note = "not on the loop: encode, compress, write, sync, rename" },
            new Measurement("snapshot_check", Median.Of(checks), "ms") { Note = "every byte of the file" },
            new Measurement("snapshot_load", Median.Of(loads), "ms") { Note = FormattableString.Invariant($"into a loop that is there; largest {loads.Max():F0} ms") },
        ];
    }
}
