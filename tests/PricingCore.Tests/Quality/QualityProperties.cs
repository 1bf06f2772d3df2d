using FsCheck;
using FsCheck.Fluent;
using PricingCore.Events;
using PricingCore.Features;
using PricingCore.Forecasts.Models;
using PricingCore.Numerics;
using PricingCore.Quality;
using PricingCore.Rules;
using PricingCore.Tests.Rules;
using PricingCore.Tests.Snapshots;

namespace PricingCore.Tests.Quality;

/// <summary>
/// Goal: measuring changes nothing, and what it gives is within its range whatever comes, also while it is read.
/// Method: random markets with every kind of record, played to loops that are watched and to loops that are not; an engine that is read while it runs.
/// Control: with a watch that takes its forecast out of the journal's queue, or that sets the events since the last decision back, the state differs.
/// </summary>
public sealed class QualityProperties
{
    private const int Steps = 400;

    [Fact]
    public void Loops_ThatAreWatched_HaveTheSameStateAndDecisions() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(30), Prop.ForAll(Seeds.Any, seed =>
    {
        using var market = new RandomMarket(seed, Steps);
        using var watched = new LoopsUnderTest(market.Options, measuresQuality: true);
        var reader = new QualityReader(watched.Quality!, new QualityOptions { MaxFreshness = TimeSpan.FromSeconds(1) }, watched.Regions);
        for (int round = 0; round < 4; round++)
        {
            market.Play(Steps / 4, market.First, watched);
            for (int shard = 0; shard < watched.Shards; shard++)
            {
                byte[] expected = [.. market.First.Save(shard).SelectMany(block => block)];
                Assert.True(expected.AsSpan().SequenceEqual([.. watched.Save(shard).SelectMany(block => block)]), $"seed {seed}, shard {shard}: the state differs.");
            }

            AssertInRange(reader.Read(UnixMicros.From(new DateTimeOffset(2026, 3, 4, 0, 0, 0, TimeSpan.Zero)), worst: 20));
        }
    }));

    /// <summary>A live engine goes through such a journal too, when it starts on one that a replay has written.</summary>
    [Fact]
    public void Forecasts_ThatAJournalHasForItsDecisions_AreLeftToThem()
    {
        var options = new PricingOptions { MaxRegions = 4, Rules = RuleSet.Parse("""{"rules":[{"region_id":"*","product_type":"*","base_price":12.00,"currency":"USD"}]}""") };
        byte[][] states = [.. new[] { false, true }.Select(isWatched =>
        {
            using var loops = new LoopsUnderTest(options, isWatched);
            long now = UnixMicros.From(new DateTimeOffset(2026, 3, 4, 12, 0, 0, TimeSpan.Zero));
            int region = loops.Regions.FindOrAdd("a");
            loops.Handle(AcceptedEvent.FromGate(MarketEventKind.Booking, region, -1, now, now, EventValues.None));
            AcceptedEvent recorded = AcceptedEvent.ForecastReady(region, 0, 15, 0.9f, 0.5f, 40, 30, 50, now);
            recorded.KeyLow = 1;
            loops.Handle(recorded);
            for (int minute = 0; minute < 20; minute++)
            {
                loops.Handle(AcceptedEvent.Tick(now += UnixMicros.PerMinute));
            }

            loops.Handle(AcceptedEvent.DecisionRequested(region, 0, now, 0, afresh: true));
            return loops.Save(0).SelectMany(block => block).ToArray();
        })];

        Assert.Equal(states[0], states[1]);
    }

    [Fact]
    public async Task Engine_IsReadWhileItRuns()
    {
        var time = new HandDrivenTime(new DateTimeOffset(2026, 3, 4, 12, 0, 0, TimeSpan.Zero));
        await using PricingEngine engine = PricingEngine.Start(new PricingOptions
        {
            Rules = RuleSet.Parse("""{"rules":[{"region_id":"*","product_type":"*","base_price":12.00,"currency":"USD"}]}"""),
            TimeProvider = time,
            TickInterval = TimeSpan.FromSeconds(10),
            MaxRegions = 20,
            Shards = 2,
        });
        using var done = new CancellationTokenSource();
        Task<int> reading = Task.Run(() =>
        {
            int reads = 0;
            do
            {
                AssertInRange(engine.ReadQuality(5));
                reads++;
            }
            while (!done.IsCancellationRequested);
            return reads;
        });
        for (int i = 0; i < 4_000; i++)
        {
            var e = new MarketEvent(i % 3 == 0 ? MarketEventKind.Booking : MarketEventKind.Search, "zone-" + (i % 20), time.GetUtcNow());
            Rejection expected = i % 50 == 0 ? Rejection.InFuture : Rejection.None;
            e = i % 50 == 0 ? e with { OccurredAt = time.GetUtcNow().AddMinutes(5) } : e;
            Assert.Equal(expected, await engine.PublishAsync(e, TestContext.Current.CancellationToken));
            time.Advance(TimeSpan.FromSeconds(i % 4 == 0 ? 14 : 0));
        }

        await done.CancelAsync();
        Assert.True(await reading > 0);
        await engine.PublishAsync(MarketEvent.Search("zone-0", time.GetUtcNow()), TestContext.Current.CancellationToken);
        DataQualityReport report = engine.ReadQuality();
        Assert.Equal(20, report.Regions);
        Assert.InRange(report.Scores.Validity!.Value, 0.97, 0.99); // One in fifty.
        Assert.NotNull(report.Scores.Accuracy);
        Assert.Throws<ArgumentOutOfRangeException>(() => engine.ReadQuality(1_001));
    }

    /// <summary>A market's own rows are where they were; as soon as they are not, the index says so.</summary>
    [Fact]
    public void Drift_IsKnownAfterADay_AndSmallUntilSomethingChanges()
    {
        var store = new WatchedStore();
        var rows = new List<float>();
        var random = new Random(3);
        for (int row = 0; row < 3_000; row++)
        {
            rows.AddRange(Enumerable.Range(0, FeatureSchema.Mobility.Count).Select(_ => (float)random.Next(50)));
        }

        TrainingBins bins = TrainingBins.Of("demand/1.0.0", new GoldenRows(FeatureSchema.Mobility.Count, 1, [.. rows], new float[15_000]), FeatureSchema.Mobility)!;
        store.Board.Use(bins);
        foreach (int region in Enumerable.Range(0, 10)) // Of fewer, drift is no breach.
        {
            store.Publish(MarketEvent.Search("zone-" + region, store.Time));
        }

        var histogram = store.Board.Watches[0].Histogram!;
        for (int hour = 0; hour < 26; hour++)
        {
            for (int i = 0; i < 60; i++)
            {
                histogram.Add([.. Enumerable.Range(0, FeatureSchema.Mobility.Count).Select(column => column == 34 ? 70f : random.Next(50))], store.Now);
            }

            DataQualityReport report = store.Report();
            Assert.Equal("demand/1.0.0", report.DriftModel);
            Assert.Equal(hour < 24 ? 0 : 54, report.Drift.Count); // Nine say the time, and one the profile's age.
            if (hour >= 24)
            {
                Assert.Equal("available_drivers", report.Drift[0].Feature);
                Assert.True(report.Drift[0].Index > 1);
                Assert.All(report.Drift.Skip(1), feature => Assert.InRange(feature.Index, 0, 0.2));
                Assert.Contains(report.Breaches, breach => breach.Measure == QualityMeasure.Drift);
            }

            store.Pass(TimeSpan.FromHours(1));
        }

        store.Board.Use(null);
        Assert.Null(store.Report().DriftModel);
    }

    private static void AssertInRange(DataQualityReport report)
    {
        Assert.All(report.Worst.Select(region => region.Scores).Append(report.Scores), scores =>
        {
            foreach (double? part in new[] { scores.Completeness, scores.Validity, scores.Timeliness, scores.Consistency, scores.Accuracy, scores.Score })
            {
                Assert.InRange(part ?? 0, 0, 1);
            }
        });
        Assert.InRange(report.FreshShare ?? 0, 0, 1);
        Assert.InRange(report.LateShare ?? 0, 0, 1);
        Assert.InRange(report.RegionsBelow, 0, report.Regions);
    }
}
