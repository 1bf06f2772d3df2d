using PricingCore.Events;
using PricingCore.Journal;
using PricingCore.Rules;
using PricingCore.Surge;

namespace PricingCore.Tests.Journal;

/// <summary>
/// Goal: a replay of an engine's journal decides what the engine decided, also while it runs, and says so when other rules decide otherwise.
/// Method: engines on a clock moved by hand and a folder of their own; one that ends without warning is one whose folder is copied while it runs.
/// Control: with the record's flags left out of the journal the replay differs at the first renewed decision.
/// </summary>
public sealed class JournalReplayTests : IDisposable
{
    private readonly JournalledMarket _market = new();

    public void Dispose() => _market.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Replay_DecidesWhatWasDecided(int shards)
    {
        await using (PricingEngine engine = _market.Start(Durability.Durable, shards))
        {
            await _market.LiveAsync(engine, minutes: 3);
        }

        await using (PricingEngine engine = _market.Start(Durability.Durable, shards))
        {
            await _market.LiveAsync(engine, minutes: 2);
        }

        JournalReplayResult result = PricingEngine.Replay(_market.Folder);
        Assert.Null(result.FirstDifference);
        Assert.Equal(0, result.Unconfirmed);
        Assert.True(result.Decisions > 20);
        Assert.Equal(result.Decisions, result.Confirmed);
    }

    [Fact]
    public async Task Replay_ByOtherRules_SaysThatDecisionsDiffer()
    {
        await using (PricingEngine engine = _market.Start(Durability.Durable, 1))
        {
            await _market.LiveAsync(engine, minutes: 1);
        }

        RuleSet other = RuleSet.Parse(JournalledMarket.Rule.Replace("12.00", "15.00", StringComparison.Ordinal));
        var decisions = new List<SurgeDecision>();
        JournalReplayResult result = PricingEngine.Replay(_market.Folder, new JournalReplayOptions { Rules = other, OnDecision = decisions.Add });
        Assert.NotNull(result.FirstDifference);
        Assert.Equal(result.Decisions, decisions.Count);
        Assert.All(decisions, decision => Assert.Equal(1_500, decision.Rule.BasePrice.MinorUnits));
    }

    [Fact]
    public async Task Replay_OfACopyTakenWhileItRan_HasAllThatWasAcknowledged()
    {
        string copy = Directory.CreateTempSubdirectory("pricingcore-copy-").FullName;
        try
        {
            await using PricingEngine engine = _market.Start(Durability.Durable, 1);
            for (int i = 0; i < 50; i++)
            {
                await engine.PublishAsync(MarketEvent.Booking("region-1", _market.Time.GetUtcNow(), "user-" + i));
                if (i % 10 == 0)
                {
                    Directory.Delete(copy, recursive: true);
                    _market.CopyTo(copy);
                    JournalReplayResult result = PricingEngine.Replay(copy);
                    Assert.Equal(i + 1, result.Statistics.Applied);
                    Assert.Null(result.FirstDifference);
                }
            }
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }
}
