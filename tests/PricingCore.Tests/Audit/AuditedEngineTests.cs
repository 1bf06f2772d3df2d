using PricingCore.Audit;
using PricingCore.Events;
using PricingCore.Explanations;
using PricingCore.Journal;
using PricingCore.Quotes;
using PricingCore.Rules;
using PricingCore.Tests.Rules;

namespace PricingCore.Tests.Audit;

/// <summary>
/// Goal: every decision of a live engine is in its audit log once, also when the engine ended without warning, and a quote can be explained by its request.
/// Method: engines on a clock moved by hand; one that ends without warning is one whose journal is kept and whose audit log is that of an earlier moment.
/// Control: with the outlet's look at the log's last ordinal left out, the second test finds decisions twice.
/// </summary>
public sealed class AuditedEngineTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);
    private readonly string _directory = Directory.CreateTempSubdirectory("pricingcore-audited-").FullName;
    private readonly HandDrivenTime _time = new(Noon);

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Explain_OfAServedQuote_AddsUpAndAgrees()
    {
        await using PricingEngine engine = Start("audit");
        _time.Advance(TimeSpan.FromSeconds(1));
        for (int i = 0; i < 20; i++)
        {
            await engine.PublishAsync(MarketEvent.Booking("midtown", _time.GetUtcNow(), "user-" + i));
        }

        Quote quote = await engine.QuoteAsync(new QuoteRequest("midtown") { RequestId = "r-1", UserId = "somebody" });
        QuoteExplanation explanation = engine.Explain("r-1")!;
        Assert.Equal(quote.Price, explanation.Price);
        Assert.Equal(quote.Price.MinorUnits, explanation.Breakdown.Sum(line => line.MinorUnits));
        Assert.True(explanation.Recomputation.Agrees);
        Assert.Equal(64, explanation.Features.Count);
        Assert.Equal(quote.Decision.Id, engine.Explain(quote.Decision.Id)!.Decision.Id);
        Assert.Null(engine.Explain("r-2"));
    }

    [Fact]
    public async Task Start_WithAnAuditLogThatIsBehind_AddsWhatItLacksAndNothingTwice()
    {
        await using (PricingEngine engine = Start("audit"))
        {
            await QuoteEveryMinuteAsync(engine, 5);
        }

        Copy(_directory + "/audit", _directory + "/earlier");
        await using (PricingEngine engine = Start("audit"))
        {
            await QuoteEveryMinuteAsync(engine, 7);
        }

        var decided = new List<string>();
        PricingEngine.Replay(_directory + "/journal", new JournalReplayOptions { OnDecision = decision => decided.Add(decision.Id.ToString()) });
        Assert.Equal(12, decided.Count);
        await using (Start("earlier"))
        {
        }

        Assert.Equal(decided, Audited("audit"));
        Assert.Equal(decided, Audited("earlier"));
        Assert.Empty(AuditCheck.Verify(_directory + "/audit").Faults);
        Assert.Empty(AuditCheck.Verify(_directory + "/earlier").Faults);
    }

    private List<string> Audited(string name) =>
        [.. new AuditReader(_directory + "/" + name).ReadDecisions().Select(audited => audited.Decision.Id.ToString())];

    private async Task QuoteEveryMinuteAsync(PricingEngine engine, int minutes)
    {
        for (int i = 0; i < minutes; i++)
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            await engine.QuoteAsync(new QuoteRequest("midtown"));
            await engine.QuoteAsync(new QuoteRequest("midtown"));
        }
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.GetFiles(from, "audit-*"))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }

    private PricingEngine Start(string audit) => PricingEngine.Start(new PricingOptions
    {
        Rules = RuleSet.Parse("""{"rules":[{"region_id":"*","product_type":"*","base_price":12.00,"currency":"USD"}]}"""),
        TimeProvider = _time,
        MaxRegions = 100,
        Journal = new JournalOptions { Directory = _directory + "/journal" },
        Audit = new AuditOptions { Directory = _directory + "/" + audit, Level = AuditLevel.Quote },
    });
}
