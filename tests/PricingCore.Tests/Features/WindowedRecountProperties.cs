using FsCheck;
using FsCheck.Fluent;
using PricingCore.Events;
using PricingCore.Features;
using PricingCore.Numerics;

namespace PricingCore.Tests.Features;

/// <summary>
/// Goal: a feature that a host declares is what <see cref="EventAggregate"/> and <see cref="WindowKind"/> say, whatever the window.
/// Method: one schema with every aggregate, kind of window, several lengths and lags, played with random late streams of events with
/// and without values, and compared with a naive recount.
/// </summary>
public sealed class WindowedRecountProperties
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(Cases.Of(1_000));

    private static readonly WindowedFeature[] Features =
    [
        .. from aggregate in Enum.GetValues<EventAggregate>()
           from window in Enum.GetValues<WindowKind>()
           from minutes in new[] { 1, 5, 7, 15, 60 }
           select new WindowedFeature(MarketEventKind.Booking, aggregate, window, minutes),
        .. from lag in new[] { 1, 2, 24, 168, 192 }
           from aggregate in new[] { EventAggregate.Count, EventAggregate.Sum }
           select new WindowedFeature(MarketEventKind.Booking, aggregate, WindowKind.Tumbling, 60, lag),
        new WindowedFeature(MarketEventKind.View, EventAggregate.Max, WindowKind.Sliding, 30),
    ];

    private static readonly FeatureSchema Schema = new("all", [.. Features.Select((feature, i) => FeatureSchema.Windowed("f" + i, feature))]);

    [Fact]
    public void Features_OfAnyStream_EqualTheRecount() =>
        Check.One(Thorough, Prop.ForAll(Seeds.Any, seed =>
        {
            var store = new StoreUnderTest(Schema, [], TimeSpan.FromMinutes(30));
            var events = new List<(MarketEventKind Kind, long At, float Value)>();
            var random = new Random(seed);
            List<StreamStep> stream = RandomStream.Of(
                seed, 120, ["a"], [MarketEventKind.Booking, MarketEventKind.Booking, MarketEventKind.View],
                r => r.Next(4) == 0 ? float.NaN : r.Next(-200, 200) / 4f);
            foreach (StreamStep step in stream)
            {
                if (step.Event is { } e)
                {
                    Assert.Equal(Rejection.None, store.Publish(e, step.Now));
                    events.Add((e.Kind, UnixMicros.From(e.OccurredAt), e.Values.First));
                }
                else
                {
                    store.Tick(step.Now);
                }

                if (random.Next(4) == 0 || step == stream[^1])
                {
                    float[] row = store.Read("a");
                    for (int i = 0; i < Features.Length; i++)
                    {
                        float expected = Recount(Features[i], events, step.Now);
                        Assert.True(expected.Equals(row[i]), $"seed {seed}: {Features[i]} is {row[i]}, but the recount gives {expected}");
                    }
                }
            }
        }));

    [Fact]
    public void Sum_OfMoreThanALongHolds_DoesNotEndTheLoop()
    {
        var store = new StoreUnderTest(new FeatureSchema("sum", [FeatureSchema.Windowed("s", Features.First(f => f is { Aggregate: EventAggregate.Sum, Window: WindowKind.Sliding, WindowMinutes: 1 }))]), [], TimeSpan.FromMinutes(30));
        var noon = new DateTimeOffset(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);
        MarketEvent e = MarketEvent.Booking("a", noon) with { Values = EventValues.Of(EventRanges.MaxValue) };
        for (int i = 0; i < 1_000_000; i++)
        {
            store.Publish(e, UnixMicros.From(noon));
        }

        store.Tick(UnixMicros.From(noon.AddMinutes(1)));
        Assert.Equal(0, store.Read("a")[0]);
    }

    private static float Recount(WindowedFeature f, List<(MarketEventKind Kind, long At, float Value)> events, long now)
    {
        long minute = UnixMicros.MinuteOf(now);
        (long first, long last) = f.LagHours > 0
            ? ((UnixMicros.HourOf(now) - f.LagHours) * 60, ((UnixMicros.HourOf(now) - f.LagHours) * 60) + 59)
            : f.Window == WindowKind.Sliding
                ? (minute - f.WindowMinutes + 1, minute)
                : ((minute / f.WindowMinutes * f.WindowMinutes) - f.WindowMinutes, (minute / f.WindowMinutes * f.WindowMinutes) - 1);
        (int count, int valued, double sum, float min, float max, float latest, long latestAt) = (0, 0, 0, float.NaN, float.NaN, float.NaN, 0);
        foreach ((MarketEventKind kind, long at, float value) in events)
        {
            if (kind != f.Event || at < first * UnixMicros.PerMinute || at >= (last + 1) * UnixMicros.PerMinute)
            {
                continue;
            }

            count++;
            if (!float.IsNaN(value))
            {
                valued++;
                sum += value; // Quarters: exact.
                min = float.MinNumber(min, value);
                max = float.MaxNumber(max, value);
                (latest, latestAt) = at > latestAt ? (value, at) : (latest, latestAt);
            }
        }

        return f.Aggregate switch
        {
            EventAggregate.Count => count,
            EventAggregate.Rate => count / (float)f.WindowMinutes,
            EventAggregate.Sum => (float)sum,
            EventAggregate.Mean => valued == 0 ? float.NaN : (float)sum / valued,
            EventAggregate.Min => min,
            EventAggregate.Max => max,
            _ => latest,
        };
    }
}
