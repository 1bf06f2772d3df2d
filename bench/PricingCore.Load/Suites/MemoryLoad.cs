using System.Diagnostics;
using System.Globalization;
using PricingCore.Bench.Workload;
using PricingCore.Events;
using PricingCore.Load.Measuring;
using PricingCore.Quotes;

namespace PricingCore.Load.Suites;

/// <summary>
/// Questions: what memory does a region take, what does a process with 10,000 of them take, and does memory grow with the rate of events?
/// Method: live engines with 100 and with 10,000 regions, each in a process of its own, every region with events, users and a decision: the
/// difference of managed memory over 9,900. For growth: 20 minutes of event time at two rates, four times apart, into both engines.
/// <code>
/// this process -> child: engine with 100 regions      -> managed bytes, resident bytes
///              -> child: engine with 10,000 regions   -> managed bytes, resident bytes
/// </code>
/// </summary>
internal static class MemoryLoad
{
    public const string ProbeCommand = "memory-probe";

    private const int Few = 100;
    private const int Many = 10_000;
    private const int EventsOfProbe = 300_000;
    private const int SlowRate = 500;
    private const int Minutes = 20;

    public static IReadOnlyList<Measurement> Run(LoadOptions options)
    {
        _ = options;
        (long fewManaged, _) = StartProbe(Few);
        (long manyManaged, long manyResident) = StartProbe(Many);
        return
        [
            new Measurement("region_bytes", (manyManaged - fewManaged) / (double)(Many - Few), "B/region") { Note = "managed memory, decision and names included" },
            new Measurement("process_bytes", manyResident, "B")
            {
                Note = FormattableString.Invariant($"resident, runtime included, {Many:N0} regions active, default options; {manyManaged / 1048576.0:F1} MiB of it managed"),
            },
            .. Growth(),
        ];
    }

    /// <summary>What the child process runs: prints managed and resident bytes.</summary>
    public static int Probe(string[] args)
    {
        int regions = int.Parse(args[0], CultureInfo.InvariantCulture);
        var options = new PricingOptions { Rules = MarketStream.Rules, MaxRegions = regions, UserEventsPerMinute = 0 };
        PricingEngine engine = PricingEngine.Start(options);
        for (int i = 0; i < EventsOfProbe; i++)
        {
            MarketEvent e = EventOf(i, regions);
            while (!engine.TryPublish(e))
            {
                Thread.Yield();
            }
        }

        for (int region = 0; region < regions; region++)
        {
            engine.QuoteAsync(new QuoteRequest(NameOf(region))).AsTask().GetAwaiter().GetResult();
        }

        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        long managed = GC.GetTotalMemory(forceFullCollection: true);
        long resident = Process.GetCurrentProcess().WorkingSet64;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{managed} {resident}"));
        engine.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return 0;
    }

    private static string NameOf(int region) => "zone-" + region.ToString("D5", CultureInfo.InvariantCulture);

    private static MarketEvent EventOf(int number, int regions)
    {
        MarketEventKind kind = (number / regions % 4) switch
        {
            0 => MarketEventKind.Booking,
            1 => MarketEventKind.SupplyAvailable,
            _ => MarketEventKind.Search,
        };
        string actor = "actor-" + (number % 100_000).ToString("D8", CultureInfo.InvariantCulture);
        var e = new MarketEvent(kind, NameOf(number % regions), TimeProvider.System.GetUtcNow());
        return kind == MarketEventKind.SupplyAvailable ? e with { UnitId = actor } : e with { UserId = actor };
    }

    private static (long Managed, long Resident) StartProbe(int regions)
    {
        using Process child = Process.Start(ThisProgram.With(ProbeCommand, regions.ToString(CultureInfo.InvariantCulture)))!;
        string[] parts = child.StandardOutput.ReadToEnd().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        child.WaitForExit();
        return child.ExitCode == 0 && parts.Length == 2
            ? (long.Parse(parts[0], CultureInfo.InvariantCulture), long.Parse(parts[1], CultureInfo.InvariantCulture))
            : throw new InvalidOperationException($"The memory probe ended with code {child.ExitCode}.");
    }

    private static Measurement[] Growth()
    {
        var stream = new MarketStream(1_000);
        return [Of("memory_growth", rate => new OurEvents(stream, rate, publishesRows: false)), Of("memory_growth_naive", rate => new NaiveEvents(stream, rate))];

        static Measurement Of(string name, Func<int, IEventContender> make)
        {
            (double slow, double fast) = (BytesHeld(make, SlowRate), BytesHeld(make, 4 * SlowRate));
            return new Measurement(name, fast / 1048576, "MiB")
            {
                Rival = $"a quarter of the rate, {SlowRate} events/s",
                RivalValue = slow / 1048576,
                Ratio = fast / slow,
                Note = $"managed memory after {Minutes} minutes of {4 * SlowRate} events/s, 1,000 regions",
            };
        }
    }

    private static double BytesHeld(Func<int, IEventContender> make, int rate)
    {
        long before = GC.GetTotalMemory(forceFullCollection: true);
        IEventContender contender = make(rate);
        contender.Run(rate * 60 * Minutes);
        long held = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(contender);
        return held;
    }
}
