using PricingCore.Events;
using PricingCore.Numerics;

namespace PricingCore.Tests.Features;

/// <summary>A step of a random market: time moves on, and perhaps something happened, up to 15 minutes ago or 5 seconds ahead.</summary>
internal readonly record struct StreamStep(long Now, MarketEvent? Event);

/// <summary>Random markets from a seed: bursts, quiet spells, and gaps of minutes, hours and days; events come late and out of order.</summary>
internal static class RandomStream
{
    private static readonly DateTimeOffset Start = new(2026, 3, 6, 3, 0, 0, TimeSpan.Zero); // Clocks change in New York two days later.

    public static List<StreamStep> Of(int seed, int steps, string[] regions, MarketEventKind[] kinds, Func<Random, float> value)
    {
        var random = new Random(seed);
        int gaps = random.Next(3); // 0: minutes, 1: hours, 2: days.
        long now = UnixMicros.From(Start) + random.NextInt64(7 * 24 * UnixMicros.PerHour);
        var list = new List<StreamStep>(steps);
        for (int i = 0; i < steps; i++)
        {
            now += Step(random, gaps);
            list.Add(new StreamStep(now, random.Next(12) == 0 ? null : Event(random, now, regions, kinds, value)));
        }

        return list;
    }

    private static long Step(Random random, int gaps) => random.Next(40) switch
    {
        < 22 => random.NextInt64(3 * UnixMicros.PerSecond),
        < 34 => random.NextInt64(40 * UnixMicros.PerSecond),
        < 37 => random.NextInt64(6 * UnixMicros.PerMinute),
        < 39 => random.NextInt64(gaps == 0 ? 20 * UnixMicros.PerMinute : 90 * UnixMicros.PerMinute),
        _ => random.NextInt64(gaps switch { 0 => 80 * UnixMicros.PerMinute, 1 => 8 * UnixMicros.PerHour, _ => 60 * UnixMicros.PerHour }),
    };

    private static MarketEvent Event(Random random, long now, string[] regions, MarketEventKind[] kinds, Func<Random, float> value)
    {
        long late = random.Next(10) switch
        {
            < 5 => 0,
            < 7 => random.NextInt64(UnixMicros.PerMinute),
            < 9 => random.NextInt64(15 * UnixMicros.PerMinute),
            _ => -random.NextInt64(5 * UnixMicros.PerSecond),
        };
        MarketEventKind kind = kinds[random.Next(kinds.Length)];
        bool isSupply = EventGate.IsSupply(kind);
        return new MarketEvent(kind, regions[random.Next(regions.Length)], UnixMicros.ToTime(now - late))
        {
            UserId = !isSupply && random.Next(3) > 0 ? "user" + random.Next(8) : null,
            UnitId = isSupply ? "unit" + random.Next(6) : null,
            Values = EventValues.Of(value(random)),
        };
    }
}
