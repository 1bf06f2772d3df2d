using PricingCore.Events;
using PricingCore.Training.History;

namespace PricingCore.Training.Tests;

/// <summary>Histories made by formulas, so that it is known what can be forecast of them and what cannot.</summary>
internal static class Markets
{
    /// <summary>A Monday.</summary>
    public static readonly DateTimeOffset Start = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Bookings hour by hour, spread evenly within the hour.</summary>
    public static IEnumerable<ReceivedEvent> Hourly(int days, IReadOnlyList<string> regions, Func<int, int, int> bookingsOf)
    {
        for (int hour = 0; hour < days * 24; hour++)
        {
            var events = new List<ReceivedEvent>();
            for (int region = 0; region < regions.Count; region++)
            {
                int bookings = bookingsOf(region, hour);
                for (int i = 0; i < bookings; i++)
                {
                    DateTimeOffset at = Start.AddHours(hour).AddMinutes(60.0 * i / bookings);
                    events.Add(new ReceivedEvent(MarketEvent.Booking(regions[region], at), at));
                }
            }

            foreach (ReceivedEvent e in events.OrderBy(e => e.ReceivedAt))
            {
                yield return e;
            }
        }
    }

    /// <summary>Busy days and quiet nights, weekends of their own, a slow wave over all that the last hour tells of, and noise.</summary>
    public static IEnumerable<ReceivedEvent> Seasonal(int days, int seed = 1)
    {
        string[] regions = ["centre", "harbour", "suburb"];
        return Hourly(days, regions, (region, hour) =>
        {
            double day = 1 + Math.Sin(2 * Math.PI * ((hour % 24) - 8) / 24);
            double weekend = hour / 24 % 7 >= 5 ? 0.6 : 1;
            double wave = 1 + (0.6 * Math.Sin(2 * Math.PI * hour / 61)); // Out of step with days and weeks.
            double mean = (6 - (2 * region)) * 3 * day * weekend * wave;
            return (int)Math.Round(mean * (0.9 + (0.2 * Uniform(seed, region, hour))));
        });
    }

    /// <summary>A number from 0 to 1 that depends on the three and on nothing else.</summary>
    public static double Uniform(int seed, int region, int step)
    {
        unchecked
        {
            ulong z = ((ulong)seed << 48) + ((ulong)region << 32) + (ulong)step + 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            z ^= z >> 31;
            z = (z + 0x9E3779B97F4A7C15) * 0xBF58476D1CE4E5B9;
            return ((z ^ (z >> 31)) >> 11) / (double)(1UL << 53);
        }
    }

    /// <summary>An engine as these tests use it: few ticks and little memory.</summary>
    public static PricingOptions Engine() => new() { TickInterval = TimeSpan.FromSeconds(60), MaxRegions = 16, MaxUnits = 64, MaxSessions = 1_024 };

    /// <summary>Hourly rows at full hours.</summary>
    public static HistoryOptions Panel() => new()
    {
        Engine = Engine(),
        HorizonsMinutes = [60],
        Every = TimeSpan.FromHours(1),
        IsSpread = false,
    };

    /// <summary>Few trees, so that tests are quick.</summary>
    public static TrainingOptions FewTrees() => new()
    {
        Trees = 120,
        LearningRate = 0.1,
        Depth = 4,
        IntervalTrees = 20,
        IntervalDepth = 3,
        EarlyStopRounds = 15,
        Folds = 3,
        GoldenRows = 256,
    };

    public static Task<DemandRows> ReadAsync(IEnumerable<ReceivedEvent> events, HistoryOptions options) =>
        DemandHistoryReader.ReadAsync(events.ToAsyncEnumerable(), options, cancellationToken: TestContext.Current.CancellationToken);
}
