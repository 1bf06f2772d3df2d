using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using PricingCore.Events;
using PricingCore.Tokens;

namespace PricingCore.AspNetCore.Tests.Compute;

/// <summary>
/// Goal: a request for a price gets the engine's price with every field, and a wrong one a problem that says what would be right.
/// Method: real requests to a real Kestrel.
/// </summary>
public sealed class ComputeEndpointTests
{
    private const string Path = "/api/v1/pricing/compute";

    [Fact]
    public async Task Compute_AnswersEveryField()
    {
        await using PricingServer server = await PricingServer.StartAsync();
        await server.Engine.PublishAsync(MarketEvent.Booking("airport", DateTimeOffset.UtcNow));

        (HttpStatusCode status, JsonElement json) = await server.PostAsync(Path, """{"request_id":"r-1","region_id":"airport","product_type":"standard","user_id":"u"}""");

        Assert.Equal(HttpStatusCode.OK, status);
        string[] names = [.. json.EnumerateObject().Select(field => field.Name)];
        Assert.Equal(
            ["request_id", "region_id", "product_type", "price", "currency", "base_price", "surge_multiplier", "demand_score", "confidence", "factors", "limits",
             "inputs", "breakdown", "decision_id", "model_version", "rules_version", "valid_until", "trace_id", "cached", "latency_ms"],
            names);
        Assert.Equal("r-1", json.GetProperty("request_id").GetString());
        Assert.Equal("airport", json.GetProperty("region_id").GetString());
        Assert.Equal(32, json.GetProperty("trace_id").GetString()!.Length);
        Assert.False(json.GetProperty("cached").GetBoolean());
        Assert.InRange(json.GetProperty("valid_until").GetDateTimeOffset() - DateTimeOffset.UtcNow, TimeSpan.FromSeconds(100), TimeSpan.FromSeconds(121));
        Assert.InRange(json.GetProperty("latency_ms").GetDouble(), 0, 20_000);
        AssertAddsUp(json);
    }

    [Fact]
    public async Task Compute_FromTheBook_SaysSoAndGivesTheSameDecision()
    {
        await using PricingServer server = await PricingServer.StartAsync();
        (_, JsonElement first) = await server.PostAsync(Path, """{"region_id":"a"}""");
        (_, JsonElement second) = await server.PostAsync(Path, """{"region_id":"a"}""");

        Assert.True(second.GetProperty("cached").GetBoolean());
        Assert.Equal(first.GetProperty("decision_id").GetString(), second.GetProperty("decision_id").GetString());
        Assert.NotEqual(first.GetProperty("request_id").GetString(), second.GetProperty("request_id").GetString());
        Assert.Equal(32, second.GetProperty("request_id").GetString()!.Length);
    }

    [Theory]
    [InlineData("a", "20.5", "USD", 2)]
    [InlineData("a", "0", "USD", 2)]
    [InlineData("tokyo", "1500", "JPY", 0)]
    public async Task Compute_WithABasePrice_PricesThat(string region, string basePrice, string currency, int decimals)
    {
        await using PricingServer server = await PricingServer.StartAsync();

        (HttpStatusCode status, JsonElement json) = await server.PostAsync(Path, $$"""{"region_id":"{{region}}","base_price":{{basePrice}},"currency":"{{currency}}"}""");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(decimal.Parse(basePrice, CultureInfo.InvariantCulture), json.GetProperty("base_price").GetDecimal());
        Assert.Equal(currency, json.GetProperty("currency").GetString());
        AssertAddsUp(json, decimals);
    }

    [Fact]
    public async Task Compute_RepeatedWithTheSameId_GivesTheSameAnswerWhateverChanged()
    {
        await using PricingServer server = await PricingServer.StartAsync(options => options.Signing = new SigningOptions { Keys = Keys() });
        const string Body = """{"request_id":"same","region_id":"a","base_price":20.00}""";
        (_, JsonElement first) = await server.PostAsync(Path, Body);
        await server.Engine.PublishRulesAsync(PricingCore.Rules.RuleSet.Parse("""{"rules":[{"region_id":"*","product_type":"*","base_price":99.00,"currency":"USD","min_multiplier":2.0}]}"""));
        server.Engine.ReplaceKeys(new QuoteKeys(new QuoteKey("k2", [.. Enumerable.Repeat((byte)2, 32)]), new QuoteKey("k1", new byte[32])));

        (_, JsonElement again) = await server.PostAsync(Path, """{"base_price":20.0,"region_id":"a","request_id":"sa\u006de"}""");
        (_, JsonElement other) = await server.PostAsync(Path, Body.Replace("same", "new", StringComparison.Ordinal));

        foreach (string field in (string[])["price", "decision_id", "valid_until", "quote_token", "rules_version", "cached"])
        {
            Assert.Equal(first.GetProperty(field).GetRawText(), again.GetProperty(field).GetRawText());
        }

        Assert.NotEqual(first.GetProperty("rules_version").GetString(), other.GetProperty("rules_version").GetString());
    }

