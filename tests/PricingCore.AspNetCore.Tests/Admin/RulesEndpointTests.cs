using System.Net;
using System.Text;
using System.Text.Json;
using PricingCore.AspNetCore.Tests.Compute;
using PricingCore.Events;

namespace PricingCore.AspNetCore.Tests.Admin;

/// <summary>
/// Goal: rules are published whole or not at all, two administrators do not overwrite each other, and one can go back.
/// Method: real requests to a real Kestrel.
/// </summary>
public sealed class RulesEndpointTests
{
    private const string Path = "/api/v1/admin/rules";
    private const string Dearer = """{"rules":[{"region_id":"*","product_type":"*","base_price":30.00,"currency":"USD"}]}""";

    [Fact]
    public async Task Rules_ArePublishedAndPricedBy()
    {
        await using PricingServer server = await PricingServer.StartAsync();
        await server.PostAsync("/api/v1/pricing/compute", """{"region_id":"a"}""");

        (HttpStatusCode status, JsonElement json, string tag) = await Put(server, Dearer);
        (_, JsonElement price) = await server.PostAsync("/api/v1/pricing/compute", """{"region_id":"a"}""");
        (_, JsonElement now) = await server.GetAsync(Path);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal($"\"{json.GetProperty("hash").GetString()}\"", tag);
        Assert.Equal(json.GetProperty("version").GetString(), price.GetProperty("rules_version").GetString());
        Assert.Equal(30m, price.GetProperty("base_price").GetDecimal());
        Assert.Equal(30m, now.GetProperty("rules")[0].GetProperty("base_price").GetDecimal());
    }

    [Fact]
    public async Task Rules_OfAStaleTag_AreRefusedAndAKnownOneIsNotSentAgain()
    {
        await using PricingServer server = await PricingServer.StartAsync();
        string first = $"\"{server.Engine.Rules!.Hash}\"";
        (_, _, string second) = await Put(server, Dearer, first);

        (HttpStatusCode status, JsonElement json, _) = await Put(server, PricingServer.Rules, first);
        using var request = new HttpRequestMessage(HttpMethod.Get, Path);
        request.Headers.Add("If-None-Match", second);
        (HttpStatusCode known, _) = await server.SendAsync(request);

        ComputeEndpointTests.AssertProblem(HttpStatusCode.PreconditionFailed, "version-mismatch", "If-Match", status, json);
        Assert.Equal(HttpStatusCode.NotModified, known);
        Assert.Equal(second, $"\"{server.Engine.Rules!.Hash}\"");
    }

    [Theory]
    [InlineData("PUT", "")]
    [InlineData("POST", "/validate")]
    public async Task Rules_ThatAreWrong_AreRefusedWithEveryErrorAndItsPlace(string method, string path)
    {
        await using PricingServer server = await PricingServer.StartAsync();
        string before = server.Engine.Rules!.Hash;
        const string Wrong = "{\"rules\":[\n{\"region_id\":\"*\",\"product_type\":\"*\",\"base_price\":-1,\"currency\":\"usd\"}]}";
        using var request = new HttpRequestMessage(new HttpMethod(method), Path + path) { Content = new StringContent(Wrong, Encoding.UTF8, "application/json") };

        (HttpStatusCode status, JsonElement json) = await server.SendAsync(request);

        ComputeEndpointTests.AssertProblem(HttpStatusCode.UnprocessableEntity, "rules-refused", "rules", status, json);
        JsonElement error = json.GetProperty("errors").EnumerateArray().First(error => error.GetProperty("field").GetString() == "rules[0].currency");
        Assert.Equal(2, error.GetProperty("line").GetInt32());
        Assert.Equal(before, server.Engine.Rules!.Hash);
    }

    [Fact]
    public async Task Rules_CanBeGoneBackTo()
    {
        await using PricingServer server = await PricingServer.StartAsync();
        string first = server.Engine.Rules!.Version;
        (_, JsonElement dearer, _) = await Put(server, Dearer);
        await server.PostAsync(Path + "/validate", PricingServer.Rules);

        (HttpStatusCode back, JsonElement json) = await server.PostAsync(Path + "/rollback", "");
        (HttpStatusCode again, _) = await server.PostAsync(Path + "/rollback", $$"""{"version":"{{dearer.GetProperty("version").GetString()}}"}""");
        (HttpStatusCode never, JsonElement problem) = await server.PostAsync(Path + "/rollback", """{"version":"000000000000"}""");
        (_, JsonElement history) = await server.GetAsync(Path + "/history");

        Assert.Equal((HttpStatusCode.OK, first), (back, json.GetProperty("version").GetString()));
        Assert.Equal(HttpStatusCode.OK, again);
        Assert.Equal(dearer.GetProperty("version").GetString(), server.Engine.Rules!.Version);
        ComputeEndpointTests.AssertProblem(HttpStatusCode.NotFound, "not-found", "version", never, problem);
        JsonElement[] sets = [.. history.GetProperty("history").EnumerateArray()];
        Assert.Equal(4, sets.Length);
        Assert.Equal([true, false, false, false], sets.Select(set => set.GetProperty("in_force").GetBoolean()));
    }

