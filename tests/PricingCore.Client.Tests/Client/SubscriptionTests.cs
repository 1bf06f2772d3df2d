using System.Net;
using PricingCore.Protocol;
using PricingCore.Quotes;
using PricingCore.Rules;

namespace PricingCore.Client.Tests.Client;

/// <summary>
/// Goal: a subscriber sees each price and then each change, over lost connections too, and never an old price twice.
/// Method: rules that change the price, and a server that stops and comes back.
/// </summary>
public sealed class SubscriptionTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Prices_ArriveAndThenTheirChanges()
    {
        await using ProtocolServer server = await ProtocolServer.StartAsync(options => options.PriceInterval = TimeSpan.FromMilliseconds(5));
        await using PricingClient client = server.Connect();
        using var limit = new CancellationTokenSource(Limit);
        await using IAsyncEnumerator<PriceChange> changes = client.SubscribeAsync([new("a"), new("b", "yen")], limit.Token).GetAsyncEnumerator(limit.Token);
        var seen = new Dictionary<int, string>();
        while (seen.Count < 2)
        {
            Assert.True(await changes.MoveNextAsync());
            seen[changes.Current.Lane] = changes.Current.Quote.Price.Currency.Code;
        }

        Assert.Equal("USD", seen[0]);
        Assert.Equal("JPY", seen[1]);
        await server.Engine.PublishRulesAsync(RuleSet.Parse(ProtocolServer.Rules.Replace("12.00", "48.00", StringComparison.Ordinal)));
        await changes.MoveNextAsync();
        Assert.Equal(0, changes.Current.Lane);
        Assert.Equal(4_800, changes.Current.Quote.BasePrice.MinorUnits);
    }

    [Fact]
    public async Task LostConnection_IsMadeAgainAndKnownPricesAreNotRepeated()
    {
        ProtocolServer first = await ProtocolServer.StartAsync(options => options.PriceInterval = TimeSpan.FromMilliseconds(5));
        int port = ((IPEndPoint)first.EndPoint).Port;
        await using PricingClient client = first.Connect(options => options.LeastReconnectDelay = TimeSpan.FromMilliseconds(5));
        using var limit = new CancellationTokenSource(Limit);
        await using IAsyncEnumerator<PriceChange> changes = client.SubscribeAsync([new("a")], limit.Token).GetAsyncEnumerator(limit.Token);
        Assert.True(await changes.MoveNextAsync());
        Task<bool> next = changes.MoveNextAsync().AsTask();
        await first.StopAsync();
        await using ProtocolServer second = await ProtocolServer.StartAsync(options => options.PriceInterval = TimeSpan.FromMilliseconds(5), port: port, engine: first.Engine);
        await client.QuoteAsync(new QuoteRequest("a"), limit.Token); // Connected again, and the price was sent again by now or soon.
        await first.Engine.PublishRulesAsync(RuleSet.Parse(ProtocolServer.Rules.Replace("12.00", "48.00", StringComparison.Ordinal)));
        Assert.True(await next);
        Assert.Equal(4_800, changes.Current.Quote.BasePrice.MinorUnits);
    }

    [Fact]
    public async Task TooManyLanes_AreRefused()
    {
        await using ProtocolServer server = await ProtocolServer.StartAsync(options => options.MaxSubscribedPrices = 1);
        await using PricingClient client = server.Connect();
        PricingProtocolException refused = await Assert.ThrowsAsync<PricingProtocolException>(async () =>
        {
            await foreach (PriceChange _ in client.SubscribeAsync([new("a"), new("b")]))
            {
            }
        });
        Assert.Equal(ProtocolErrorCode.Subscription, refused.Code);
        await foreach (PriceChange _ in client.SubscribeAsync([new("a")]))
        {
            break; // Leaving ends the subscription at the server as well, so that there is room for another.
        }

        await foreach (PriceChange change in client.SubscribeAsync([new("b")]))
        {
            Assert.Equal("b", change.Quote.Request.RegionId);
            break;
        }
    }
}
