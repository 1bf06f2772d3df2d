using System.Globalization;
using PricingCore.Events;
using PricingCore.Numerics;
using PricingCore.Quotes;
using PricingCore.Rules;
using PricingCore.Tokens;

namespace PricingCore.Simulation;

/// <summary>What the hosts and clients of a simulated engine do: events, requests, redemptions, rules, forecasts from outside, and the ticks of the clock.</summary>
internal sealed class SimulatedClients(Random random, SimulationTraits traits, SimulatedTime time, ClientLedger ledger, SimulationReport report)
{
    private const string Rule = """{"rules":[{"region_id":"*","product_type":"*","base_price":BASE.00,"currency":"USD","hysteresis":0.01}]}""";

    private readonly Dictionary<string, int> _rules = [];
    private readonly int[] _rulesOfLoop = new int[traits.Shards];
    private ulong _keys;
    private ulong _offers;

    /// <summary>Somebody does something.</summary>
    public void Step(EngineLife life)
    {
        switch (random.Next(50))
        {
            case < 20:
                PublishSome(life);
                break;
            case < 30:
                Ask(life);
                break;
            case < 42:
                Tick(life);
                break;
            case < 46:
                Redeem(life);
                break;
            case < 49:
                Forecast(life);
                break;
            default:
                PublishRules(life);
                break;
        }
    }

    /// <summary>Notes which rules the loops follow; from the next ones on there is no way back.</summary>
    public void SeeRules(EngineLife life)
    {
        for (int shard = 0; shard < traits.Shards; shard++)
        {
            _rulesOfLoop[shard] = RulesOf(life, shard);
        }
    }

    /// <summary>No loop follows older rules than it did before the start.</summary>
    public void CheckRules(EngineLife life)
    {
        for (int shard = 0; shard < traits.Shards; shard++)
        {
            int rules = RulesOf(life, shard);
            if (rules < _rulesOfLoop[shard] && traits.IsDurable)
            {
                throw new SimulationFailedException($"loop {shard} followed rules {_rulesOfLoop[shard]}, and follows {rules} after the start");
            }
        }
    }

    private int RulesOf(EngineLife life, int shard) => life.Core.Shards.At(shard).Loop.Rules is { } rules ? _rules[rules.Hash] : 0;

    private void PublishSome(EngineLife life)
    {
        for (int i = random.Next(1, 12); i > 0; i--)
        {
            if (random.Next(10) == 0 && ledger.DrawRepeat(random, life) is { } repeat)
            {
                ledger.Publish(life, repeat);
                continue;
            }

            MarketEvent e = DrawEvent(life.Now - random.Next(3_000_000));
            if (random.Next(4) == 0)
            {
                if (life.TryPublish(e) == Rejection.None)
                {
                    ledger.AddUnknown();
                }
            }
            else
            {
                ledger.Publish(life, random.Next(2) == 0 ? e with { IdempotencyKey = $"key-{++_keys}" } : e);
            }
        }
    }

    private MarketEvent DrawEvent(long at)
    {
        string region = DrawRegion();
        DateTimeOffset moment = UnixMicros.ToTime(at);
        string user = $"user-{random.Next(50)}";
        string unit = $"unit-{random.Next(40)}";
        return random.Next(14) switch
        {
            < 4 => MarketEvent.Search(region, moment, user),
            < 7 => MarketEvent.Booking(region, moment, user) with { ProductType = random.Next(2) == 0 ? "xl" : null },
            7 => MarketEvent.Cancel(region, moment, user),
            8 or 9 => MarketEvent.SupplyAvailable(region, unit, moment),
            10 => MarketEvent.SupplyBusy(region, unit, moment),
            11 => MarketEvent.Weather(random.Next(2) == 0 ? "*" : region, moment, EventValues.Weather(random.Next(30), random.Next(5))),
            12 => MarketEvent.CityEvent(region, moment, random.NextSingle(), TimeSpan.FromMinutes(random.Next(1, 90))),
            _ => new MarketEvent(MarketEventKind.Alert, region, moment) { Values = EventValues.Of(random.Next(3)) },
        };
    }

    private string DrawRegion() => SimulationTraits.NameOf(random.Next(traits.Regions));

    private void Ask(EngineLife life)
    {
        int region = life.Core.FindRegion(DrawRegion());
        int product = life.Core.FindProduct(random.Next(3) == 0 ? "xl" : QuoteRequest.StandardProduct);
        if (life.Core.Unavailable == Rejection.None)
        {
            AcceptedEventFlags flags = random.Next(4) == 0 ? AcceptedEventFlags.Afresh : AcceptedEventFlags.None;
            ledger.Ask(life.Core.Requests.AskAsync(region, product, life.Now, flags), life.Now);
        }
    }

    private void Tick(EngineLife life)
    {
        time.Advance(random.Next(20) == 0 ? random.Next(1, 90_000_000) : random.Next(1, 2_000_000));
        life.Core.TryTick(life.Now);
    }

    private void Redeem(EngineLife life)
    {
        ClientLedger.Offer offer = ledger.Offers.Count > 0 && random.Next(3) > 0
            ? ledger.Offers[random.Next(ledger.Offers.Count)]
            : ledger.AddOffer(new ClientLedger.Offer(++_offers, life.Now + 300_000_000));
        if (life.Now >= offer.EndsAt)
        {
            return; // What has ended may be forgotten.
        }

        ulong redeemer = (ulong)random.Next(1, 4);
        var quote = new SignedQuote { RegionId = "region-0", ValidUntil = UnixMicros.ToTime(offer.EndsAt), TokenHash = new UInt128(7, offer.Number) };
        report.Redemptions++;
        ledger.Redeem(life.Core.Redemptions.RedeemAsync(life.Core.Regions.Find("region-0"), quote, new UInt128(9, redeemer), 5_000_000, life.Now), offer, redeemer);
    }

    private void Forecast(EngineLife life)
    {
        int region = life.Core.Regions.Find(DrawRegion());
        int model = life.Core.Models.FindOrAdd($"outside-{random.Next(3)}");
        if (region >= 0)
        {
            float expected = random.Next(1, 40);
            _ = life.Core.TryEnter(AcceptedEvent.ForecastReady(region, model, 15, random.NextSingle(), 0.5f, expected, expected / 2, expected * 2, life.Now));
        }
    }

    private void PublishRules(EngineLife life)
    {
        RuleSet rules = RuleSet.Parse(Rule.Replace("BASE", (_rules.Count + 5).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
        if (random.Next(3) > 0)
        {
            return; // Seldom: the audit log keeps sixteen rule sets of which it has not written decisions yet.
        }

        _rules.Add(rules.Hash, _rules.Count + 1);
        _ = life.Core.PublishRulesAsync(rules, life.Now);
    }
}
