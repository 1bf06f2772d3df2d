using System.Net;
using System.Text.Json;
using PricingCore.AspNetCore.Streaming;
using PricingCore.Events;
using PricingCore.Rules;

namespace PricingCore.AspNetCore.Tests.Streaming;

/// <summary>
/// Goal: a stream tells of each change of the prices it follows, goes on where it was, says that it lives, and holds nothing for slow readers.
/// Method: real streams from a real Kestrel; the board alone for what is bounded.
/// </summary>
public sealed class PriceStreamTests
{
    private const string Path = "/api/v1/prices/stream";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Stream_TellsOfChangesAndGoesOnWhereItWas()
    {
        await using PricingServer server = await PricingServer.StartAsync(endpoints: options => options.StreamInterval = TimeSpan.FromMilliseconds(10));
        await server.PostAsync("/api/v1/pricing/compute", """{"region_id":"a"}""");
        await server.PostAsync("/api/v1/pricing/compute", """{"region_id":"b"}""");
        string id;
        await using (SseReader reader = await SseReader.OpenAsync(server, Path + "?region_id=a,b"))
        {
            // The decisions were made before anybody listened, so it is asked for new ones only when they change.
            await PublishAsync(server, 20);
            (id, JsonElement first) = await reader.NextAsync();
            (string last, JsonElement second) = await reader.NextAsync();
            Assert.Equal(["a", "b"], new[] { first, second }.Select(change => change.GetProperty("region_id").GetString()).Order());
            Assert.All([first, second], change => Assert.InRange(change.GetProperty("price").GetDecimal(), 20m, 60m));
            Assert.NotEqual(id, last);
        }

        await using SseReader again = await SseReader.OpenAsync(server, Path + "?region_id=a,b", id);
        (string next, _) = await again.NextAsync();
        Assert.NotEqual(id, next); // Only what came after.
        await PublishAsync(server, 40);
        (_, JsonElement later) = await again.NextAsync();
        Assert.InRange(later.GetProperty("price").GetDecimal(), 40m, 120m);
    }

    [Fact]
    public async Task Stream_OfEverything_IsSilentUntilSomethingChangesAndSaysThatItLives()
    {
        await using PricingServer server = await PricingServer.StartAsync(
            endpoints: options => (options.StreamInterval, options.StreamHeartbeat) = (TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(100)));
        await using SseReader reader = await SseReader.OpenAsync(server, Path);

        Assert.Equal("retry: 1000", await reader.LineAsync());
        Assert.Equal("", await reader.LineAsync());
        Assert.Equal(": still here", await reader.LineAsync());
        await server.PostAsync("/api/v1/pricing/compute", """{"region_id":"new"}""");
        (_, JsonElement change) = await reader.NextAsync();
        Assert.Equal("new", change.GetProperty("region_id").GetString());
    }

    [Fact]
    public async Task Stream_BeyondTheLimit_IsRefusedAndItsPlaceIsFreeAfterwards()
    {
        await using PricingServer server = await PricingServer.StartAsync(endpoints: options => (options.MaxStreams, options.StreamInterval) = (1, TimeSpan.FromMilliseconds(10)));
        await using (await SseReader.OpenAsync(server, Path))
        {
            (HttpStatusCode status, JsonElement json) = await server.GetAsync(Path);
            Assert.Equal((HttpStatusCode.TooManyRequests, "urn:pricingcore:problem:too-many-streams"), (status, json.GetProperty("type").GetString()));
        }

        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            using HttpResponseMessage response = await server.Client.GetAsync(new Uri(Path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, patience.Token);
            if (response.IsSuccessStatusCode)
            {
                break; // The server notices a moment later that the first has gone.
            }
        }
    }

    [Fact]
    public async Task Stream_EndsWithTheHost()
    {
        PricingServer server = await PricingServer.StartAsync(endpoints: options => options.StreamInterval = TimeSpan.FromMilliseconds(10));
        SseReader reader = await SseReader.OpenAsync(server, Path);
        await reader.LineAsync();

        await server.DisposeAsync().AsTask().WaitAsync(Patience);
        await reader.DisposeAsync();
    }

    [Fact]
    public async Task Board_HoldsTheLatestOfEachAndNoMoreThanItMay()
    {
        await using PricingEngine engine = PricingEngine.Start(new PricingOptions { Rules = RuleSet.Parse(PricingServer.Rules), MaxRegions = 64, MaxUnits = 16, MaxSessions = 16 });
        var board = new PriceBoard(capacity: 16);
        using IDisposable subscription = engine.OnDecision(board.Write);
        for (int round = 1; round <= 50; round++)
        {
            await engine.PublishRulesAsync(RuleSet.Parse($$"""{"rules":[{"region_id":"*","product_type":"*","base_price":{{round}},"currency":"USD"}]}"""));
            for (int region = 0; region < 20; region++)
            {
                await engine.QuoteAsync(new Quotes.QuoteRequest("r" + region));
            }
        }

        var changes = new List<PriceChange>();
        long last = board.Read(0, changes);

        Assert.Equal(50 * 20, last);
        Assert.Equal(16, changes.Count);
        Assert.Equal(Enumerable.Range(4, 16).Select(region => "r" + region), changes.Select(change => change.RegionId));
        Assert.All(changes, change => Assert.True(change.Price.MinorUnits >= 50_00));
        changes.Clear();
        Assert.Equal(last, board.Read(last, changes));
        Assert.Empty(changes);
    }

    private static async Task PublishAsync(PricingServer server, int price)
    {
        await server.Engine.PublishAsync(MarketEvent.Search("a", DateTimeOffset.UtcNow));
        await server.Engine.PublishRulesAsync(RuleSet.Parse($$"""{"rules":[{"region_id":"*","product_type":"*","base_price":{{price}},"currency":"USD"}]}"""));
    }
}
