using PricingCore.Events;
using PricingCore.Money;
using PricingCore.Quotes;

namespace PricingCore.Client.Tests.Client;

/// <summary>
/// Goal: a quote over the wire says what the engine says, one by one and in batches, warm and cold, also from many threads at a time.
/// Method: the same request to the client and to the engine behind it, on a real Kestrel.
/// </summary>
public sealed class QuoteTests
{
    [Fact]
    public async Task OneQuote_SaysWhatTheEngineSays()
    {
        await using ProtocolServer server = await ProtocolServer.StartAsync();
        await using PricingClient client = server.Connect();
        var request = new QuoteRequest("midtown", "yen") { BaseMinorUnits = 1_000, RequestId = "r-1", UserId = "u-1", TraceId = "t-1" };

        RemoteQuote first = await client.QuoteAsync(request);
        RemoteQuote again = await client.QuoteAsync(request);
        Quote engines = await server.Engine.QuoteAsync(request);

        Assert.False(first.Cached);
        Assert.True(again.Cached);
        Assert.Equal(request, again.Request);
        Assert.Equal(engines.Price, again.Price);
        Assert.Equal("JPY", again.Price.Currency.Code);
        Assert.Equal(new Amount(1_000, Currency.FromCode("JPY")), again.BasePrice);
        Assert.Equal(engines.Multiplier, again.Multiplier);
        Assert.Equal(engines.Decision.Id, again.DecisionId);
        Assert.InRange(engines.ValidUntil - again.ValidUntil, TimeSpan.Zero, TimeSpan.FromSeconds(30));
        QuoteDetails details = again.Details!;
        Assert.Equal(engines.Decision.Outcome.Factors, details.Factors);
        Assert.Equal(engines.Decision.Outcome.Limits, details.Limits);
        Assert.Equal(engines.Decision.ModelVersion, details.ModelVersion);
        Assert.Equal(engines.Decision.RulesVersion, details.RulesVersion);
        Assert.Equal(engines.Decision.Forecast.DemandScore, details.DemandScore);
    }

    [Fact]
    public async Task Batch_WarmAndCold_AnswersEachInItsPlace()
    {
        await using ProtocolServer server = await ProtocolServer.StartAsync();
        await using PricingClient client = server.Connect();
        await server.Engine.QuoteAsync(new QuoteRequest("warm"));
        QuoteRequest[] requests =
        [
            new("warm"), new("cold"), new("warm", "yen"), new("warm", "no-such"), new(""), new(null!), new("warm") { BaseMinorUnits = -5 },
            new("warm") { BaseMinorUnits = 5_000 }, new("cold"), new(new string('x', 65)), new("warm") { BaseMinorUnits = long.MaxValue },
        ];
        var quotes = new RemoteQuote[requests.Length];

        await client.QuoteAsync(requests, quotes);

        QuoteRefusal[] expected =
        [
            QuoteRefusal.None, QuoteRefusal.None, QuoteRefusal.None, QuoteRefusal.NoRule, QuoteRefusal.InvalidRequest, QuoteRefusal.InvalidRequest,
            QuoteRefusal.InvalidBasePrice, QuoteRefusal.None, QuoteRefusal.None, QuoteRefusal.InvalidRequest, QuoteRefusal.InvalidBasePrice,
        ];
        Assert.Equal(expected, quotes.Select(quote => quote.Refusal));
        for (int i = 0; i < requests.Length; i++)
        {
            if (expected[i] == QuoteRefusal.None)
            {
                Assert.Equal((await server.Engine.QuoteAsync(requests[i])).Price, quotes[i].Price);
                Assert.Equal(requests[i], quotes[i].Request);
            }
        }
    }

    [Fact]
    public async Task Batch_LargerThanAFrame_IsSentInSeveral()
    {
        await using ProtocolServer server = await ProtocolServer.StartAsync(options => options.MaxQuotesInBatch = 10);
        await using PricingClient client = server.Connect();
        QuoteRequest[] requests = [.. Enumerable.Range(0, 37).Select(i => new QuoteRequest("region-" + (i % 5)))];
        var quotes = new RemoteQuote[requests.Length];
        await client.QuoteAsync(requests, quotes);
        Assert.All(quotes, quote => Assert.Equal(QuoteRefusal.None, quote.Refusal));
        await client.QuoteAsync(ReadOnlyMemory<QuoteRequest>.Empty, Memory<RemoteQuote>.Empty);
    }

    [Fact]
    public async Task Refusal_IsTheEnginesException()
    {
        await using ProtocolServer server = await ProtocolServer.StartAsync();
        await using PricingClient client = server.Connect();
        QuoteRefusedException refused = await Assert.ThrowsAsync<QuoteRefusedException>(async () => await client.QuoteAsync(new QuoteRequest("a", "no-such")));
        Assert.Equal(QuoteRefusal.NoRule, refused.Refusal);
        await Assert.ThrowsAsync<ArgumentException>(async () => await client.QuoteAsync(new QuoteRequest("a") { UserId = new string('u', 129) }));
    }

    [Fact]
    public async Task ManyThreads_ShareAConnectionAndGetTheirOwnAnswers()
    {
        await using ProtocolServer server = await ProtocolServer.StartAsync();
        await using PricingClient client = server.Connect(options => options.MaxInFlight = 64);
        await Parallel.ForAsync(0, 2_000, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (i, cancellation) =>
        {
            string region = "region-" + (i % 97);
            long fare = 1_000 + i;
            RemoteQuote quote = await client.QuoteAsync(new QuoteRequest(region) { BaseMinorUnits = fare }, cancellation);
            Assert.Equal(fare, quote.BasePrice.MinorUnits);
            Assert.Equal(region, quote.Request.RegionId);
        });
    }

    [Fact]
    public async Task UnixSocket_WorksToo()
    {
        string path = Path.Combine(Path.GetTempPath(), $"pc-{Environment.ProcessId}.sock");
        await using ProtocolServer server = await ProtocolServer.StartAsync(socket: path);
        await using PricingClient client = server.Connect();
        Assert.Equal(Rejection.None, await client.PublishAsync(MarketEvent.Booking("dock", TimeProvider.System.GetUtcNow())));
        Assert.Equal("USD", (await client.QuoteAsync(new QuoteRequest("dock"))).Price.Currency.Code);
        Assert.True(await client.PingAsync() >= TimeSpan.Zero);
    }
}
