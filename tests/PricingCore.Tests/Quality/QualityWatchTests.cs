using PricingCore.Events;
using PricingCore.Forecasts;
using PricingCore.Quality;

namespace PricingCore.Tests.Quality;

/// <summary>
/// Goal: each measure says what docs/quality.md says it says, of a region and of all.
/// Method: small markets whose numbers are known, minute by minute on the test's own thread; accuracy is counted again from the list of bookings.
/// </summary>
public sealed class QualityWatchTests
{
    [Fact]
    public void Report_OfNoRegion_KnowsNothing()
    {
        DataQualityReport report = new WatchedStore().Report();

        Assert.Equal(new QualityScores(), report.Scores);
        Assert.Equal((0, null, null, null), (report.Regions, report.FreshShare, report.OldestFreshness, report.LateShare));
        Assert.Empty(report.Breaches);
    }

    /// <summary>Seen to fail, with a completeness of 0, while a region was said to have been looked at before its completeness was there.</summary>
    [Fact]
    public async Task Report_WhileRegionsAreLookedAtForTheFirstTime_HasNoneHalfMeasured()
    {
        const int Rounds = 300;
        const int RegionCount = 16;
        for (int round = 0; round < Rounds; round++)
        {
            var store = new WatchedStore();
            for (int region = 0; region < RegionCount; region++)
            {
                store.Publish(MarketEvent.Search("r" + region, store.Time));
            }

            using var together = new Barrier(2);
            Task reading = Task.Run(() =>
            {
                together.SignalAndWait();
                DataQualityReport report;
                do
                {
                    report = store.Report();
                    Assert.All(report.Worst, region => Assert.Equal((1, 0), (region.Scores.Completeness, region.Breaches.Count)));
                }
                while (report.Regions < RegionCount);
            });
            together.SignalAndWait();
            store.Pass(TimeSpan.FromSeconds(1));
            await reading;
        }
    }

    [Fact]
    public void Validity_IsOfWhatIsWrongWithEvents_ByRegion()
    {
        var store = new WatchedStore();
        for (int i = 0; i < 380; i++)
        {
            Assert.Equal(Rejection.None, store.Publish(MarketEvent.Search(i % 2 == 0 ? "good" : "bad", store.Time)));
        }

        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(Rejection.OutOfRange, store.Publish(MarketEvent.Weather("bad", store.Time, EventValues.Weather(900))));
        }

        store.Pass(TimeSpan.FromSeconds(1));
        DataQualityReport report = store.Report();

        Assert.Equal(380.0 / 400, report.Scores.Validity!.Value, 6);
        Assert.Equal(190.0 / 210, Of(report, "bad").Scores.Validity!.Value, 6);
        Assert.Equal(1, Of(report, "good").Scores.Validity);
        Assert.Equal(new QualityBreach(QualityMeasure.Validity, 1 - report.Scores.Validity.Value, 0.01), Assert.Single(report.Breaches));
        Assert.Equal(1, report.RegionsBelow);
        Assert.Equal("bad", report.Worst[0].RegionId);

