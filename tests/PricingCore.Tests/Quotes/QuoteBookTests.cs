using FsCheck;
using FsCheck.Fluent;
using PricingCore.Forecasts;
using PricingCore.Quotes;
using PricingCore.Rules;
using PricingCore.Surge;

namespace PricingCore.Tests.Quotes;

/// <summary>
/// Goal: the book holds the latest decision of each lane, up to its bound; the lane decided longest ago goes first.
/// Method: random writes and invalidations against a list, with few lanes and little room; and readers that look while it changes.
/// </summary>
public sealed class QuoteBookTests
{
    private const int Regions = 4;
    private const int Products = 3;
    private static readonly PricingRule Rule = RuleSet.Parse("""{"rules":[{"region_id":"*","product_type":"*","base_price":12.00,"currency":"USD"}]}""").Rules[0];

    [Fact]
    public void Book_ForAnyScript_EqualsAList() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2_000), Prop.ForAll(Seeds.Any, seed =>
        {
            var random = new Random(seed);
            int capacity = random.Next(1, 10);
            var book = new QuoteBook(Regions, capacity);
            var memory = new SurgeMemory();
            var model = new List<(int Region, int Product, SurgeDecision Decision)>(); // Oldest first.
            for (int i = 0; i < 100; i++)
            {
                (int region, int product) = (random.Next(Regions), random.Next(Products));
                switch (random.Next(20))
                {
                    case 0:
                        book.InvalidateAll();
                        model.Clear();
                        break;
                    case < 4:
                        book.Invalidate(region, memory);
                        model.RemoveAll(x => x.Region == region);
                        break;
                    default:
                        SurgeDecision decision = Decision(region, product);
                        book.Write(memory.Of(region, product), decision);
                        if (model.RemoveAll(x => x.Region == region && x.Product == product) == 0 && model.Count == capacity)
                        {
                            model.RemoveAt(0);
                        }

                        model.Add((region, product, decision));
                        break;
                }

                Assert.Equal(model.Count, book.Count);
                for (int lane = 0; lane < Regions * Products; lane++)
                {
                    SurgeDecision? expected = model.Find(x => x.Region == lane / Products && x.Product == lane % Products).Decision;
                    Assert.Same(expected, book.Read(lane / Products, lane % Products));
                }
            }
        }));

    [Fact]
    public void Read_WhileTheBookChanges_NeverGivesTheDecisionOfAnother()
    {
        var book = new QuoteBook(Regions, 5);
        var memory = new SurgeMemory();
        bool isDone = false;
        int wrong = 0;
        Thread[] readers = [.. Enumerable.Range(0, 2).Select(reader => new Thread(() =>
        {
            for (int i = reader; !Volatile.Read(ref isDone); i++)
            {
                (int region, int product) = (i % Regions, i / Regions % Products);
                if (book.Read(region, product) is { } found && (found.RegionId != "r" + region || found.ProductType != "p" + product))
                {
                    Interlocked.Increment(ref wrong);
                }
            }
        }))];
        Array.ForEach(readers, reader => reader.Start());
        var random = new Random(1);
        for (int i = 0; i < 100_000; i++)
        {
            (int region, int product) = (random.Next(Regions), random.Next(Products));
            if (random.Next(10) == 0)
            {
                book.Invalidate(region, memory);
            }
            else
            {
                book.Write(memory.Of(region, product), Decision(region, product));
            }
        }

        Volatile.Write(ref isDone, true);
        Array.ForEach(readers, reader => reader.Join());
        Assert.Equal(0, wrong);
    }

    private static SurgeDecision Decision(int region, int product) => new()
    {
        RegionId = "r" + region,
        ProductType = "p" + product,
        Id = default,
        DecidedAt = default,
        HoldsUntil = default,
        Outcome = default,
        Inputs = default,
        Forecast = default,
        ForecastSource = ForecastSource.Baseline,
        ModelVersion = "",
        Rule = Rule,
        RulesVersion = "",
    };
}
