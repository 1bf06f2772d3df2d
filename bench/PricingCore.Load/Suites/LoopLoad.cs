using PricingCore.Bench.Workload;
using PricingCore.Load.Measuring;

namespace PricingCore.Load.Suites;

/// <summary>
/// Questions: what does an event cost the loop, does that grow with the number of regions, and how does it compare with the naive engine?
/// Method: all engines take in the same stream in turns (A B C D A B C D ...); each round gives one ratio, by CPU time of the thread,
/// and the median counts. First, three hours of another stream must leave the same features in both.
/// <code>
/// ours:   stream -> gate -> ring | ring -> loop (windows, sessions, units, ticks, rows)      one thread, the two sides timed apart
/// naive:  stream -> checks       | dictionary -> lock -> queues of timestamps                one thread, the two sides timed apart
/// </code>
/// <c>busy</c>: 1,000,000 events in a second of event time, as when the loop is the limit; windows fill and do not yet turn over,
/// which spares the rival the trimming. <c>steady</c>: 2,000 a second after half an hour, so that every window turns over.
/// </summary>
internal static class LoopLoad
{
    private const int Few = 100;
    private const int Many = 10_000;
    private const int BusyRate = 1_000_000;
    private const int SteadyRate = 2_000;
    private const int SteadyHistoryEvents = 31 * 60 * SteadyRate;

    public static IReadOnlyList<Measurement> Run(LoadOptions options)
    {
        int rounds = options.Number("--rounds", full: 7, brief: 3);
        int events = options.Number("--events", full: 1_000_000, brief: 400_000);
        Console.WriteLine($"loop: {SameCounts.Check():N0} features of both engines compared, all the same; {rounds} rounds of {events:N0} events each");
        return [.. Busy(rounds, events), .. Steady(rounds, events)];
    }

    private static List<Measurement> Busy(int rounds, int events)
    {
        var few = new MarketStream(Few);
        var many = new MarketStream(Many);
        var oursFew = new OurEvents(few, BusyRate, publishesRows: true);
        var oursMany = new OurEvents(many, BusyRate, publishesRows: true);
        EventCost[][] costs = Race(
            rounds,
            events,
            [oursFew, oursMany, new NaiveEvents(few, BusyRate), new NaiveEvents(many, BusyRate), new ThreeWindowEvents(few, BusyRate), new ThreeWindowEvents(many, BusyRate)]);
        (double growth, string growthNote) = Median.OfPairs(Cpu(costs[0]), Cpu(costs[1]));

        return
        [
            LoopCost("loop_100_regions", costs[0]),
            LoopCost("loop_10000_regions", costs[1]),
            new Measurement("loop_10000_against_100", Median.Of(Cpu(costs[1])), "ns/event")
            {
                Cpu = Median.Of(Cpu(costs[1])),
                Rival = "100 regions",
                RivalValue = Median.Of(Cpu(costs[0])),
                Ratio = growth,
                Note = "cost of 10,000 over cost of 100, by CPU time; " + growthNote,
            },
            new Measurement("loop_bytes", Math.Max(Median.Of(costs[0].Select(c => c.Bytes)), Median.Of(costs[1].Select(c => c.Bytes))), "B/event"),
            Against("naive_100_regions", costs[0], costs[2], "naive engine, all windows"),
            Against("naive_10000_regions", costs[1], costs[3], "naive engine, all windows"),
            Whole("naive_10000_regions_with_gate", costs[1], costs[3]),
            Against("three_windows_100_regions", costs[0], costs[4], "naive engine, three windows, for scale"),
            Against("three_windows_10000_regions", costs[1], costs[5], "naive engine, three windows, for scale"),
            new Measurement("naive_bytes", Median.Of(costs[3].Select(c => c.Bytes)), "B/event"),
        ];
    }

    private static List<Measurement> Steady(int rounds, int events)
    {
        var stream = new MarketStream(Many);
        var ours = new OurEvents(stream, SteadyRate, publishesRows: false); // The rival has no rows to publish either.
        var naive = new NaiveEvents(stream, SteadyRate);
        ours.Run(SteadyHistoryEvents);
        naive.Run(SteadyHistoryEvents);
        EventCost[][] costs = Race(rounds, events, [ours, naive]);
        return [Against("naive_steady", costs[0], costs[1], "naive engine, windows turning over")];
    }

    /// <summary>Runs every contender in turns.</summary>
    /// <returns>By contender, the costs of its rounds.</returns>
    private static EventCost[][] Race(int rounds, int events, IEventContender[] contenders)
    {
        WarmUp.Run(() => Array.ForEach(contenders, contender => contender.Run(events / 4)));

        var costs = new EventCost[contenders.Length][];
        for (int i = 0; i < contenders.Length; i++)
        {
            costs[i] = new EventCost[rounds];
        }

        for (int round = 0; round < rounds; round++)
        {
            for (int i = 0; i < contenders.Length; i++)
            {
                costs[i][round] = contenders[i].Run(events);
            }
        }

        return costs;
    }

    private static double[] Cpu(EventCost[] costs) => [.. costs.Select(cost => cost.Applying.CpuNanos)];

    private static double[] WholeCpu(EventCost[] costs) => [.. costs.Select(cost => cost.Checking.CpuNanos + cost.Applying.CpuNanos)];

    private static double Wall(EventCost[] costs) => Median.Of(costs.Select(cost => cost.Applying.WallNanos));

    private static Measurement LoopCost(string name, EventCost[] costs) => new(name, Wall(costs), "ns/event")
    {
        Cpu = Median.Of(Cpu(costs)),
        Note = FormattableString.Invariant($"{1_000 / Median.Of(Cpu(costs)):F2} M events/s of CPU time; the gate and ring before it {Median.Of(costs.Select(c => c.Checking.CpuNanos)):F0} ns"),
    };

    private static Measurement Against(string name, EventCost[] ours, EventCost[] rival, string rivalName)
    {
        (double ratio, string note) = Median.OfPairs(Cpu(ours), Cpu(rival));
        return new Measurement(name, Wall(ours), "ns/event")
        {
            Cpu = Median.Of(Cpu(ours)),
            Rival = rivalName,
            RivalValue = Median.Of(Cpu(rival)),
            Ratio = ratio,
            Note = "by CPU time, after the border check; " + note,
        };
    }

    private static Measurement Whole(string name, EventCost[] ours, EventCost[] rival)
    {
        (double ratio, string note) = Median.OfPairs(WholeCpu(ours), WholeCpu(rival));
        return new Measurement(name, Median.Of(ours.Select(c => c.Checking.WallNanos + c.Applying.WallNanos)), "ns/event")
        {
            Cpu = Median.Of(WholeCpu(ours)),
            Rival = "naive engine, checks included",
            RivalValue = Median.Of(WholeCpu(rival)),
            Ratio = ratio,
            Note = "all of it on one thread, gate and ring included; " + note,
        };
    }
}