    [Fact]
    public async Task Compute_AskedTheSameManyTimesAtOnce_MakesOneOffer()
    {
        await using PricingServer server = await PricingServer.StartAsync(options => options.Signing = new SigningOptions { Keys = Keys() });
        for (int round = 0; round < 20; round++)
        {
            string body = $$"""{"request_id":"r{{round}}","region_id":"a{{round}}"}"""; // Of a region without a decision: all wait for it together.

            (HttpStatusCode Status, JsonElement Json)[] answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => server.PostAsync(Path, body)));

            Assert.Single(answers.Select(answer => answer.Json.GetProperty("quote_token").GetString()).Distinct());
        }
    }

    [Fact]
    public async Task Compute_WithAnIdThatWasUsedForSomethingElse_IsAConflict()
    {
        await using PricingServer server = await PricingServer.StartAsync();
        await server.PostAsync(Path, """{"request_id":"r","region_id":"a"}""");

        (HttpStatusCode status, JsonElement json) = await server.PostAsync(Path, """{"request_id":"r","region_id":"b"}""");

        AssertProblem(HttpStatusCode.Conflict, "request-id-reused", "request_id", status, json);
        Assert.Equal("r", json.GetProperty("request_id").GetString());
    }

    [Fact]
    public async Task Compute_WithTraceContextAndRequestIdInHeaders_GivesThemBack()
    {
        await using PricingServer server = await PricingServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = new StringContent("""{"region_id":"a"}""", Encoding.UTF8, "application/json") };
        request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        request.Headers.Add("X-Request-Id", "from-header");

        using HttpResponseMessage response = await server.Client.SendAsync(request);
        JsonElement json = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;

        Assert.Equal("0af7651916cd43dd8448eb211c80319c", json.GetProperty("trace_id").GetString());
        Assert.Equal("from-header", json.GetProperty("request_id").GetString());
        Assert.Equal("from-header", Assert.Single(response.Headers.GetValues("X-Request-Id")));
        Assert.NotNull(response.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task Compute_WithSigning_GivesATokenThatCanBeRedeemed()
    {
        await using PricingServer server = await PricingServer.StartAsync(options => options.Signing = new SigningOptions { Keys = Keys() });

        (_, JsonElement json) = await server.PostAsync(Path, """{"request_id":"t","region_id":"a"}""");

        Redemption redemption = await server.Engine.RedeemAsync(json.GetProperty("quote_token").GetString()!, "booking-1");
        Assert.Equal(RedemptionOutcome.Redeemed, redemption.Outcome);
        Assert.Equal("t", redemption.Quote.RequestId);
    }

    [Theory]
    [InlineData("", 400, "malformed-json", null)]
    [InlineData("{", 400, "malformed-json", null)]
    [InlineData("nonsense", 400, "malformed-json", null)]
    [InlineData("""{"region_id":"a"} x""", 400, "malformed-json", null)]
    [InlineData("""{"region_id":"a",}""", 400, "malformed-json", null)]
    [InlineData("[]", 400, "wrong-type", null)]
    [InlineData("7", 400, "wrong-type", null)]
    [InlineData("{}", 400, "missing-field", "region_id")]
    [InlineData("""{"region_id":null}""", 400, "missing-field", "region_id")]
    [InlineData("""{"region_id":7}""", 400, "wrong-type", "region_id")]
    [InlineData("""{"region_id":"a","base_price":"12"}""", 400, "wrong-type", "base_price")]
    [InlineData("""{"region_id":"a","request_id":{}}""", 400, "wrong-type", "request_id")]
    [InlineData("""{"region_id":"a","region_id":"b"}""", 400, "repeated-field", "region_id")]
    [InlineData("""{"region_id":"a","surge":1}""", 400, "unknown-field", "surge")]
    [InlineData("""{"region_id":"a","surge":[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]}""", 400, "unknown-field", "surge")]
    [InlineData("""{"region_id":"\ud800"}""", 400, "invalid-utf8", null)]
    [InlineData("""{"region_id":""}""", 422, "out-of-range", "region_id")]
    [InlineData("""{"region_id":" a"}""", 422, "out-of-range", "region_id")]
    [InlineData("""{"region_id":"*"}""", 422, "out-of-range", "region_id")]
    [InlineData("""{"region_id":"a","request_id":""}""", 422, "out-of-range", "request_id")]
    [InlineData("""{"region_id":"a","base_price":-1}""", 422, "out-of-range", "base_price")]
    [InlineData("""{"region_id":"a","base_price":12.005}""", 422, "out-of-range", "base_price")]
    [InlineData("""{"region_id":"a","base_price":1e300}""", 422, "out-of-range", "base_price")]
    [InlineData("""{"region_id":"a","base_price":10000000000.01}""", 422, "out-of-range", "base_price")]
    [InlineData("""{"region_id":"a","currency":"EUR"}""", 422, "currency-mismatch", "currency")]
    [InlineData("""{"region_id":"a","product_type":"xl"}""", 422, "no-rule", "region_id")]
    public async Task Compute_WhenTheRequestIsWrong_SaysWhichFieldAndWhatIsLegal(string body, int expected, string type, string? field)
    {
        await using PricingServer server = await PricingServer.StartAsync();

        (HttpStatusCode status, JsonElement json) = await server.PostAsync(Path, body);

        AssertProblem((HttpStatusCode)expected, type, field, status, json);
    }

    [Fact]
    public async Task Compute_WhenTheBodyIsNotUtf8_SaysSo()
    {
        await using PricingServer server = await PricingServer.StartAsync();

        (HttpStatusCode status, JsonElement json) = await server.PostAsync(Path, [.. "{\"region_id\":\""u8, 0xC3, 0x28, .. "\"}"u8]);

        AssertProblem(HttpStatusCode.BadRequest, "invalid-utf8", null, status, json);
    }

    [Fact]
    public async Task Compute_WhenNestedTooDeeplyAndUnknownFieldsAreIgnored_SaysSo()
    {
        await using PricingServer server = await PricingServer.StartAsync(endpoints: options => options.UnknownFields = UnknownFields.Ignore);

        (HttpStatusCode ignored, _) = await server.PostAsync(Path, """{"region_id":"a","later":{"x":[1]}}""");
        (HttpStatusCode status, JsonElement json) = await server.PostAsync(Path, $$"""{"region_id":"a","x":{{new string('[', 5_000)}}}""");

        Assert.Equal(HttpStatusCode.OK, ignored);
        AssertProblem(HttpStatusCode.BadRequest, "too-deep", null, status, json);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Compute_WhenTheBodyIsTooLarge_IsRefusedBeforeItIsRead(bool isChunked)
    {
        await using PricingServer server = await PricingServer.StartAsync(endpoints: options => options.MaxRequestBytes = 256);
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = new StringContent("{\"region_id\":\"" + new string('a', 10_000), Encoding.UTF8, "application/json") };
        request.Headers.TransferEncodingChunked = isChunked;

        (HttpStatusCode status, JsonElement json) = await server.SendAsync(request);

        AssertProblem(HttpStatusCode.RequestEntityTooLarge, "body-too-large", null, status, json);
    }

    [Fact]
    public async Task Compute_WhenTheMediaTypeIsAnother_IsRefused()
    {
        await using PricingServer server = await PricingServer.StartAsync();

        (HttpStatusCode status, JsonElement json) = await server.PostAsync(Path, """{"region_id":"a"}""", "text/plain");

        AssertProblem(HttpStatusCode.UnsupportedMediaType, "unsupported-media-type", "Content-Type", status, json);
    }

    [Fact]
    public async Task Compute_WhenTheRegionIsNotInTheClosedList_IsNotFound()
    {
        await using PricingServer server = await PricingServer.StartAsync(options => (options.OpenRegions, options.Regions) = (false, [new Regions.Region("known")]));

        (HttpStatusCode status, JsonElement json) = await server.PostAsync(Path, """{"region_id":"other"}""");

        AssertProblem(HttpStatusCode.NotFound, "unknown-region", "region_id", status, json);
    }

    [Fact]
    public async Task Compute_WhenTheEngineHasStopped_IsUnavailable()
    {
        await using PricingServer server = await PricingServer.StartAsync();
        await server.Engine.DisposeAsync();
        using var content = new StringContent("""{"region_id":"a"}""", Encoding.UTF8, "application/json");

        using HttpResponseMessage response = await server.Client.PostAsync(new Uri(Path, UriKind.Relative), content);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(TimeSpan.FromSeconds(1), response.Headers.RetryAfter!.Delta);
    }

    internal static void AssertProblem(HttpStatusCode expected, string type, string? field, HttpStatusCode status, JsonElement json)
    {
        Assert.Equal((expected, "urn:pricingcore:problem:" + type), (status, json.GetProperty("type").GetString()));
        Assert.Equal((int)status, json.GetProperty("status").GetInt32());
        Assert.NotEmpty(json.GetProperty("title").GetString()!);
        Assert.NotEmpty(json.GetProperty("detail").GetString()!);
        Assert.Equal(field, json.TryGetProperty("field", out JsonElement named) ? named.GetString() : null);
        Assert.True(field is null || json.GetProperty("legal").GetString() is { Length: > 0 });
    }

    internal static QuoteKeys Keys() => new(new QuoteKey("k1", new byte[32]));

    private static void AssertAddsUp(JsonElement json, int decimals = 2)
    {
        decimal factors = json.GetProperty("factors").EnumerateObject().Sum(factor => factor.Value.GetDecimal());
        decimal limits = json.GetProperty("limits").EnumerateObject().Sum(limit => limit.Value.GetDecimal());
        Assert.Equal(json.GetProperty("surge_multiplier").GetDecimal(), 1 + factors + limits);
        long minor = json.GetProperty("breakdown").EnumerateArray().Sum(line => line.GetProperty("amount").GetInt64());
        Assert.Equal(json.GetProperty("price").GetDecimal() * (decimal)Math.Pow(10, decimals), minor);
    }
}
