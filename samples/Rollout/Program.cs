using PricingCore;
using PricingCore.Forecasts.Rollouts;
using PricingCore.Quotes;
using PricingCore.Rules;
using RolloutSample;

// A live engine, a busy market, and four things that happen to models: a canary that does well, a shadow that shows what it would charge,
// a canary that fails and goes back by itself, and a rollback by hand. Takes some twenty seconds.
var rules = RuleSet.Parse("""
    {"rules": [{"region_id": "*", "product_type": "*", "base_price": 12.00, "currency": "USD", "formula": "centred", "increment": 0.01}]}
    """);
await using var engine = PricingEngine.Start(new PricingOptions
{
    Rules = rules,
    TickInterval = TimeSpan.FromMilliseconds(100),
    ForecastMissesBeforePause = 1_000_000, // So that the guard sees every miss; else the engine soon stops asking a broken model.
});
using var market = new BusyMarket(engine, regions: 200);

// Ten minutes a step would be usual; here two seconds.
Rollout canary = Rollout.Canary with { StepDuration = TimeSpan.FromSeconds(2), Guards = new RolloutGuards { MaxLatency = TimeSpan.FromMilliseconds(200) } };

await engine.Models.DeployAsync(new BiasedForecaster("demand/1.0.0", bias: 1.00f), Rollout.Fixed);
Say("demand/1.0.0 prices everywhere");

Say("demand/1.1.0, which expects 2 % more, as a canary:");
await engine.Models.DeployAsync(new BiasedForecaster("demand/1.1.0", bias: 1.02f), canary);
await WatchAsync();

Say("demand/2.0.0, which expects 60 % more, as a shadow:");
await engine.Models.DeployAsync(new BiasedForecaster("demand/2.0.0", bias: 1.60f), Rollout.Shadow);
await Task.Delay(TimeSpan.FromSeconds(2));
Show(engine.Models.Status);
await engine.Models.RollBackAsync("seen enough");

Say("demand/3.0.0, which answers nonsense one time in ten, as a canary:");
await engine.Models.DeployAsync(new BiasedForecaster("demand/3.0.0", bias: 1.00f) { NonsenseEach = 10 }, canary);
await WatchAsync();

Say("and back to the model before, by hand:");
await engine.Models.RollBackAsync("asked for");
Show(engine.Models.Status);
Quote quote = await engine.QuoteAsync(new QuoteRequest("region-7"));
Say($"region-7: {quote.Price} ({quote.Multiplier}) by {quote.Decision.ModelVersion}");
Say($"{market.Quotes:N0} quotes were answered meanwhile, {market.Failures} failed");
return market.Failures == 0 && engine.Models.Status.StableVersion == "demand/1.0.0" ? 0 : 1;

async Task WatchAsync()
{
    int shown = -1;
    while (engine.Models.Status is { CandidateVersion: not null } status)
    {
        if (status.CandidatePercent != shown)
        {
            shown = status.CandidatePercent;
            Show(status);
        }

        await Task.Delay(100);
    }

    Show(engine.Models.Status);
}

static void Show(RolloutStatus s) => Say(s.CandidateVersion is null
    ? $"  {s.StableVersion} prices everywhere{(s.RollbackReason is null ? "" : $"; went back: {s.RollbackReason}")}"
    : $"  {s.CandidateVersion} at {s.CandidatePercent} %, {s.StableVersion} the rest{(s.Prices is { Decisions: > 0 } p ? $"; {p.Decisions} prices compared, {p.MeanChange:+0.0 %;-0.0 %} on average, 95 % within {p.AbsoluteChange95:0.0 %}" : "")}");

static void Say(string line) => Console.WriteLine(line);
