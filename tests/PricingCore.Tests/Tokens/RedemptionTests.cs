using PricingCore.Quotes;
using PricingCore.Rules;
using PricingCore.Tests.Rules;
using PricingCore.Tokens;
using static PricingCore.Tests.Tokens.SampleQuotes;

namespace PricingCore.Tests.Tokens;

/// <summary>
/// Goal: through a live engine a signed quote is redeemed exactly once, honoured to its end whatever changes, and refused with a reason.
/// Method: a clock moved by hand; many redeemers let off together by a barrier.
/// Control: with a table that never finds a token, several of the concurrent redeemers win.
/// </summary>
public sealed class RedemptionTests
{
    private const string Rule = """{"rules":[{"region_id":"*","product_type":"*","base_price":12.00,"currency":"USD"}]}""";
    private const string OtherRule = """{"rules":[{"region_id":"elsewhere","product_type":"*","base_price":99.00,"currency":"EUR"}]}""";
    private readonly HandDrivenTime _time = new(Noon);

    [Fact]
    public async Task RedeemAsync_OnceByEach_TheFirstOwnsIt()
    {
        await using PricingEngine engine = Start();
        string token = engine.Sign(await engine.QuoteAsync(new QuoteRequest("midtown") { RequestId = "r-7" }));
        _time.Advance(TimeSpan.FromSeconds(10));

        Redemption first = await engine.RedeemAsync(token, "booking-1");
        _time.Advance(TimeSpan.FromSeconds(1));
        Redemption again = await engine.RedeemAsync(token, "booking-1");
        Redemption other = await engine.RedeemAsync(token, "booking-2");

        Assert.Equal(RedemptionOutcome.Redeemed, first.Outcome);
        Assert.Equal(("midtown", "r-7", 1_200L > 0), (first.Quote.RegionId, first.Quote.RequestId!, first.Quote.Price.MinorUnits > 0));
        Assert.Equal(Noon.AddSeconds(10), first.RedeemedAt);
        Assert.Equal((RedemptionOutcome.AlreadyRedeemed, Noon.AddSeconds(10)), (again.Outcome, again.RedeemedAt!.Value));
        Assert.Equal((RedemptionOutcome.RedeemedByAnother, Noon.AddSeconds(10)), (other.Outcome, other.RedeemedAt!.Value));
        Assert.True(first.IsOwned && again.IsOwned && !other.IsOwned);
    }

    [Fact]
    public async Task RedeemAsync_WhateverChangedSince_HonoursThePriceToItsEnd()
    {
        await using PricingEngine engine = Start();
        Quote quote = await engine.QuoteAsync(new QuoteRequest("midtown"));
        string token = engine.Sign(quote);
        string late = engine.Sign(quote);
        await engine.PublishRulesAsync(RuleSet.Parse(OtherRule));
        engine.ReplaceKeys(new QuoteKeys(Key("k1"), Key("k2", 2, signsFrom: Noon)));
        _time.Advance(TimeSpan.FromMinutes(2) + TimeSpan.FromSeconds(5) - TimeSpan.FromMicroseconds(1));

        Redemption redemption = await engine.RedeemAsync(token, "b", new QuoteExpectation { RegionId = "midtown", Price = quote.Price });

        Assert.Equal(RedemptionOutcome.Redeemed, redemption.Outcome);
        Assert.Equal(quote.Price, redemption.Quote.Price);
        _time.Advance(TimeSpan.FromMicroseconds(1));
        Assert.Equal(RedemptionOutcome.Expired, (await engine.RedeemAsync(late, "b")).Outcome);
        Assert.Equal(RedemptionOutcome.AlreadyRedeemed, (await engine.RedeemAsync(token, "b")).Outcome); // A repeated call that comes late.
        _time.Advance(TimeSpan.FromSeconds(55));
        Assert.Equal(RedemptionOutcome.Expired, (await engine.RedeemAsync(token, "b")).Outcome);
    }

    [Fact]
    public async Task RedeemAsync_OfATokenOfARegionThatThisEngineDoesNotKnow_HonoursIt()
    {
        await using PricingEngine engine = Start(options => options.OpenRegions = false);
        string token = Sign(new QuoteKeys(Key("k1")), Quote("gone"));

        Assert.Equal(RedemptionOutcome.Redeemed, (await engine.RedeemAsync(token, "b")).Outcome);
        Assert.Equal(RedemptionOutcome.RedeemedByAnother, (await engine.RedeemAsync(token, "c")).Outcome);
    }

