using System.Runtime.CompilerServices;
using FsCheck;
using FsCheck.Fluent;
using PricingCore.Events;
using PricingCore.Numerics;
using PricingCore.Regions;

namespace PricingCore.Tests.Events;

/// <summary>
/// Goal: every kind of bad input ends in its own reason, nothing throws, and an accepted event carries what it was given.
/// Method: one row a kind of bad input, random garbage, and allocations counted after a warm-up.
/// </summary>
public sealed class EventGateTests
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(5_000);
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Lateness = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(5);

    public static TheoryData<string, Rejection, MarketEvent> BadEvents()
    {
        var rows = new TheoryData<string, Rejection, MarketEvent>();
        void Add(string name, Rejection reason, MarketEvent e) => rows.Add(name, reason, e);

        Add("default", Rejection.UnknownKind, default);
        foreach (int kind in new[] { 0, 7, 15, 20, 31, 36, 47, 51, 63, 67, 200, 255 })
        {
            Add("kind " + kind, Rejection.UnknownKind, new MarketEvent((MarketEventKind)kind, "a", Now));
        }

        foreach (MarketEventKind kind in new[]
        {
            MarketEventKind.RulesPublished, MarketEventKind.ModelDeployed, MarketEventKind.Tick, MarketEventKind.ForecastReady, MarketEventKind.DecisionRequested,
        })
        {
            Add("reserved " + kind, Rejection.ReservedKind, new MarketEvent(kind, "a", Now));
        }

        foreach (string? region in new[] { null, "", " ", "\t\n", " a", "a ", new string('x', 65) })
        {
            Add($"region '{region}'", Rejection.InvalidRegion, MarketEvent.Booking(region!, Now));
        }

        foreach (MarketEventKind kind in new[] { MarketEventKind.Booking, MarketEventKind.TripEnded, MarketEventKind.SupplyOffline, MarketEventKind.Alert })
        {
            Add("* of " + kind, Rejection.InvalidRegion, new MarketEvent(kind, "*", Now) { UnitId = "u" });
        }

        foreach (string product in new[] { "", " ", "x ", new string('p', 65) })
        {
            Add($"product '{product}'", Rejection.InvalidProduct, MarketEvent.Booking("a", Now) with { ProductType = product });
        }

        foreach (string id in new[] { "", " ", " x", "x\n", new string('i', 129) })
        {
            Add($"user '{id}'", Rejection.InvalidId, MarketEvent.Booking("a", Now) with { UserId = id });
            Add($"unit '{id}'", Rejection.InvalidId, MarketEvent.SupplyAvailable("a", id, Now));
            Add($"key '{id}'", Rejection.InvalidId, MarketEvent.Booking("a", Now) with { IdempotencyKey = id });
        }

        foreach (MarketEventKind kind in new[]
        {
            MarketEventKind.SupplyAvailable, MarketEventKind.SupplyBusy, MarketEventKind.SupplyOffline, MarketEventKind.SupplyMoved,
        })
        {
            Add("no unit " + kind, Rejection.MissingUnit, new MarketEvent(kind, "a", Now));
        }

        Add("stock of moved", Rejection.MissingUnit, Valued(MarketEventKind.SupplyMoved, 3));
        Add("stock -1", Rejection.OutOfRange, Valued(MarketEventKind.SupplyAvailable, -1));
        Add("stock inf", Rejection.NotFinite, Valued(MarketEventKind.SupplyBusy, float.PositiveInfinity));
        Add("stock 2e9", Rejection.OutOfRange, Valued(MarketEventKind.SupplyBusy, 2e9f));

        foreach (MarketEventKind kind in new[] { MarketEventKind.Traffic, MarketEventKind.Holiday, MarketEventKind.CityEvent })
        {
            Add("no value " + kind, Rejection.MissingValue, new MarketEvent(kind, "a", Now));
            Add("above " + kind, Rejection.OutOfRange, Valued(kind, 1.001f));
            Add("below " + kind, Rejection.OutOfRange, Valued(kind, -0.001f));
            Add("inf " + kind, Rejection.NotFinite, Valued(kind, float.NegativeInfinity));
        }

        Add("event minutes -1", Rejection.OutOfRange, new MarketEvent(MarketEventKind.CityEvent, "a", Now) { Values = EventValues.CityEvent(1, -1) });
        Add("event minutes 10081", Rejection.OutOfRange, new MarketEvent(MarketEventKind.CityEvent, "a", Now) { Values = EventValues.CityEvent(1, 10_081) });
        Add("event minutes inf", Rejection.NotFinite, new MarketEvent(MarketEventKind.CityEvent, "a", Now) { Values = EventValues.CityEvent(1, float.PositiveInfinity) });

        Add("no weather", Rejection.MissingValue, MarketEvent.Weather("a", Now, EventValues.None));
        Add("cold", Rejection.OutOfRange, MarketEvent.Weather("a", Now, EventValues.Weather(temperatureC: -90.1f)));
        Add("hot", Rejection.OutOfRange, MarketEvent.Weather("a", Now, EventValues.Weather(temperatureC: 60.1f)));
        Add("dry", Rejection.OutOfRange, MarketEvent.Weather("a", Now, EventValues.Weather(rainMmPerHour: -0.1f)));
        Add("flood", Rejection.OutOfRange, MarketEvent.Weather("a", Now, EventValues.Weather(rainMmPerHour: 501)));
        Add("storm", Rejection.OutOfRange, MarketEvent.Weather("a", Now, EventValues.Weather(windMetresPerSecond: 121)));
        Add("clear", Rejection.OutOfRange, MarketEvent.Weather("a", Now, EventValues.Weather(visibilityKm: 101)));
        Add("weather inf", Rejection.NotFinite, MarketEvent.Weather("a", Now, EventValues.Weather(visibilityKm: float.PositiveInfinity)));

        Add("booking inf", Rejection.NotFinite, Valued(MarketEventKind.Booking, float.PositiveInfinity));
        Add("booking 2e9", Rejection.OutOfRange, Valued(MarketEventKind.Booking, 2e9f));
        Add("second inf", Rejection.NotFinite, new MarketEvent(MarketEventKind.Booking, "a", Now) { Values = new(1, float.PositiveInfinity, 0, 0) });
        Add("fourth inf", Rejection.NotFinite, new MarketEvent(MarketEventKind.Alert, "a", Now) { Values = new(1, 0, 0, float.NegativeInfinity) });

        Add("too old", Rejection.TooOld, MarketEvent.Booking("a", Now - Lateness - TimeSpan.FromMicroseconds(1)));
        Add("year 1", Rejection.TooOld, MarketEvent.Booking("a", DateTimeOffset.MinValue));
        Add("future", Rejection.InFuture, MarketEvent.Booking("a", Now + Skew + TimeSpan.FromMicroseconds(1)));
        Add("year 9999", Rejection.InFuture, MarketEvent.Booking("a", DateTimeOffset.MaxValue));
        return rows;
    }

    [Theory]
    [MemberData(nameof(BadEvents))]
    public void TryAccept_OfBadInput_SaysWhy(string name, Rejection reason, MarketEvent e)
    {
        EventGate gate = Gate();
        Assert.True(gate.TryAccept(e, UnixMicros.From(Now), out AcceptedEvent accepted) == reason, name);
        Assert.Equal(MarketEventKind.None, accepted.Kind);
        Assert.Equal(1, gate.RejectedFor(reason));
    }

    [Fact]
    public void TryAccept_AtTheBoundaries_Accepts()
    {
        MarketEvent[] good =
        [
            MarketEvent.Booking("a", Now - Lateness), MarketEvent.Booking("a", Now + Skew), MarketEvent.Booking(new string('x', 64), Now),
            MarketEvent.Booking("a", Now, new string('u', 128)), MarketEvent.Booking("in between", Now) with { ProductType = new string('p', 64) },
            Valued(MarketEventKind.Booking, -1e9f), Valued(MarketEventKind.Booking, 1e9f), Valued(MarketEventKind.SupplyAvailable, 0),
            Valued(MarketEventKind.Traffic, 0), Valued(MarketEventKind.Traffic, 1), Valued(MarketEventKind.Holiday, 1) with { RegionId = "*" },
            new MarketEvent(MarketEventKind.CityEvent, "*", Now) { Values = EventValues.CityEvent(1, 10_080) },
            MarketEvent.Weather("*", Now, EventValues.Weather(-90, 500, 120, 100)), MarketEvent.Weather("a", Now, EventValues.Weather(visibilityKm: 0)),
            new MarketEvent(MarketEventKind.Alert, "a", Now),
        ];
        Assert.All(good, e => Assert.Equal(Rejection.None, Gate().TryAccept(e, UnixMicros.From(Now), out _)));
    }

    [Fact]
    public void TryAccept_WhenTablesAreFullOrClosed_SaysWhich()
    {
        EventGate closed = Gate(new RegionDirectory([new("a")], open: false, capacity: 4, "UTC"));
        Assert.Equal(Rejection.UnknownRegion, closed.TryAccept(MarketEvent.Booking("b", Now), UnixMicros.From(Now), out _));
        Assert.Equal(Rejection.None, closed.TryAccept(MarketEvent.Booking("a", Now), UnixMicros.From(Now), out _));

        EventGate full = Gate(new RegionDirectory([new("a")], open: true, capacity: 1, "UTC"));
        Assert.Equal(Rejection.TooManyRegions, full.TryAccept(MarketEvent.Booking("b", Now), UnixMicros.From(Now), out _));
        Assert.Equal(Rejection.None, full.TryAccept(MarketEvent.Booking("a", Now) with { ProductType = "p1" }, UnixMicros.From(Now), out _));
        Assert.Equal(Rejection.None, full.TryAccept(MarketEvent.Booking("a", Now) with { ProductType = "p2" }, UnixMicros.From(Now), out _));
        Assert.Equal(Rejection.InvalidProduct, full.TryAccept(MarketEvent.Booking("a", Now) with { ProductType = "p3" }, UnixMicros.From(Now), out _));
    }

    [Fact]
    public void TryAccept_OfAGoodEvent_CarriesWhatItWasGiven()
    {
        EventGate gate = Gate();
        MarketEvent e = Valued(MarketEventKind.Booking, 3) with { UserId = "u", ProductType = "xl", IdempotencyKey = "k", OccurredAt = Now.AddSeconds(-7) };
        Assert.Equal(Rejection.None, gate.TryAccept(e, UnixMicros.From(Now), out AcceptedEvent a));

        Assert.Equal((MarketEventKind.Booking, 0, 0), (a.Kind, a.Region, (int)a.Product));
        Assert.Equal((UnixMicros.From(Now) - 7_000_000, UnixMicros.From(Now)), (a.OccurredAt, a.ReceivedAt));
        Assert.Equal(3, a.Values.First);
        Assert.NotEqual(0UL, a.Subject);
        Assert.Equal(AcceptedEventFlags.HasKey, a.Flags);

        gate.TryAccept(e with { RegionId = "elsewhere" }, UnixMicros.From(Now), out AcceptedEvent b);
        Assert.Equal(a.Subject, b.Subject);
        Assert.NotEqual(a.KeyLow, b.KeyLow);

        gate.TryAccept(MarketEvent.Booking("a", Now), UnixMicros.From(Now), out AcceptedEvent c);
        Assert.Equal((0UL, AcceptedEvent.NoProduct, AcceptedEventFlags.None), (c.Subject, c.Product, c.Flags));
    }

    [Fact]
    public void TryAccept_OfGarbage_NeverThrows()
    {
        EventGate gate = Gate();
        string?[] texts = [null, "", " ", "a", "*", "\ud800", "\0", new string('x', 64), new string('x', 65), new string('y', 5_000)];
        float[] numbers = [0, 1, -1, float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, float.Epsilon, -0f, 1e9f];
        Check.One(Thorough, Prop.ForAll(Seeds.Any, seed =>
        {
            var random = new Random(seed);
            string? Text() => texts[random.Next(texts.Length)];
            float Number() => random.Next(3) == 0 ? BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue)) : numbers[random.Next(numbers.Length)];
            DateTimeOffset at = random.Next(2) == 0
                ? new DateTimeOffset(random.NextInt64(DateTimeOffset.MaxValue.UtcTicks), TimeSpan.Zero)
                : Now.AddSeconds(random.Next(-1_000, 100));
            var e = new MarketEvent((MarketEventKind)random.Next(256), Text()!, at)
            {
                UserId = Text(), UnitId = Text(), ProductType = Text(), IdempotencyKey = Text(), Values = new(Number(), Number(), Number(), Number()),
            };
            Rejection reason = gate.TryAccept(e, UnixMicros.From(Now), out AcceptedEvent accepted);
            Assert.True(Enum.IsDefined(reason));
            Assert.Equal(reason == Rejection.None, accepted.Kind == e.Kind && accepted.Kind != MarketEventKind.None);
        }));
    }

    [Fact]
    public void TryAccept_WhenTheClockWentBackBehindTheStart_DoesNotThrow()
    {
        EventGate gate = Gate();
        for (int hours = 1; hours < 1_000; hours++)
        {
            DateTimeOffset earlier = Now.AddHours(-hours);
            Assert.Equal(Rejection.None, gate.TryAccept(MarketEvent.Booking("a", earlier, "u"), UnixMicros.From(earlier), out _));
        }
    }

    [Fact]
    public void TryAccept_AfterWarmUp_AllocatesNothing()
    {
        EventGate gate = Gate();
        MarketEvent[] events =
        [
            MarketEvent.Booking("a", Now, "user") with { IdempotencyKey = "key", ProductType = "xl" },
            MarketEvent.SupplyAvailable("a", "driver", Now), MarketEvent.Weather("*", Now, EventValues.Weather(20)), MarketEvent.Booking("a", Now.AddYears(-1)), default,
        ];
        Run(2_000);
        Assert.Equal(0, AllocatedBytes.Of(() => Run(20_000)));

        void Run(int times)
        {
            for (int i = 0; i < times; i++)
            {
                gate.TryAccept(events[i % events.Length], UnixMicros.From(Now) + i, out _);
            }
        }
    }

    [Fact]
    public void AcceptedEvent_Is64BytesWithoutReferences()
    {
        Assert.Equal(64, Unsafe.SizeOf<AcceptedEvent>());
        Assert.False(RuntimeHelpers.IsReferenceOrContainsReferences<AcceptedEvent>());
    }

    private static MarketEvent Valued(MarketEventKind kind, float value) => new(kind, "a", Now) { Values = EventValues.Of(value) };

    private static EventGate Gate(RegionDirectory? regions = null) => new(
        regions ?? new RegionDirectory([new("a")], open: true, capacity: 100, "UTC"),
        new NameTable(2),
        new RateLimits(1_000, 0, 100),
        new byte[16],
        UnixMicros.From(Lateness),
        UnixMicros.From(Skew));
}
