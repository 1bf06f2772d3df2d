using System.Net;
using System.Text.Json;
using PricingCore.AspNetCore.Tests.Compute;
using PricingCore.Audit;
using PricingCore.Events;
using PricingCore.Tokens;

namespace PricingCore.AspNetCore.Tests.Queries;

/// <summary>
/// Goal: forecasts, explanations and redemptions are what the engine says, and wrong requests are told what is legal.
/// Method: real requests to a real Kestrel.
/// </summary>
public sealed class QueryEndpointTests
{
    [Fact]
    public async Task Forecast_OfAKnownRegion_HasEveryField()
    {
        await using PricingServer server = await PricingServer.StartAsync();
        await server.Engine.PublishAsync(MarketEvent.Booking("a", DateTimeOffset.UtcNow));

        (HttpStatusCode status, JsonElement json) = await server.GetAsync("/api/v1/forecast/demand?region_id=a&horizon=30");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(
            ["region_id", "horizon_minutes", "as_of", "expected_demand", "low", "high", "demand_score", "confidence", "source", "model_version"],
            json.EnumerateObject().Select(field => field.Name));
        Assert.Equal(30, json.GetProperty("horizon_minutes").GetInt32());
        Assert.Equal("baseline", json.GetProperty("source").GetString());
    }

    [Theory]
    [InlineData("", 400, "invalid-parameter", "region_id")]
    [InlineData("?region_id=", 400, "invalid-parameter", "region_id")]
    [InlineData("?region_id=a&region_id=b", 400, "invalid-parameter", "region_id")]
    [InlineData("?region_id=a&horizon=0", 400, "invalid-parameter", "horizon")]
    [InlineData("?region_id=a&horizon=-1e9", 400, "invalid-parameter", "horizon")]
    [InlineData("?region_id=a&horizon=99999999999999999999", 400, "invalid-parameter", "horizon")]
    [InlineData("?region_id=nobody", 404, "unknown-region", "region_id")]
    [InlineData("?region_id=a&horizon=5000", 422, "out-of-range", "horizon")]
    public async Task Forecast_WhenTheRequestIsWrong_IsAProblem(string query, int expected, string type, string field)
    {
        await using PricingServer server = await PricingServer.StartAsync();
        await server.Engine.PublishAsync(MarketEvent.Booking("a", DateTimeOffset.UtcNow));

        (HttpStatusCode status, JsonElement json) = await server.GetAsync("/api/v1/forecast/demand" + query);

        ComputeEndpointTests.AssertProblem((HttpStatusCode)expected, type, field, status, json);
    }

    [Fact]
    public async Task Explain_FindsAServedQuoteByRequestAndItsDecisionById()
    {
        string folder = Directory.CreateTempSubdirectory("pricingcore-explain").FullName;
        try
        {
            await using PricingServer server = await PricingServer.StartAsync(options => options.Audit = new AuditOptions { Directory = folder, Level = AuditLevel.Quote });
            (_, JsonElement price) = await server.PostAsync("/api/v1/pricing/compute", """{"region_id":"a","user_id":"u"}"""); // Its id is made up, and recorded.

            (HttpStatusCode byRequest, JsonElement explained) = await server.GetAsync("/api/v1/pricing/explain?request_id=" + price.GetProperty("request_id").GetString());
            (HttpStatusCode byDecision, JsonElement decided) = await server.GetAsync("/api/v1/pricing/explain?decision_id=" + price.GetProperty("decision_id").GetString());
            (HttpStatusCode none, JsonElement problem) = await server.GetAsync("/api/v1/pricing/explain?request_id=nobody");

            Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (byRequest, byDecision));
            Assert.Equal(price.GetProperty("price").GetRawText(), explained.GetProperty("price").GetRawText());
            Assert.Equal(price.GetProperty("decision_id").GetString(), decided.GetProperty("decision_id").GetString());
            Assert.True(explained.GetProperty("recomputed").GetProperty("agrees").GetBoolean());
            ComputeEndpointTests.AssertProblem(HttpStatusCode.NotFound, "not-found", "request_id", none, problem);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("", 400, "invalid-parameter")]
    [InlineData("?decision_id=xyz", 400, "invalid-parameter")]
    [InlineData("?request_id=r", 501, "not-configured")]
    public async Task Explain_WhenItCannot_SaysWhy(string query, int expected, string type)
    {
        await using PricingServer server = await PricingServer.StartAsync();

        (HttpStatusCode status, JsonElement json) = await server.GetAsync("/api/v1/pricing/explain" + query);

        Assert.Equal((expected, "urn:pricingcore:problem:" + type), ((int)status, json.GetProperty("type").GetString()));
    }

