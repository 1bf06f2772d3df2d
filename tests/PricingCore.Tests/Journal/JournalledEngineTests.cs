using PricingCore.Events;
using PricingCore.Journal;
using PricingCore.Quotes;
using PricingCore.Rules;
using PricingCore.Surge;
using PricingCore.Tests.Rules;

namespace PricingCore.Tests.Journal;

/// <summary>
/// Goal: an engine that ends, well or not, goes on where it was; and a replay of its journal decides what it decided.
/// Method: engines on a clock moved by hand and a directory of their own; one that ends without warning is one whose directory is copied while it runs.
/// Control: with the record's flags left out of the journal the replay differs at the first renewed decision.
/// </summary>
public sealed class JournalledEngineTests : IDisposable
{
    private const string Rule = """{"rules":[{"region_id":"*","product_type":"*","base_price":12.00,"currency":"USD","hysteresis":0.01}]}""";
    private static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);
    private readonly string _directory = Directory.CreateTempSubdirectory("pricingcore-journal-").FullName;
    private readonly HandDrivenTime _time = new(Noon);

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData(Durability.Durable, 1)]
    [InlineData(Durability.Buffered, 1)]
    [InlineData(Durability.Durable, 2)]
    public async Task Start_AfterAnEnd_KnowsAllThatWas(Durability durability, int shards)
    {
        var before = new float[64];
        var after = new float[64];
        SurgeDecision decision;
        await using (PricingEngine engine = Start(durability, shards))
        {
            await LiveAsync(engine, minutes: 3);
            decision = (await engine.QuoteAsync(new QuoteRequest("region-1"))).Decision;
            _time.Advance(TimeSpan.FromSeconds(1));
            await Barrier(engine);
            Assert.True(engine.TryReadFeatures("region-1", before, out _));
        }

        await using (PricingEngine engine = Start(durability, shards))
        {
            Assert.Null(engine.Recovery.Difference);
            Assert.True(engine.Recovery.DecisionsConfirmed > 0);
            Assert.Equal(Rejection.Duplicate, await engine.PublishAsync(MarketEvent.Booking("region-1", _time.GetUtcNow(), "user") with { IdempotencyKey = "once" }));
            Assert.True(engine.TryQuote(new QuoteRequest("region-1"), out Quote quote));
            Assert.Equal(decision.Id, quote.Decision.Id);
            Assert.Equal(Bytes(decision), Bytes(quote.Decision));
            _time.Advance(TimeSpan.FromSeconds(1));
            await Barrier(engine);
            Assert.True(engine.TryReadFeatures("region-1", after, out _));
        }

        // A second later nothing but the seconds themselves has changed.
        int[] changed = [.. Enumerable.Range(0, 64).Where(i => !before[i].Equals(after[i]))];
        Assert.True(changed.Length <= 6, string.Join(", ", changed));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Replay_DecidesWhatWasDecided(int shards)
    {
        await using (PricingEngine engine = Start(Durability.Durable, shards))
        {
            await LiveAsync(engine, minutes: 3);
        }

        await using (PricingEngine engine = Start(Durability.Durable, shards))
        {
            await LiveAsync(engine, minutes: 2);
        }

        JournalReplayResult result = PricingEngine.Replay(_directory);
        Assert.Null(result.FirstDifference);
        Assert.Equal(0, result.Unconfirmed);
        Assert.True(result.Decisions > 20);
        Assert.Equal(result.Decisions, result.Confirmed);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Start_FromASnapshotAndTheTail_IsAsFromTheWholeJournal(int shards)
    {
        string copy = Directory.CreateTempSubdirectory("pricingcore-copy-").FullName;
        try
        {
            PricingOptions options = Options(Durability.Durable, shards);
            options.Journal.SnapshotEveryEvents = 1_000;
            await using (PricingEngine engine = PricingEngine.Start(options))
            {
                await LiveAsync(engine, minutes: 12);
            }

            Assert.NotEmpty(Directory.GetFiles(_directory + "/snapshots"));
            CopyTo(copy);
            Directory.Delete(copy + "/snapshots", recursive: true);
            await using PricingEngine fast = Start(Durability.Durable, shards);
            PricingOptions slowOptions = Options(Durability.Durable, shards);
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
                DateTimeOffset now = _time.GetUtcNow();
                foreach (PricingEngine engine in new[] { fast, slow })
                {
                    await engine.PublishAsync(MarketEvent.Booking("region-" + (i % 5), now, "late-" + (i % 9)));
                }

                Quote a = await fast.QuoteAsync(new QuoteRequest("region-" + (i % 5)));
                Quote b = await slow.QuoteAsync(new QuoteRequest("region-" + (i % 5)));
                Assert.Equal(Bytes(b.Decision), Bytes(a.Decision));
                _time.Advance(TimeSpan.FromSeconds(3));
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
        PricingOptions options = Options(Durability.Durable, 2);
        options.Journal.Files = files;
        await using PricingEngine engine = PricingEngine.Start(options);
        await engine.PublishAsync(MarketEvent.Search(region, _time.GetUtcNow()));
        files.Hold();
        Task<Rejection> published = engine.PublishAsync(MarketEvent.SupplyAvailable(region, "driver", _time.GetUtcNow())).AsTask();
        for (int i = 0; i < 20; i++)
        {
            await engine.PublishAsync(MarketEvent.Search(region, _time.GetUtcNow())); // The region's own loop, whose disk works, has got past the unit.
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
        await using (PricingEngine engine = Start(Durability.Durable, 2))
        {
            for (int i = 0; i < 20_000; i++)
            {
                engine.TryPublish(MarketEvent.Search("region-0", _time.GetUtcNow()));
            }

            await engine.QuoteAsync(new QuoteRequest("region-0", "xl"));
        }

        await using (PricingEngine engine = Start(Durability.Durable, 2))
        {
            await engine.QuoteAsync(new QuoteRequest("region-1", "van"));
            await engine.QuoteAsync(new QuoteRequest("region-0", "van"));
        }

        await using (PricingEngine engine = Start(Durability.Durable, 2))
        {
            Assert.Null(engine.Recovery.Difference);
            Assert.Equal(2, engine.Statistics.Regions);
        }

        JournalReplayResult result = PricingEngine.Replay(_directory);
        Assert.Null(result.FirstDifference);
        Assert.Equal(3, result.Confirmed);
    }

    [Fact]
    public async Task Snapshot_IsDueByWhatTheStartHasRead_AlsoWhenEveryLifeIsShort()
    {
        PricingOptions options = Options(Durability.Durable, 1);
        options.Journal.SnapshotEveryEvents = 1_000;
        for (int life = 0; life < 2; life++)
        {
            await using PricingEngine engine = PricingEngine.Start(options);
            for (int i = 0; i < 600; i++)
            {
                engine.TryPublish(MarketEvent.Search("region-1", _time.GetUtcNow(), "user-" + i));
            }

            await Barrier(engine);
        }

        await using PricingEngine last = PricingEngine.Start(options);
        bool isTaken = false;
        for (int i = 0; i < 200 && !isTaken; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1)); // A tick asks for a snapshot; the first one after memory is ready takes it.
            isTaken = SpinWait.SpinUntil(() => Directory.Exists(_directory + "/snapshots") && Directory.GetFiles(_directory + "/snapshots", "*.snap").Length > 0, 50);
        }

        Assert.True(isTaken);
    }

    [Fact]
    public async Task Replay_ByOtherRules_SaysThatDecisionsDiffer()
    {
        await using (PricingEngine engine = Start(Durability.Durable, 1))
        {
            await LiveAsync(engine, minutes: 1);
        }

        RuleSet other = RuleSet.Parse(Rule.Replace("12.00", "15.00", StringComparison.Ordinal));
        var decisions = new List<SurgeDecision>();
        JournalReplayResult result = PricingEngine.Replay(_directory, new JournalReplayOptions { Rules = other, OnDecision = decisions.Add });
        Assert.NotNull(result.FirstDifference);
        Assert.Equal(result.Decisions, decisions.Count);
        Assert.All(decisions, decision => Assert.Equal(1_500, decision.Rule.BasePrice.MinorUnits));
    }

    [Fact]
    public async Task Start_WithTheDirectoryOfARunningEngine_IsRefused()
    {
        await using PricingEngine engine = Start(Durability.Durable, 1);
        IOException refused = Assert.Throws<IOException>(() => Start(Durability.Durable, 1));
        Assert.Contains("one engine at a time", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WithOtherTerms_NamesThem()
    {
        await using (PricingEngine engine = Start(Durability.Durable, 1))
        {
            await LiveAsync(engine, minutes: 1);
        }

        var options = Options(Durability.Durable, 1);
        options.DecisionValidity = TimeSpan.FromSeconds(7);
        JournalMismatchException refused = Assert.Throws<JournalMismatchException>(() => PricingEngine.Start(options));
        Assert.Contains("decision_validity_micros: 30000000 -> 7000000", refused.Message, StringComparison.Ordinal);
        await using PricingEngine again = Start(Durability.Durable, 1); // The refused start has let go of the directory.
    }

    [Fact]
    public async Task Start_FromACopyTakenWhileItRan_HasAllThatWasAcknowledged()
    {
        string copy = Directory.CreateTempSubdirectory("pricingcore-copy-").FullName;
        try
        {
            await using PricingEngine engine = Start(Durability.Durable, 1);
            for (int i = 0; i < 50; i++)
            {
                await engine.PublishAsync(MarketEvent.Booking("region-1", _time.GetUtcNow(), "user-" + i));
                if (i % 10 == 0)
                {
                    Directory.Delete(copy, recursive: true);
                    CopyTo(copy);
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

    /// <summary>A forecast is answered by the region's own loop, after all that came before, and changes nothing.</summary>
    private static async Task Barrier(PricingEngine engine) => await engine.ForecastAsync("region-1", 15);

    private static byte[] Bytes(SurgeDecision decision)
    {
        var bytes = new byte[DecisionCodec.MaxBytes];
        return bytes[..DecisionCodec.Write(decision, bytes)];
    }

    private void CopyTo(string target)
    {
        foreach (string file in Directory.EnumerateFiles(_directory, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "lock"))
        {
            string to = Path.Combine(target, Path.GetRelativePath(_directory, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            using FileStream from = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using FileStream into = new(to, FileMode.Create);
            from.CopyTo(into);
        }
    }

    /// <summary>A few minutes of a small market: bookings, drivers, weather, a key, an alert, other rules, quotes.</summary>
    private async Task LiveAsync(PricingEngine engine, int minutes)
    {
        for (int second = 0; second < minutes * 60; second++)
        {
            DateTimeOffset now = _time.GetUtcNow();
            string region = "region-" + (second % 5);
            engine.TryPublish(MarketEvent.Search(region, now, "user-" + (second % 17)));
            engine.TryPublish(MarketEvent.SupplyAvailable(region, "driver-" + (second % 7), now));
            await engine.PublishAsync(MarketEvent.Booking(region, now, "user-" + (second % 11)));
            if (second % 20 == 0)
            {
                await engine.PublishAsync(MarketEvent.Booking("region-1", now, "user") with { IdempotencyKey = "once" });
                engine.TryPublish(MarketEvent.Weather("*", now, EventValues.Weather(10, 2)));
            }

            if (second % 7 == 0)
            {
                await engine.QuoteAsync(new QuoteRequest(region));
                await engine.QuoteAsync(new QuoteRequest("region-1", "xl"));
            }

            _time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    private PricingEngine Start(Durability durability, int shards) => PricingEngine.Start(Options(durability, shards));

    private PricingOptions Options(Durability durability, int shards) => new()
    {
        Rules = RuleSet.Parse(Rule),
        TimeProvider = _time,
        Shards = shards,
        MaxRegions = 100,
        Journal = new JournalOptions { Directory = _directory, Durability = durability },
    };
}
