using PricingCore.Events;
using PricingCore.Journal;
using PricingCore.Rules;
using PricingCore.Tests.Rules;

namespace PricingCore.Tests.Engine;

/// <summary>
/// Goal: what an operator is told of a running engine is true, and a snapshot is there when one was asked for.
/// Method: engines on a clock moved by hand; all events are awaited, so the numbers are exact.
/// </summary>
public sealed class OperatorViewTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);
    private readonly ScratchFolder _folder = new();
    private readonly HandDrivenTime _time = new(Noon);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Statistics_CountByKind_AndSayHowOldTheLastTickIs(int shards)
    {
        await using PricingEngine engine = Start(shards, withJournal: false);
        await PublishAsync(engine, MarketEvent.Booking("a", Noon), MarketEvent.Booking("b", Noon), MarketEvent.Search("a", Noon), MarketEvent.SupplyAvailable("a", "car", Noon));

        EngineStatistics statistics = engine.Statistics;

        Assert.Equal(
            new Dictionary<MarketEventKind, long> { [MarketEventKind.Search] = 1, [MarketEventKind.Booking] = 2, [MarketEventKind.SupplyAvailable] = 1 },
            statistics.AppliedByKind);
        Assert.Equal(shards, statistics.Loops.Count);
        Assert.All(statistics.Loops, loop => Assert.Equal((0, TimeSpan.Zero, TimeSpan.Zero, 0, false), (loop.RingDepth, loop.Lag, loop.TickAge, loop.JournalWaiting, loop.IsModelPaused)));
        Assert.Null(statistics.JournalFailure);
        Assert.Equal((0, 0, false), (statistics.AuditWaiting, statistics.AuditCapacity, statistics.AuditIsFailing));

        _time.Advance(TimeSpan.FromMilliseconds(500)); // Half a tick: none is due.
        Assert.All(engine.Statistics.Loops, loop => Assert.Equal(TimeSpan.FromMilliseconds(500), loop.TickAge));
    }

    [Fact]
    public async Task SnapshotAsync_TakesOneNow_AndTheNextStartBeginsThere()
    {
        await using (PricingEngine engine = Start(shards: 2, withJournal: true))
        {
            await PublishAsync(engine, MarketEvent.Booking("a", Noon), MarketEvent.Booking("b", Noon));
            Assert.True(await engine.SnapshotAsync(TestContext.Current.CancellationToken));
            Assert.True(await engine.SnapshotAsync(TestContext.Current.CancellationToken));
            await engine.DisposeAsync(); // A host stops it, and its container disposes it again.
            Assert.False(await engine.SnapshotAsync(TestContext.Current.CancellationToken));
        }

        long last = 0;
        await using PricingEngine again = Start(shards: 2, withJournal: true, records => last = records);
        Assert.Equal(2, again.Recovery.Snapshot);
        Assert.Equal(2, again.Statistics.Applied);
        Assert.True(last <= again.Recovery.Records);
    }

    [Fact]
    public async Task SnapshotAsync_WithoutAJournal_TakesNone()
    {
        await using PricingEngine engine = Start(shards: 1, withJournal: false);

        Assert.False(await engine.SnapshotAsync(TestContext.Current.CancellationToken));
    }

    private static async Task PublishAsync(PricingEngine engine, params MarketEvent[] events)
    {
        foreach (MarketEvent marketEvent in events)
        {
            Assert.Equal(Rejection.None, await engine.PublishAsync(marketEvent, TestContext.Current.CancellationToken));
        }
    }

    private PricingEngine Start(int shards, bool withJournal, Action<long>? progress = null) => PricingEngine.Start(new PricingOptions
    {
        Rules = RuleSet.Parse("""{"rules":[{"region_id":"*","product_type":"*","base_price":12.00,"currency":"USD"}]}"""),
        TimeProvider = _time,
        MaxRegions = 100,
        Shards = shards,
        RecoveryProgress = progress,
        Journal = withJournal ? new JournalOptions { Directory = _folder.At("journal") } : new JournalOptions(),
    });
}
