using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace PricingCore.Load.Ring;

/// <summary>
/// Question: how many times cheaper is the ring than a bounded channel, for 64-byte events?
/// Method: both run the same work with the same code for waiting, in turns (A B A B ...), and each pair gives one ratio; the
/// median of the ratios is reported. Before each pair it measures what moving a line between two CPUs costs right now:
/// on virtual machines that drifts by a factor of five within minutes, so times of different pairs must not be compared.
/// <code>
/// one thread:     burst of 256 in, burst of 256 out
/// one producer:   P -> queue -> C
/// two producers:  P -> queue -> C
///                 P ----^
/// </code>
/// </summary>
internal static class RingLoad
{
    private const int CapacityEvents = 1_024;

    private static readonly RingScenario[] Scenarios =
    [
        new("uncontended", Producers: 0, BatchSize: 1, Target: 4),
        new("uncontended_batch_32", Producers: 0, BatchSize: 32, Target: 4),
        new("one_producer", Producers: 1, BatchSize: 1, Target: 3),
        new("one_producer_batch_32", Producers: 1, BatchSize: 32, Target: 4),
        new("two_producers", Producers: 2, BatchSize: 1, Target: 1.5),
    ];

    /// <param name="args"><c>[--rounds N] [--events N] [--only NAME] [--json FILE]</c></param>
    /// <returns>0 when every median ratio reached its target, 1 when not.</returns>
    public static int Run(string[] args)
    {
        int rounds = int.Parse(Option(args, "--rounds") ?? "15", CultureInfo.InvariantCulture);
        int events = HandOver.RoundUp(int.Parse(Option(args, "--events") ?? "400000", CultureInfo.InvariantCulture));
        string? only = Option(args, "--only");
        string? jsonFile = Option(args, "--json");

        List<RingComparison> results = Measure(rounds, events, only);
        if (jsonFile is not null)
        {
            File.WriteAllText(jsonFile, JsonSerializer.Serialize(results, RingLoadJson.Default.ListRingComparison));
        }

        return results.TrueForAll(result => result.RatioMedian >= result.Target) ? 0 : 1;
    }

    /// <summary>Runs the scenarios, all or those whose name begins with <paramref name="only"/>.</summary>
    public static List<RingComparison> Measure(int rounds, int events, string? only)
    {
        events = HandOver.RoundUp(events);
        Console.WriteLine($"64-byte events, {CapacityEvents} slots, {events:N0} events a run, {rounds} pairs; {Environment.ProcessorCount} processors, .NET {Environment.Version}");
        Console.WriteLine($"{"",-22} {"ratio",7} {"(min..max)",15} {"target",7} {"ring ns",9} {"channel ns",11} {"line ns",8} {"(min..max)",12}");

        var results = new List<RingComparison>();
        foreach (RingScenario scenario in Scenarios)
        {
            if (only is null || scenario.Name.StartsWith(only, StringComparison.Ordinal))
            {
                RingComparison comparison = Compare(scenario, rounds, events);
                results.Add(comparison);
                Console.WriteLine(comparison);
            }
        }

        return results;
    }

    private static RingComparison Compare(RingScenario scenario, int rounds, int events)
    {
        double[] lines = new double[rounds];
        double[] rings = new double[rounds];
        double[] channels = new double[rounds];

        WarmUp(scenario, events);
        for (int round = 0; round < rounds; round++)
        {
            double line = LineTransfer.MeasureNanoseconds();
            double ring = HandOver.NanosecondsPerEvent(new RingRival(CapacityEvents), scenario, events);
            double channel = HandOver.NanosecondsPerEvent(new ChannelRival(CapacityEvents), scenario, events);
            (lines[round], rings[round], channels[round]) = (line, ring, channel);
        }

        return RingComparison.Of(scenario, rings, channels, lines);
    }

    /// <summary>Long enough for the compiler's last tier, which works in the background and waits until no new code runs.</summary>
    private static void WarmUp(RingScenario scenario, int events)
    {
        int some = HandOver.RoundUp(events / 8);
        long begin = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begin) < TimeSpan.FromSeconds(1.5))
        {
            HandOver.NanosecondsPerEvent(new RingRival(CapacityEvents), scenario, some);
            HandOver.NanosecondsPerEvent(new ChannelRival(CapacityEvents), scenario, some);
        }
    }

    private static string? Option(string[] args, string name)
    {
        int at = Array.IndexOf(args, name);
        return at >= 0 && at + 1 < args.Length ? args[at + 1] : null;
    }
}
