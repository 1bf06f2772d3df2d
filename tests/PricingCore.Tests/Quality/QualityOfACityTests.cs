using PricingCore.Events;
using PricingCore.Features;
using PricingCore.Forecasts.Models;
using PricingCore.Quality;
using PricingCore.Rules;
using PricingCore.Testing.Cities;

namespace PricingCore.Tests.Quality;

/// <summary>
/// Goal: good data look good: in a city such as the sample model was trained in, no hour of the day is taken for drift, and nothing contradicts itself.
/// Method: two days of a simulated city of twelve regions, after nine days of history, against the sample model's own training rows; reports at four times of day.
/// Control: with the rows of three hours instead of a day, demand drifts beyond the threshold.
/// </summary>
public sealed class QualityOfACityTests
{
    [Fact]
    public async Task Report_OfAUsualDay_HasNoBreachButOfWhatIsOtherwise()
    {
        var market = new WatchedMarket();
        City city = City.Build(new CityOptions { Regions = 12, SearchesPerDay = 12_000, Drivers = 311, HistoryDays = 9, Days = 2, FirstDay = new DateOnly(2026, 6, 9), Seed = 5 });
        var simulation = new CitySimulation(city, market);
        simulation.PublishHistory();
        market.ReportsFrom = simulation.Start.AddDays(1);
        string folder = Path.Combine(Conventions.Repository.Root, "models", "demand", "1.0.0");
        using (var model = OnnxForecaster.Load(ModelPackage.Load(folder), FeatureSchema.Mobility))
        {
            market.Store.Board.Use(model.TrainedOn);
        }

        await simulation.RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(4, market.Reports.Count);
        Assert.All(market.Reports, report =>
        {
            Assert.Equal((1, 1, 1), (report.Scores.Completeness, report.Scores.Validity, report.Scores.Consistency));
            Assert.InRange(report.Scores.Accuracy!.Value, 0.5, 0.8);
            Assert.All(report.Breaches, breach => Assert.Equal(QualityMeasure.Drift, breach.Measure)); // Without surge, supply is otherwise than in training.
            FeatureDrift[] ofDemand = [.. report.Drift.Where(drift => drift.Feature.StartsWith("booking_", StringComparison.Ordinal)
                || drift.Feature.StartsWith("search_", StringComparison.Ordinal) || drift.Feature.StartsWith("demand_", StringComparison.Ordinal))];
            Assert.True(ofDemand.Length > 10);
            Assert.All(ofDemand, drift => Assert.InRange(drift.Index, 0, 0.25));
        });
    }

    private sealed class WatchedMarket : ICityMarket
    {
        public WatchedStore Store { get; } = new(start: new DateTimeOffset(2026, 5, 31, 0, 0, 0, TimeSpan.Zero));

        public DateTimeOffset ReportsFrom { get; set; } = DateTimeOffset.MaxValue;

        public List<DataQualityReport> Reports { get; } = [];

        public void Publish(in MarketEvent marketEvent)
        {
            MoveTo(marketEvent.OccurredAt);
            Store.Publish(marketEvent);
        }

        public ValueTask<CityQuote> AskAsync(CityQuoteRequest request)
        {
            MoveTo(request.At);
            return ValueTask.FromResult(new CityQuote(SurgeMultiplier.One, 1_000));
        }

        /// <summary>A tick at the beginning of each minute.</summary>
        private void MoveTo(DateTimeOffset at)
        {
            DateTimeOffset next = Store.Time.AddTicks(TimeSpan.TicksPerMinute - (Store.Time.Ticks % TimeSpan.TicksPerMinute));
            for (; next <= at; next = next.AddMinutes(1))
            {
                Store.Pass(next - Store.Time);
                if (next >= ReportsFrom && next.Minute == 0 && next.Hour % 6 == 0)
                {
                    Reports.Add(Store.Report());
                }
            }

            Store.WaitUntil(at);
        }
    }
}