    [Fact]
    public async Task RedeemAsync_OfWhatIsNoGoodToken_SaysWhy()
    {
        PricingEngine engine = Start(options => options.Signing!.MaxRedemptions = 1);
        string token = engine.Sign(await engine.QuoteAsync(new QuoteRequest("midtown")));
        string tampered = token[..10] + (token[10] == 'A' ? 'B' : 'A') + token[11..];

        Assert.Equal(RedemptionOutcome.Malformed, await Redeem("nothing"));
        Assert.Equal(RedemptionOutcome.Tampered, await Redeem(tampered));
        Assert.Equal(RedemptionOutcome.UnknownKey, await Redeem(Sign(new QuoteKeys(Key("k9")), Quote())));
        Assert.Equal(RedemptionOutcome.NotYetValid, await Redeem(Sign(new QuoteKeys(Key("k1")), Quote(), Noon.AddSeconds(6))));
        Assert.Equal(RedemptionOutcome.OtherProduct, await Redeem(token, new QuoteExpectation { ProductType = "xl" }));
        Assert.Equal(RedemptionOutcome.Redeemed, await Redeem(token));
        Assert.Equal(RedemptionOutcome.TooManyRedemptions, await Redeem(engine.Sign(await engine.QuoteAsync(new QuoteRequest("midtown")))));
        await Assert.ThrowsAsync<ArgumentException>(async () => await engine.RedeemAsync(token, " "));
        await engine.DisposeAsync();
        Assert.Equal(RedemptionOutcome.Stopped, await Redeem(token));

        async Task<RedemptionOutcome> Redeem(string text, QuoteExpectation expected = default) => (await engine.RedeemAsync(text, "b", expected)).Outcome;
    }

    [Fact]
    public async Task Sign_WithoutKeys_SaysWhatToSet()
    {
        await using PricingEngine engine = Start(options => options.Signing = null);
        Quote quote = await engine.QuoteAsync(new QuoteRequest("midtown"));
        Assert.Throws<InvalidOperationException>(() => engine.Sign(quote));
        Assert.Throws<InvalidOperationException>(() => engine.ReplaceKeys(new QuoteKeys(Key("k1"))));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await engine.RedeemAsync("x", "b"));
        Assert.Contains("Keys", Assert.Single(new PricingOptions { Signing = new SigningOptions() }.Validate()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task RedeemAsync_ByManyAtOnce_HasExactlyOneWinnerForEachToken(int shards)
    {
        const int Redeemers = 4, Tokens = 300, Calls = 2;
        await using PricingEngine engine = Start(options => options.Shards = shards);
        string[] tokens = new string[Tokens];
        for (int i = 0; i < Tokens; i++)
        {
            tokens[i] = engine.Sign(await engine.QuoteAsync(new QuoteRequest("region-" + (i % 7))));
        }

        using var barrier = new Barrier(Redeemers);
        Task<Redemption[]>[] running = [.. Enumerable.Range(0, Redeemers).Select(redeemer => Task.Factory.StartNew(
            () =>
            {
                barrier.SignalAndWait();
                return Task.WhenAll(tokens.SelectMany(token => Enumerable.Repeat(token, Calls))
                    .Select(token => engine.RedeemAsync(token, "booking-" + redeemer).AsTask()));
            },
            TaskCreationOptions.LongRunning).Unwrap())];
        Redemption[][] all = await Task.WhenAll(running);

        for (int i = 0; i < Tokens; i++)
        {
            Redemption[] ofToken = [.. all.SelectMany(redeemer => redeemer.Skip(i * Calls).Take(Calls))];
            Assert.Equal(1, ofToken.Count(redemption => redemption.Outcome == RedemptionOutcome.Redeemed));
            Assert.Equal(Calls - 1, ofToken.Count(redemption => redemption.Outcome == RedemptionOutcome.AlreadyRedeemed));
            Assert.Equal(Calls * (Redeemers - 1), ofToken.Count(redemption => redemption.Outcome == RedemptionOutcome.RedeemedByAnother));
        }
    }

    private PricingEngine Start(Action<PricingOptions>? change = null)
    {
        var options = new PricingOptions
        {
            Rules = RuleSet.Parse(Rule),
            TimeProvider = _time,
            MaxWaitingRequests = 65_536,
            Signing = new SigningOptions { Keys = new QuoteKeys(Key("k1")) },
        };
        change?.Invoke(options);
        return PricingEngine.Start(options);
    }
}