    [Fact]
    public async Task Redeem_OwnsAQuoteOnce()
    {
        await using PricingServer server = await PricingServer.StartAsync(options => options.Signing = new SigningOptions { Keys = ComputeEndpointTests.Keys() });
        (_, JsonElement price) = await server.PostAsync("/api/v1/pricing/compute", """{"request_id":"r","region_id":"a"}""");
        string token = price.GetProperty("quote_token").GetString()!;

        (HttpStatusCode first, JsonElement redeemed) = await Redeem(server, token, "booking-1");
        (HttpStatusCode again, JsonElement repeated) = await Redeem(server, token, "booking-1");
        (HttpStatusCode other, JsonElement refused) = await Redeem(server, token, "booking-2");
        (HttpStatusCode wrong, JsonElement malformed) = await Redeem(server, "nonsense", "booking-3");

        Assert.Equal((HttpStatusCode.OK, "redeemed"), (first, redeemed.GetProperty("outcome").GetString()));
        Assert.Equal((HttpStatusCode.OK, "already_redeemed"), (again, repeated.GetProperty("outcome").GetString()));
        Assert.Equal(price.GetProperty("price").GetRawText(), redeemed.GetProperty("price").GetRawText());
        Assert.Equal(redeemed.GetProperty("redeemed_at").GetString(), repeated.GetProperty("redeemed_at").GetString());
        ComputeEndpointTests.AssertProblem(HttpStatusCode.Conflict, "not-redeemable", "redemption_id", other, refused);
        ComputeEndpointTests.AssertProblem(HttpStatusCode.UnprocessableEntity, "out-of-range", "quote_token", wrong, malformed);
    }

    [Theory]
    [InlineData("{}", 400, "missing-field", "quote_token")]
    [InlineData("""{"quote_token":1}""", 400, "wrong-type", "quote_token")]
    [InlineData("""{"quote_token":"t","redemption_id":" "}""", 422, "out-of-range", "redemption_id")]
    [InlineData("""{"quote_token":"\ud800","redemption_id":"r"}""", 400, "invalid-utf8", "quote_token")]
    [InlineData("""{"quote_token":"t","redemption_id":"r","amount":1}""", 400, "unknown-field", "amount")]
    [InlineData("[]", 400, "wrong-type", null)]
    [InlineData("nonsense", 400, "malformed-json", null)]
    public async Task Redeem_WhenTheRequestIsWrong_IsAProblem(string body, int expected, string type, string? field)
    {
        await using PricingServer server = await PricingServer.StartAsync(options => options.Signing = new SigningOptions { Keys = ComputeEndpointTests.Keys() });

        (HttpStatusCode status, JsonElement json) = await server.PostAsync("/api/v1/quotes/redeem", body);

        ComputeEndpointTests.AssertProblem((HttpStatusCode)expected, type, field, status, json);
    }

    [Fact]
    public async Task Redeem_WithoutKeys_IsNotConfigured()
    {
        await using PricingServer server = await PricingServer.StartAsync();

        (HttpStatusCode status, JsonElement json) = await Redeem(server, "t", "r");

        Assert.Equal((HttpStatusCode.NotImplemented, "urn:pricingcore:problem:not-configured"), (status, json.GetProperty("type").GetString()));
    }

    [Fact]
    public async Task Health_FollowsTheEngine()
    {
        await using PricingServer server = await PricingServer.StartAsync();
        (HttpStatusCode live, _) = await server.GetAsync("/healthz");
        (HttpStatusCode ready, _) = await server.GetAsync("/readyz");
        await server.Engine.DisposeAsync();
        (HttpStatusCode deadNow, _) = await server.GetAsync("/healthz");
        (HttpStatusCode unready, JsonElement json) = await server.GetAsync("/readyz");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (live, ready));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.ServiceUnavailable), (deadNow, unready));
        Assert.False(json.GetProperty("engine_running").GetBoolean());
    }

    private static Task<(HttpStatusCode Status, JsonElement Json)> Redeem(PricingServer server, string token, string id) =>
        server.PostAsync("/api/v1/quotes/redeem", $$"""{"quote_token":"{{token}}","redemption_id":"{{id}}","region_id":"a"}""");
}