    [Fact]
    public async Task Models_WithoutADirectory_AreNotConfigured()
    {
        await using PricingServer server = await PricingServer.StartAsync();

        (HttpStatusCode listed, JsonElement list) = await server.GetAsync("/api/v1/admin/models");
        (HttpStatusCode deploy, _) = await server.PostAsync("/api/v1/admin/models/deploy", """{"model":"demand/1.0.0"}""");
        (HttpStatusCode back, JsonElement nothing) = await server.PostAsync("/api/v1/admin/models/rollback", "{}");

        Assert.Equal((HttpStatusCode.OK, 0), (listed, list.GetProperty("packages").GetArrayLength()));
        Assert.Equal(HttpStatusCode.NotImplemented, deploy);
        Assert.Equal((HttpStatusCode.Conflict, "urn:pricingcore:problem:conflict"), (back, nothing.GetProperty("type").GetString()));
    }

    [Theory]
    [InlineData("demand/9.9.9")]
    [InlineData("../../etc/passwd")]
    [InlineData("demand/../../..")]
    [InlineData("/etc")]
    [InlineData("")]
    public async Task Models_OutsideTheDirectory_AreNotFound(string model)
    {
        string folder = Directory.CreateTempSubdirectory("pricingcore-models").FullName;
        try
        {
            Directory.CreateDirectory(System.IO.Path.Combine(folder, "demand", "1.0.0"));
            await using PricingServer server = await PricingServer.StartAsync(endpoints: options => options.ModelsDirectory = folder);

            (HttpStatusCode status, JsonElement json) = await server.PostAsync("/api/v1/admin/models/verify", $$"""{"model":"{{model}}"}""");
            (HttpStatusCode empty, JsonElement refused) = await server.PostAsync("/api/v1/admin/models/deploy", """{"model":"demand/1.0.0","rollout":"canary","step_seconds":5}""");

            ComputeEndpointTests.AssertProblem(HttpStatusCode.NotFound, "not-found", "model", status, json);
            ComputeEndpointTests.AssertProblem(HttpStatusCode.UnprocessableEntity, "model-refused", "model", empty, refused);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Status_HasCountersJournalAndAudit()
    {
        await using PricingServer server = await PricingServer.StartAsync();

        (HttpStatusCode status, JsonElement json) = await server.GetAsync("/api/v1/admin/status");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.True(json.GetProperty("running").GetBoolean());
        Assert.False(json.GetProperty("journal").GetProperty("written").GetBoolean());
    }

    [Fact]
    public async Task Quality_NamesTheWorstRegions_AndRefusesTooMany()
    {
        await using PricingServer server = await PricingServer.StartAsync();
        DateTimeOffset now = DateTimeOffset.UtcNow;
        Assert.Equal(Rejection.None, await server.Engine.PublishAsync(MarketEvent.Search("old", now.AddMinutes(-10)), TestContext.Current.CancellationToken));
        Assert.Equal(Rejection.None, await server.Engine.PublishAsync(MarketEvent.Search("new", now), TestContext.Current.CancellationToken));

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        JsonElement json = default;
        while (json.ValueKind == JsonValueKind.Undefined || json.GetProperty("regions").GetInt32() < 2)
        {
            patience.Token.ThrowIfCancellationRequested();
            (HttpStatusCode status, json) = await server.GetAsync("/api/v1/admin/quality?worst=1"); // Rows are looked at with the next tick.
            Assert.Equal(HttpStatusCode.OK, status);
        }

        JsonElement worst = json.GetProperty("worst");
        Assert.Equal(("old", 1), (worst[0].GetProperty("region_id").GetString(), worst.GetArrayLength()));
        IEnumerable<string?> breaches = worst[0].GetProperty("breaches").EnumerateArray().Select(breach => breach.GetProperty("measure").GetString());
        Assert.Contains("freshness", breaches); // Where a minute ends meanwhile, what the old event was last seen in may be missing as well.
        Assert.Equal(JsonValueKind.Null, json.GetProperty("validity").ValueKind);
        (HttpStatusCode refused, JsonElement problem) = await server.GetAsync("/api/v1/admin/quality?worst=many");
        ComputeEndpointTests.AssertProblem(HttpStatusCode.BadRequest, "invalid-parameter", "worst", refused, problem);
    }

    private static async Task<(HttpStatusCode Status, JsonElement Json, string Tag)> Put(PricingServer server, string rules, string? ifMatch = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, Path) { Content = new StringContent(rules, Encoding.UTF8, "application/json") };
        if (ifMatch is not null)
        {
            request.Headers.Add("If-Match", ifMatch);
        }

        using HttpResponseMessage response = await server.Client.SendAsync(request);
        return (response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement, response.Headers.ETag?.Tag ?? "");
    }
}
