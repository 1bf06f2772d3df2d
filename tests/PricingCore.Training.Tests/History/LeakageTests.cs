using PricingCore.Events;
using PricingCore.Features;
using PricingCore.Training.History;

namespace PricingCore.Training.Tests.History;

/// <summary>
/// Goal: a row knows nothing that was received at its time or later, and what it knows is what the engine that serves would read.
/// Method: cut histories at random times, plant signals that tell the future, and publish the same events to a live engine.
/// Control: the same signals received in time do change rows and do help, so these tests can fail.
/// </summary>
public sealed class LeakageTests
{
    private static readonly int Temperature = FeatureSchema.Mobility.IndexOf("weather_temp");

    [Fact]
    public async Task Rows_UpToAnyTime_DoNotDependOnWhatIsReceivedFromThenOn()
    {
        List<ReceivedEvent> events = [.. WithLateEvents(days: 5)];
        HistoryOptions options = Markets.Panel() with { WarmUp = TimeSpan.FromHours(3), Every = TimeSpan.FromMinutes(20), IsSpread = true };
        DemandRows whole = await Markets.ReadAsync(events, options);
        for (int cut = 0; cut < 6; cut++)
        {
            DateTimeOffset time = Markets.Start.AddMinutes(400 + Math.Floor(Markets.Uniform(3, 0, cut) * 6_000));
            DemandRows part = await Markets.ReadAsync(
                events.Where(e => e.ReceivedAt < time), options with { Until = time.AddHours(1) });

            Assert.Equal(whole.FirstRowFrom(time.AddMinutes(1)), part.Count);
            for (int row = 0; row < part.Count; row++)
            {
                Assert.Equal((whole.RegionOf(row), whole.TimeOf(row)), (part.RegionOf(row), part.TimeOf(row)));
                Assert.Equal(whole.FeaturesOf(row).ToArray(), part.FeaturesOf(row).ToArray());
                Assert.Equal(whole.BaselineOf(row, 0, DemandBaseline.Persistence), part.BaselineOf(row, 0, DemandBaseline.Persistence));
            }
        }
    }

    [Fact]
    public async Task Row_DoesNotSeeAnEventThatHappenedBeforeButWasReceivedAfter()
    {
        DateTimeOffset time = Markets.Start.AddHours(30);
        ReceivedEvent[] events = [.. Markets.Seasonal(days: 2)];
        ReceivedEvent late = Weather(time.AddMinutes(-2), 33, time.AddSeconds(1));
        ReceivedEvent atThatTime = Weather(time.AddMinutes(-2), 33, time);
        ReceivedEvent inTime = Weather(time.AddMinutes(-2), 33, time.AddSeconds(-1));

        Assert.Equal(float.NaN, await TemperatureAt(time, events, late));
        Assert.Equal(float.NaN, await TemperatureAt(time, events, atThatTime));
        Assert.Equal(33, await TemperatureAt(time, events, inTime)); // The control.
    }

    [Fact]
    public async Task Train_WithASignalThatOnlyTheFutureHas_IsNoBetter()
    {
        // Demand that nothing foretells, and a "temperature" that is the demand of the hour itself: told after it began, or before.
        static int Demand(int region, int hour) => (int)(40 * Markets.Uniform(9, region, hour));
        List<ReceivedEvent> market = [.. Markets.Hourly(days: 42, ["a"], Demand)];
        IEnumerable<ReceivedEvent> Told(double minutes) => Enumerable.Range(1, (42 * 24) - 1).Select(hour =>
            Weather(Markets.Start.AddHours(hour).AddMinutes(-3), Demand(0, hour), Markets.Start.AddHours(hour).AddMinutes(minutes)));

        double nothing = await WapeOf(market);
        double after = await WapeOf(Merged(market, Told(minutes: 0.02)));
        double before = await WapeOf(Merged(market, Told(minutes: -1)));

        Assert.InRange(after, nothing * 0.93, nothing * 1.2);
        Assert.InRange(before, 0, nothing * 0.4); // The control.
    }

