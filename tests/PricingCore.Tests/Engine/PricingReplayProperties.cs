using System.Text;
using FsCheck;
using FsCheck.Fluent;
using PricingCore.Events;
using PricingCore.Quotes;
using PricingCore.Regions;
using PricingCore.Replay;
using PricingCore.Rules;

namespace PricingCore.Tests.Engine;

/// <summary>
/// Goal: the same input gives the same bytes, for 1 to 4 shards and whatever the threads do.
/// Method: random markets with moving supply, keys, neighbours, weather for all, several products and stateful rules are replayed with
/// one shard and with more; every field of every answer, every feature bit, every rejection and every count must be equal.
/// </summary>
public sealed class PricingReplayProperties
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(Cases.Of(100));
    private static readonly DateTimeOffset Start = new(2026, 3, 6, 17, 0, 0, TimeSpan.Zero);
    private static readonly string[] Ids = ["a", "b", "c", "d", "e", "f"];
    private static readonly string[] Products = ["standard", "xl"];

    private static readonly RuleSet Rules = RuleSet.Parse("""
        {"rules":[
          {"region_id":"*","product_type":"*","base_price":12.00,"currency":"USD","formula":"centred","smoothing":0.3,"max_step_per_minute":0.2,"hysteresis":0.02,"increment":0.05,"max_multiplier":2.5},
          {"region_id":"b","product_type":"*","base_price":700,"currency":"JPY","mode":"additive"},
          {"region_id":"c","product_type":"xl","base_price":9.99,"currency":"EUR","effective_date":"2026-03-06T18:30:00Z"}]}
        """);

    [Fact]
    public void Answers_ForAnyNumberOfShards_AreTheSameBytes() =>
        Check.One(Thorough, Prop.ForAll(Seeds.Any, seed =>
        {
            string one = Play(seed, 1);
            int shards = 2 + (seed % 3);
            AssertSame(one, Play(seed, shards), $"seed {seed}, {shards} shards");
            if (seed % 8 == 0)
            {
                AssertSame(one, Play(seed, 1), $"seed {seed} again");
            }
        }));

    [Theory]
    [InlineData(201805593, 2)] // A supply event and a booking with one key: the other shard saw only the former.
    public void Answers_OfAStreamThatOnceDiffered_AreTheSameBytes(int seed, int shards)
    {
        for (int i = 0; i < 3; i++)
        {
            AssertSame(Play(seed, 1), Play(seed, 1), $"run {i}: seed {seed} again");
            AssertSame(Play(seed, shards), Play(seed, shards), $"run {i}: seed {seed} twice with {shards} shards");
            AssertSame(Play(seed, 1), Play(seed, shards), $"run {i}: seed {seed}, {shards} shards");
        }
    }

    private static void AssertSame(string expected, string actual, string what)
    {
        if (expected != actual)
        {
            string[] left = expected.Split('\n');
            string[] right = actual.Split('\n');
            int line = Enumerable.Range(0, Math.Min(left.Length, right.Length)).FirstOrDefault(i => left[i] != right[i]);
            Assert.Fail($"{what}: line {line} differs\n{left[line]}\n{right[line]}");
        }
    }

    private static string Play(int seed, int shards)
    {
        var random = new Random(seed);
        var text = new StringBuilder();
        var dropped = new SortedDictionary<int, Rejection>();
        var options = new PricingOptions
        {
            Rules = Rules,
            Shards = shards,
            RingCapacityEvents = 64, // Small, so that publishing often waits.
            MaxIdempotencyKeys = 1_000,
            MaxRegions = 16, // These bounds keep the engine small, so that there is time for many streams.
            MaxSessions = 1_000,
            MaxDecisions = 100,
            MaxWaitingRequests = 256,
            MaxUnits = random.Next(2) == 0 ? 5 : 100,
            UserEventsPerMinute = 20,
            UnitTimeout = TimeSpan.FromMinutes(5),
            TickInterval = TimeSpan.FromSeconds(random.Next(1, 30)),
            StaleAfter = TimeSpan.FromSeconds(random.Next(5, 120)),
            Regions = random.Next(4) == 0 ? [] :
            [
                new Region("a") { Neighbours = ["b", "c"] }, new Region("b") { Neighbours = ["a", "d"], TimeZone = "America/New_York" },
                new Region("c") { Neighbours = ["a"] }, new Region("d") { Neighbours = ["e", "b"], TimeZone = "Asia/Kolkata" }, new Region("e"),
            ],
        };
        PricingReplay replay = PricingReplay.Start(options, (tag, reason) =>
        {
            lock (dropped)
            {
                dropped.Add(tag, reason);
            }
        });
        var answers = new List<Task<ReplayAnswer>>();
        DateTimeOffset now = Start;
        for (int i = 0; i < 400; i++)
        {
            now += random.Next(60) switch
            {
                < 40 => TimeSpan.FromMilliseconds(random.Next(2_000)),
                < 58 => TimeSpan.FromSeconds(random.Next(60)),
                < 59 => TimeSpan.FromMinutes(random.Next(40)),
                _ => TimeSpan.FromHours(random.NextDouble() * 9),
            };
            if (random.Next(5) == 0)
            {
                answers.Add(replay.AskAsync(new QuoteRequest(Ids[random.Next(Ids.Length)], Products[random.Next(2)]), now, withFeatures: true).AsTask());
            }
            else
            {
                text.Append(replay.Publish(Event(random, now), now, tag: i + 1)).Append('\n');
            }
        }

        foreach (Task<ReplayAnswer> answer in answers)
        {
            AnswerBytes.Append(text, answer.GetAwaiter().GetResult());
        }

        replay.DrainAsync().AsTask().GetAwaiter().GetResult();
        EngineStatistics s = replay.Statistics;
        text.AppendJoin(',', dropped).Append('\n').Append(s with { Rejected = new Dictionary<Rejection, long>() }).Append('\n').AppendJoin(',', s.Rejected);
        replay.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return text.ToString();
    }

    private static MarketEvent Event(Random random, DateTimeOffset now)
    {
        string region = Ids[random.Next(Ids.Length)];
        DateTimeOffset at = now - TimeSpan.FromSeconds(random.Next(3) == 0 ? random.Next(-6, 1_000) : 0);
        string? key = random.Next(4) == 0 ? "key" + random.Next(30) : null;
        return random.Next(12) switch
        {
            < 4 => MarketEvent.Booking(region, at, "user" + random.Next(5)) with { IdempotencyKey = key },
            < 6 => MarketEvent.Search(region, at, "user" + random.Next(5)) with { IdempotencyKey = key },
            < 9 => new MarketEvent((MarketEventKind)random.Next(16, 20), region, at) { UnitId = "unit" + random.Next(12), IdempotencyKey = key },
            9 => MarketEvent.Weather(random.Next(2) == 0 ? "*" : region, at, EventValues.Weather(20, random.Next(10), random.Next(20), random.Next(20))) with { IdempotencyKey = key },
            10 => MarketEvent.CityEvent(random.Next(3) == 0 ? "*" : region, at, (float)random.NextDouble(), TimeSpan.FromMinutes(random.Next(200))),
            _ => new MarketEvent(MarketEventKind.Alert, region, at),
        };
    }
}
