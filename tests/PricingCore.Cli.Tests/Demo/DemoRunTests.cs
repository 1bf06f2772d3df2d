using PricingCore.Cli.Demo;
using PricingCore.Quotes;

namespace PricingCore.Cli.Tests.Demo;

/// <summary>
/// Goal: what the demo reports is what happened: every event and quote is counted, prices obey the rules, parts add up.
/// Method: one small city, run once through the real engine; its counts are compared with those of the engine and the simulation.
/// </summary>
public sealed class DemoRunTests
{
    [Fact(Timeout = 120_000)]
    public async Task RunAsync_OverADay_AccountsForEveryEventAndQuote()
    {
        List<DemoProgress> progress = [];
        DemoOutcome outcome = await DemoRun.RunAsync(new DemoChoices(Seed: 5, Regions: 19, Days: 1), TimeProvider.System, progress.Add, TestContext.Current.CancellationToken);
        DemoRecorder record = outcome.Record;
        const int MapQuotes = 19 * ((24 * 12) - 1);

        Assert.Equal(outcome.WithSurge.Searches + MapQuotes, record.Quotes);
        Assert.Equal(record.Quotes, outcome.Statistics.Decisions);
        Assert.Equal(0, outcome.Statistics.StaleDecisions);
        Assert.Equal(record.Events, outcome.Statistics.Accepted);
        Assert.Equal(outcome.WithSurge.Redelivered, outcome.Statistics.Duplicates);
        Assert.Equal(outcome.WithSurge.Searches, record.Searches.Sum());
        Assert.Equal(outcome.WithSurge.Bookings + outcome.WithSurge.Redelivered, record.Bookings.Sum());
        Assert.Equal(1, progress[^1].Share);
        Assert.All(progress.Zip(progress.Skip(1)), pair => Assert.True(pair.First.Share <= pair.Second.Share));
    }

    [Fact(Timeout = 120_000)]
    public async Task RunAsync_OverADay_PricesWithinTheRulesAndExplainsThem()
    {
        DemoOutcome outcome = await DemoRun.RunAsync(new DemoChoices(Seed: 6, Regions: 19, Days: 1), TimeProvider.System, _ => { }, TestContext.Current.CancellationToken);

        Assert.All(outcome.City.Regions, region => Assert.All(outcome.Record.Multipliers(region.Index).Where(double.IsFinite), m => Assert.InRange(m, 1, 3)));
        Assert.True(outcome.WithSurge.Regions.Max(region => region.MaxMultiplier) > 1.3, "A day with rush hours, rain and a stadium event must surge somewhere.");
        (Quote quote, _) = Assert.NotNull(outcome.Record.Example);
        Assert.Equal(quote.Price.MinorUnits, quote.Breakdown.Sum(line => line.MinorUnits));
        Assert.Equal(outcome.City.Stadium.Id, quote.Request.RegionId);
        Assert.Equal(0, quote.Price.MinorUnits % 25);
    }

    [Fact]
    public async Task RunAsync_WhenCancelled_Stops() =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            DemoRun.RunAsync(new DemoChoices(1, 12, 1), TimeProvider.System, _ => { }, new CancellationToken(canceled: true)));
}
