using PricingCore.Events;
using PricingCore.Journal;
using PricingCore.Quotes;
using PricingCore.Surge;

namespace PricingCore.Tests.Journal;

/// <summary>
/// Goal: an engine that ends goes on where it was, from a snapshot or from the whole journal, and refuses a journal that is not its own.
/// Method: engines on a clock moved by hand, one after the other over one folder.
/// </summary>
public sealed class JournalledEngineTests : IDisposable
{
    private readonly JournalledMarket _market = new();

    public void Dispose() => _market.Dispose();

    [Theory]
    [InlineData(Durability.Durable, 1)]
    [InlineData(Durability.Buffered, 1)]
    [InlineData(Durability.Durable, 2)]
    public async Task Start_AfterAnEnd_KnowsAllThatWas(Durability durability, int shards)
    {
        var before = new float[64];
        var after = new float[64];
        SurgeDecision decision;
        await using (PricingEngine engine = _market.Start(durability, shards))
        {
            await _market.LiveAsync(engine, minutes: 3);
            decision = (await engine.QuoteAsync(new QuoteRequest("region-1"))).Decision;
            _market.Time.Advance(TimeSpan.FromSeconds(1));
            await JournalledMarket.Barrier(engine);
            Assert.True(engine.TryReadFeatures("region-1", before, out _));
        }

        await using (PricingEngine engine = _market.Start(durability, shards))
        {
            Assert.Null(engine.Recovery.Difference);
            Assert.True(engine.Recovery.DecisionsConfirmed > 0);
            Assert.Equal(Rejection.Duplicate, await engine.PublishAsync(MarketEvent.Booking("region-1", _market.Time.GetUtcNow(), "user") with { IdempotencyKey = "once" }));
            Assert.True(engine.TryQuote(new QuoteRequest("region-1"), out Quote quote));
            Assert.Equal(decision.Id, quote.Decision.Id);
            Assert.Equal(Bytes(decision), Bytes(quote.Decision));
            _market.Time.Advance(TimeSpan.FromSeconds(1));
            await JournalledMarket.Barrier(engine);
            Assert.True(engine.TryReadFeatures("region-1", after, out _));
        }

        // A second later nothing but the seconds themselves has changed.
        int[] changed = [.. Enumerable.Range(0, 64).Where(i => !before[i].Equals(after[i]))];
        Assert.True(changed.Length <= 6, string.Join(", ", changed));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Start_FromASnapshotAndTheTail_IsAsFromTheWholeJournal(int shards)
    {
        string copy = Directory.CreateTempSubdirectory("pricingcore-copy-").FullName;
        try
        {
            PricingOptions options = _market.Options(Durability.Durable, shards);
            options.Journal.SnapshotEveryEvents = 1_000;
            await using (PricingEngine engine = PricingEngine.Start(options))
            {
                await _market.LiveAsync(engine, minutes: 12);
            }

            Assert.NotEmpty(Directory.GetFiles(_market.Folder + "/snapshots"));
            _market.CopyTo(copy);
            Directory.Delete(copy + "/snapshots", recursive: true);
            await using PricingEngine fast = _market.Start(Durability.Durable, shards);
            PricingOptions slowOptions = _market.Options(Durability.Durable, shards);
            slowOptions.Journal.Directory = copy;
            await using PricingEngine slow = PricingEngine.Start(slowOptions);
            Assert.NotNull(fast.Recovery.Snapshot);
            Assert.Null(slow.Recovery.Snapshot);
            Assert.True(fast.Recovery.Records < slow.Recovery.Records);
            Assert.Null(fast.Recovery.Difference);
            Assert.Equal(slow.Statistics.Applied, fast.Statistics.Applied);
            Assert.Equal(slow.Statistics.Decisions, fast.Statistics.Decisions);
            for (int i = 0; i < 60; i++)
            {
                DateTimeOffset now = _market.Time.GetUtcNow();
                foreach (PricingEngine engine in new[] { fast, slow })
                {
                    await engine.PublishAsync(MarketEvent.Booking("region-" + (i % 5), now, "late-" + (i % 9)));
                }

                Quote a = await fast.QuoteAsync(new QuoteRequest("region-" + (i % 5)));
                Quote b = await slow.QuoteAsync(new QuoteRequest("region-" + (i % 5)));
                Assert.Equal(Bytes(b.Decision), Bytes(a.Decision));
                _market.Time.Advance(TimeSpan.FromSeconds(3));
            }
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    [Theory]
    [InlineData("lane-00", "region-1")]
    [InlineData("lane-01", "region-0")]
    public async Task PublishAsync_OfAUnit_WaitsForTheJournalOfEveryLoop(string held, string region)
    {
        using var files = new HeldFiles(held);
        PricingOptions options = _market.Options(Durability.Durable, 2);
        options.Journal.Files = files;
        await using PricingEngine engine = PricingEngine.Start(options);
        await engine.PublishAsync(MarketEvent.Search(region, _market.Time.GetUtcNow()));
        files.Hold();
        Task<Rejection> published = engine.PublishAsync(MarketEvent.SupplyAvailable(region, "driver", _market.Time.GetUtcNow())).AsTask();
        for (int i = 0; i < 20; i++)
        {
            await engine.PublishAsync(MarketEvent.Search(region, _market.Time.GetUtcNow())); // The region's own loop, whose disk works, has got past the unit.
        }

        bool isEarly = published.IsCompleted;
        files.LetGo(); // Before the assertion, or the engine could not end.
        Assert.False(isEarly);
        Assert.Equal(Rejection.None, await published);
    }

    [Fact]
    public async Task Start_WhenALaneHasNamesThatItsOwnJournalNeverSaid_ReadsEachLaneByItself()
    {
        // The first life leaves lane 1 empty, and says its only product late in lane 0; the second names another in lane 1.
        await using (PricingEngine engine = _market.Start(Durability.Durable, 2))
        {
            for (int i = 0; i < 20_000; i++)
            {
                engine.TryPublish(MarketEvent.Search("region-0", _market.Time.GetUtcNow()));
            }

            await engine.QuoteAsync(new QuoteRequest("region-0", "xl"));
        }

        await using (PricingEngine engine = _market.Start(Durability.Durable, 2))
        {
            await engine.QuoteAsync(new QuoteRequest("region-1", "van"));
            await engine.QuoteAsync(new QuoteRequest("region-0", "van"));
        }

        await using (PricingEngine engine = _market.Start(Durability.Durable, 2))
        {
            Assert.Null(engine.Recovery.Difference);
            Assert.Equal(2, engine.Statistics.Regions);
        }

        JournalReplayResult result = PricingEngine.Replay(_market.Folder);
        Assert.Null(result.FirstDifference);
        Assert.Equal(3, result.Confirmed);
    }

    [Fact]
    public async Task Snapshot_IsDueByWhatTheStartHasRead_AlsoWhenEveryLifeIsShort()
    {
        PricingOptions options = _market.Options(Durability.Durable, 1);
        options.Journal.SnapshotEveryEvents = 1_000;
        for (int life = 0; life < 2; life++)
        {
            await using PricingEngine engine = PricingEngine.Start(options);
            for (int i = 0; i < 600; i++)
            {
                engine.TryPublish(MarketEvent.Search("region-1", _market.Time.GetUtcNow(), "user-" + i));
            }

            await JournalledMarket.Barrier(engine);
        }

        await using PricingEngine last = PricingEngine.Start(options);
        bool isTaken = false;
        for (int i = 0; i < 200 && !isTaken; i++)
        {
            _market.Time.Advance(TimeSpan.FromSeconds(1)); // A tick asks for a snapshot; the first one after memory is ready takes it.
            isTaken = SpinWait.SpinUntil(() => Directory.Exists(_market.Folder + "/snapshots") && Directory.GetFiles(_market.Folder + "/snapshots", "*.snap").Length > 0, 50);
        }

        Assert.True(isTaken);
    }

    [Fact]
    public async Task Start_WithTheDirectoryOfARunningEngine_IsRefused()
    {
        await using PricingEngine engine = _market.Start(Durability.Durable, 1);
        IOException refused = Assert.Throws<IOException>(() => _market.Start(Durability.Durable, 1));
        Assert.Contains("one engine at a time", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WithOtherTerms_NamesThem()
    {
        await using (PricingEngine engine = _market.Start(Durability.Durable, 1))
        {
            await _market.LiveAsync(engine, minutes: 1);
        }

        var options = _market.Options(Durability.Durable, 1);
        options.DecisionValidity = TimeSpan.FromSeconds(7);
        JournalMismatchException refused = Assert.Throws<JournalMismatchException>(() => PricingEngine.Start(options));
        Assert.Contains("decision_validity_micros: 30000000 -> 7000000", refused.Message, StringComparison.Ordinal);
        await using PricingEngine again = _market.Start(Durability.Durable, 1); // The refused start has let go of the directory.
    }

    private static byte[] Bytes(SurgeDecision decision)
    {
        var bytes = new byte[DecisionCodec.MaxBytes];
        return bytes[..DecisionCodec.Write(decision, bytes)];
    }
}