    [Fact]
    public async Task Rows_AreThoseOfALiveEngine()
    {
        List<ReceivedEvent> events = [.. WithLateEvents(days: 2)];
        DemandRows rows = await Markets.ReadAsync(events, Markets.Panel() with { WarmUp = TimeSpan.FromHours(5) });
        var time = new SteppedTime { Now = events[0].ReceivedAt };
        PricingOptions options = Markets.Engine();
        options.TimeProvider = time;
        await using PricingEngine engine = PricingEngine.Start(options);

        int next = 0;
        int compared = 0;
        float[] live = new float[FeatureSchema.Mobility.Count];
        foreach (int row in Enumerable.Range(0, rows.Count).Where(row => rows.RegionOf(row) == "harbour"))
        {
            for (; next < events.Count && events[next].ReceivedAt < rows.TimeOf(row); next++)
            {
                time.MoveTo(events[next].ReceivedAt);
                Assert.Equal(Rejection.None, await engine.PublishAsync(events[next].Event, TestContext.Current.CancellationToken));
            }

            // The tick publishes the rows that are out of date; an event of another region behind it says that it was handled.
            time.MoveTo(rows.TimeOf(row));
            await engine.PublishAsync(MarketEvent.Search("elsewhere", time.Now), TestContext.Current.CancellationToken);
            Assert.True(engine.TryReadFeatures("harbour", live, out DateTimeOffset asOf));
            Assert.Equal(rows.TimeOf(row), asOf);
            Assert.Equal(rows.FeaturesOf(row).ToArray().Select(BitConverter.SingleToInt32Bits), live.Select(BitConverter.SingleToInt32Bits));
            compared++;
        }

        Assert.True(compared > 30);
    }

    private static async Task<double> WapeOf(IEnumerable<ReceivedEvent> events)
    {
        DemandRows rows = await Markets.ReadAsync(events, Markets.Panel());
        return ModelTrainer.Train(rows, Markets.FewTrees(), cancellationToken: TestContext.Current.CancellationToken).Report.Horizons[0].Metrics.Model.Wape;
    }

    private static async Task<float> TemperatureAt(DateTimeOffset time, IEnumerable<ReceivedEvent> events, ReceivedEvent planted)
    {
        DemandRows rows = await Markets.ReadAsync(Merged(events, [planted]), Markets.Panel() with { WarmUp = TimeSpan.Zero, Times = [time] });
        return rows.FeaturesOf(0)[Temperature];
    }

    private static ReceivedEvent Weather(DateTimeOffset occurred, float temperature, DateTimeOffset received) =>
        new(MarketEvent.Weather(MarketEvent.AllRegions, occurred, EventValues.Weather(temperature, 0, 1, 10)), received);

    private static IEnumerable<ReceivedEvent> WithLateEvents(int days) => Markets.Seasonal(days)
        .Select((e, i) => i % 7 == 3 ? e with { ReceivedAt = e.ReceivedAt.AddMinutes(14 * Markets.Uniform(4, 0, i)) } : e)
        .OrderBy(e => e.ReceivedAt);

    private static IEnumerable<ReceivedEvent> Merged(IEnumerable<ReceivedEvent> some, IEnumerable<ReceivedEvent> others) =>
        some.Concat(others).OrderBy(e => e.ReceivedAt);

    private sealed class SteppedTime : TimeProvider
    {
        private readonly List<(TimerCallback Callback, object? State)> _timers = [];
        private DateTimeOffset _ticked;

        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _timers.Add((callback, state));
            return new Nothing();
        }

        /// <summary>Ticks at each whole minute on the way.</summary>
        public void MoveTo(DateTimeOffset to)
        {
            _ticked = _ticked == default ? Floor(to) : _ticked;
            while (_ticked.AddMinutes(1) <= to)
            {
                _ticked = _ticked.AddMinutes(1);
                Now = _ticked;
                _timers.ForEach(timer => timer.Callback(timer.State));
            }

            Now = to;
        }

        private static DateTimeOffset Floor(DateTimeOffset time) => new(time.Ticks - (time.Ticks % TimeSpan.TicksPerMinute), TimeSpan.Zero);

        private sealed class Nothing : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