        store.PassMinutes(600); // What happened hours ago says nothing any more.
        Assert.Null(store.Report().Scores.Validity);
    }

    [Fact]
    public void Timeliness_AndFreshness_AreAgesOfTheLatestEvents()
    {
        var store = new WatchedStore();
        store.Publish(MarketEvent.Search("old", store.Time));
        store.Pass(TimeSpan.FromSeconds(120));
        store.Publish(MarketEvent.Search("new", store.Time));
        store.Pass(TimeSpan.FromSeconds(30));

        DataQualityReport report = store.Report();

        Assert.Equal((TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(150), 0.5), (report.Scores.Freshness, report.OldestFreshness, report.FreshShare));
        Assert.Equal(60.0 / 150, Of(report, "old").Scores.Timeliness!.Value, 6);
        Assert.Equal((1 + (60.0 / 150)) / 2, report.Scores.Timeliness!.Value, 6);
        Assert.Empty(report.Breaches);

        store.Pass(TimeSpan.FromSeconds(40));
        Assert.Equal(new QualityBreach(QualityMeasure.Freshness, 70, 60), Assert.Single(store.Report().Breaches));
    }

    [Fact]
    public void Completeness_FallsWhenWhatCameBeforeStops()
    {
        var store = new WatchedStore();
        store.Publish(MarketEvent.Weather("a", store.Time, EventValues.Weather(15, 1, 3, 10)));
        store.Publish(MarketEvent.Booking("b", store.Time)); // Never had weather: nothing is missing.
        store.PassMinutes(1);
        Assert.Equal(1, store.Report().Scores.Completeness);

        store.PassMinutes(180);
        DataQualityReport report = store.Report();

        double share = Of(report, "a").Scores.Completeness!.Value;
        Assert.InRange(share, 0.90, 0.95); // Temperature, rain, wind and visibility of some fifty.
        Assert.Equal(1, Of(report, "b").Scores.Completeness);
        Assert.Equal((1 + share) / 2, report.Scores.Completeness!.Value, 6);
        Assert.Contains(Of(report, "a").Breaches, breach => breach.Measure == QualityMeasure.Completeness);
    }

    [Fact]
    public void Completeness_IsNotOfWhatAQuietMarketMakesMissing()
    {
        var store = new WatchedStore();
        store.Publish(MarketEvent.Search("a", store.Time));
        store.Publish(MarketEvent.Booking("a", store.Time));
        store.PassMinutes(1);
        store.PassMinutes(30); // Conversion and supply by demand have nothing to divide by.

        Assert.Equal(1, store.Report().Scores.Completeness);
    }

    [Theory]
    [InlineData("cancels")]
    [InlineData("searches")]
    [InlineData("supply")]
    public void Consistency_FallsWhenNumbersContradictEachOther(string what)
    {
        var store = new WatchedStore();
        if (what == "supply")
        {
            store.Publish(MarketEvent.SupplyAvailable("a", "driver", store.Time));
            store.PassMinutes(1);
            store.Publish(new MarketEvent(MarketEventKind.SupplyOffline, "a", store.Time) { UnitId = "driver" });
        }

        for (int minute = 0; minute < 60; minute++)
        {
            store.Publish(MarketEvent.Booking("good", store.Time));
            store.Publish(MarketEvent.Search("good", store.Time));
            store.Publish(what == "searches" && minute > 0 ? MarketEvent.Booking("a", store.Time) : MarketEvent.Search("a", store.Time));
            store.Publish(what == "cancels" ? MarketEvent.Cancel("a", store.Time) : MarketEvent.Booking("a", store.Time));
            store.PassMinutes(1);
        }

        DataQualityReport report = store.Report();

        Assert.InRange(Of(report, "a").Scores.Consistency!.Value, 0, 0.6);
        Assert.Equal(1, Of(report, "good").Scores.Consistency);
        Assert.Contains(report.Breaches, breach => breach.Measure == QualityMeasure.Consistency);
    }

    /// <remarks>Control: with the forecast's minute one later, or without the bookings of the hour before, it fails.</remarks>
    [Theory]
    [InlineData(5)]
    [InlineData(15)]
    [InlineData(60)]
    public void Accuracy_IsOfEachForecastAndWhatThenHappened(int horizon)
    {
        var store = new WatchedStore(horizon: TimeSpan.FromMinutes(horizon));
        var random = new Random(horizon);
        var pending = new Dictionary<string, (int At, float Expected)>();
        (double error, double demand, int compared, int bookings) = (0, 0, 0, 0);
        for (int minute = 0; minute < horizon * 40; minute++)
        {
            for (int i = minute == 0 ? 1 : random.Next(6); i > 0; i--)
            {
                bookings++;
                store.Publish(MarketEvent.Booking("a", store.Time));
            }

            store.PassMinutes(1);
            if ((store.Now / 60_000_000) % horizon == 0)
            {
                if (pending.Remove("a", out (int At, float Expected) forecast))
                {
                    error = (error * 0.98) + Math.Abs(forecast.Expected - (bookings - forecast.At));
                    demand = (demand * 0.98) + (bookings - forecast.At);
                    compared++;
                }

                pending["a"] = (bookings, SeasonalNaiveForecaster.Predict(store.Signals("a"), horizon).ExpectedDemand);
            }

            double? accuracy = Of(store.Report(), "a").Scores.Accuracy;
            Assert.Equal(compared >= QualityWatch.LeastComparisons, accuracy.HasValue);
            Assert.Equal(Math.Max(0, 1 - (error / demand)), accuracy ?? Math.Max(0, 1 - (error / demand)), 4);
        }

        Assert.True(compared > 30);
        Assert.Equal(Of(store.Report(), "a").Scores.Accuracy, store.Report().Scores.Accuracy);
    }

    [Fact]
    public void Accuracy_IsNotOfAForecastWhoseTimeWasNotAllSeen()
    {
        var store = new WatchedStore();
        for (int i = 0; i < 20; i++)
        {
            store.Publish(MarketEvent.Booking("a", store.Time));
            store.PassMinutes(13);
            store.Pass(TimeSpan.FromMinutes(2)); // As after a restart: a minute without a tick.
        }

        Assert.Null(store.Report().Scores.Accuracy);
    }

    [Fact]
    public void Worst_AreTheLowestScores_AsManyAsAskedFor()
    {
        var store = new WatchedStore();
        foreach (int region in Enumerable.Range(0, 9))
        {
            store.Publish(MarketEvent.Search("zone-" + region, store.Time));
            store.Pass(TimeSpan.FromSeconds(100));
        }

        Assert.Equal(["zone-0", "zone-1", "zone-2"], store.Report(3).Worst.Select(region => region.RegionId));
        Assert.Empty(store.Report(0).Worst);
        Assert.Equal(9, store.Report(0).RegionsBelow);
    }

    [Fact]
    public void Watching_AllocatesNothing()
    {
        var store = new WatchedStore();
        foreach (string region in new[] { "a", "b", "c" })
        {
            store.Publish(MarketEvent.Booking(region, store.Time));
        }

        Assert.Equal(0, AllocatedBytes.Of(() => store.PassMinutes(40)));
    }

    private static RegionQuality Of(DataQualityReport report, string region) => report.Worst.Single(of => of.RegionId == region);
}
