using System.Diagnostics;
using PricingCore.Bench.Workload;
using PricingCore.Events;
using PricingCore.Journal;
using PricingCore.Load.Measuring;
using PricingCore.Numerics;
using PricingCore.Ring;
using PricingCore.Storage;

namespace PricingCore.Load.Suites;

/// <summary>
/// Questions: what does a journal cost the loop; how many events a second become durable, and when are they acknowledged; how many bytes do they take; how fast is
/// a replay; how long does a start take?
/// Method: for the loop, two loops take in the same stream in turns, one with a lane beside it, by CPU time of the loop's thread; the lane's thread writes to the
/// disk that holds the temporary folder. For the rest a live engine, <c>Durable</c>, is fed as fast as it takes events; each thousandth is awaited.
/// <code>
/// P: gate -> ring | L: copy -> buffer | J: planes, Brotli, CRC -> write, fdatasync | L: features
/// </code>
/// </summary>
internal static class JournalLoad
{
    private const int Regions = 10_000;
    private const int FewRegions = 100;
    private const int BusyRate = 1_000_000;
    private const int AwaitEvery = 1_000;

    public static IReadOnlyList<Measurement> Run(LoadOptions options)
    {
        int rounds = options.Number("--rounds", full: 9, brief: 5);
        int seconds = options.Number("--seconds", full: 10, brief: 3);
        int tail = options.Number("--tail", full: 1_000_000, brief: 200_000);
        string folder = Path.Combine(options.Text("--folder") ?? Path.GetTempPath(), "pricingcore-journal-load");
        try
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true); // Of a run that was killed: its journal would be gone on with.
            }

            return [LoopCost(folder + "/loop", rounds), .. Durable(folder + "/durable", seconds), .. Restart(folder + "/restart", tail)];
        }
        finally
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static Measurement LoopCost(string folder, int rounds)
    {
        const int Events = 400_000;
        var stream = new MarketStream(FewRegions);
        var plain = new OurEvents(stream, BusyRate, publishesRows: false);
        var journalled = new OurEvents(stream, BusyRate, publishesRows: false);
        using var loopIdle = new IdleWait();
        using var lane = new JournalLane(
            0, new JournalWriter(DiskFileStore.Instance, folder, new JournalSettings(), 1), new NoNotes(), isDurable: false, loopIdle, _ => { });
        journalled.Engine.Loop.WriteAhead = new WriteAhead(journalled.Engine.Ring, lane);
        lane.Start();
        plain.Run(Events);
        journalled.Run(Events);
        var (without, with) = (new double[rounds], new double[rounds]);
        double bytes = 0;
        for (int round = 0; round < rounds; round++)
        {
            without[round] = plain.Run(Events).Applying.CpuNanos;
            EventCost cost = journalled.Run(Events);
            with[round] = cost.Applying.CpuNanos;
            bytes = Math.Max(bytes, cost.Bytes);
        }

        lane.Close();
        double[] extra = [.. with.Zip(without, (a, b) => a - b)];
        return new Measurement("journal_loop", Median.Of(extra), "ns/event")
        {
            Cpu = Median.Of(extra),
            Rival = "the loop without a journal",
            RivalValue = Median.Of(without),
            Note = FormattableString.Invariant($"what the journal adds, median of {rounds} pairs, {extra.Min():F0} to {extra.Max():F0}; {bytes:F2} B allocated an event on the loop's thread"),
        };
    }

    private static List<Measurement> Durable(string folder, int seconds)
    {
        var stream = new MarketStream(FewRegions);
        var latencies = new Latencies();
        long sent = 0;
        double elapsed;
        using (var engine = new LiveEngine(stream, Options(folder, FewRegions)))
        {
            engine.PublishSome(200_000);
            long started = Stopwatch.GetTimestamp();
            var awaited = new List<Task>();
            while (Stopwatch.GetElapsedTime(started).TotalSeconds < seconds)
            {
                MarketEvent e = stream.At(sent, UnixMicros.From(TimeProvider.System.GetUtcNow()));
                if (sent % AwaitEvery == 0)
                {
                    awaited.Add(AwaitAsync(engine.Engine, e, latencies));
                    sent++;
                }
                else if (engine.Engine.TryPublish(e))
                {
                    sent++;
                }
                else
                {
                    Thread.Yield(); // The ring is full.
                }
            }

            Task.WaitAll([.. awaited]);
            engine.WaitUntilApplied(200_000 + sent);
            elapsed = Stopwatch.GetElapsedTime(started).TotalSeconds;
        }

        long stored = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length);
        long replayStarted = Stopwatch.GetTimestamp();
        JournalReplayResult replay = PricingEngine.Replay(folder);
        double replaySeconds = Stopwatch.GetElapsedTime(replayStarted).TotalSeconds;
        if (replay.FirstDifference is not null || replay.Statistics.Applied != 200_000 + sent)
        {
            throw new InvalidOperationException($"The replay differs: {replay.FirstDifference ?? $"{replay.Statistics.Applied} events of {200_000 + sent}"}");
        }

        return
        [
            new Measurement("journal_durable", sent / elapsed / 1e6, "M events/s") { Note = $"durable and in the features; acknowledged after {latencies}" },
            new Measurement("journal_acknowledged_p99", latencies.MicrosAt(0.99), "us") { Note = "while as many are published as go in" },
            new Measurement("journal_bytes", stored / (200_000.0 + sent), "B/event") { Note = "on disk, of the benchmark's stream, ticks included" },
            new Measurement("journal_replay", replay.Records / replaySeconds / 1e6, "M events/s") { Note = FormattableString.Invariant($"{FewRegions} regions, {replay.Records:N0} records, opening included") },
        ];
    }

    private static List<Measurement> Restart(string folder, int tail)
    {
        var stream = new MarketStream(Regions);
        PricingOptions options = Options(folder, Regions);
        options.Journal.SnapshotEveryEvents = 1_000;
        using (var engine = new LiveEngine(stream, options))
        {
            engine.PublishSome(300_000);
            SpinWait.SpinUntil(() => Directory.Exists(folder + "/snapshots") && Directory.GetFiles(folder + "/snapshots", "*.snap").Length > 0, TimeSpan.FromSeconds(30));
        }

        using (var engine = new LiveEngine(stream, Options(folder, Regions)))
        {
            engine.PublishSome(tail);
        }

        long started = Stopwatch.GetTimestamp();
        using var again = new LiveEngine(stream, Options(folder, Regions));
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        RecoveryReport report = again.Engine.Recovery;
        return report.Snapshot is null || report.Difference is not null
            ? throw new InvalidOperationException($"The start did not begin with a snapshot, or differs: {report}")
            : [new Measurement("journal_restart", seconds, "s") { Note = FormattableString.Invariant($"{Regions:N0} regions from a snapshot and {report.Records:N0} records after it") }];
    }

    private static async Task AwaitAsync(PricingEngine engine, MarketEvent e, Latencies latencies)
    {
        long started = Stopwatch.GetTimestamp();
        while (await engine.PublishAsync(e).ConfigureAwait(false) == Rejection.Busy)
        {
            await Task.Yield();
        }

        latencies.Record((long)Stopwatch.GetElapsedTime(started).TotalNanoseconds);
    }

    private static PricingOptions Options(string folder, int regions) => new()
    {
        MaxRegions = regions,
        Journal = new JournalOptions { Directory = folder, SnapshotEveryEvents = 1_000_000_000 },
    };

    private sealed class NoNotes : INoteSource
    {
        public int WriteBefore(ReadOnlySpan<AcceptedEvent> records, JournalWriter writer) => records.Length;
    }
}
