using System.Net;
using System.Text.Json;

namespace PricingCore.AspNetCore.Tests.Compute;

/// <summary>
/// Goal: a batch answers each request in its place, and one that is wrong does not spoil the others.
/// Method: real requests to a real Kestrel.
/// </summary>
public sealed class ComputeBatchEndpointTests
{
    private const string Path = "/api/v1/pricing/compute/batch";

    [Theory]
    [InlineData("{\"requests\":", "}")]
    [InlineData("", "")]
    public async Task Batch_AnswersEachRequestInItsPlace(string before, string after)
    {
        await using PricingServer server = await PricingServer.StartAsync();
        string items = string.Join(',', Enumerable.Range(0, 1_000).Select(i => $$"""{"request_id":"r{{i}}","region_id":"region-{{i % 40}}"}"""));

        (HttpStatusCode status, JsonElement json) = await server.PostAsync(Path, before + "[" + items + "]" + after);

        Assert.Equal(HttpStatusCode.OK, status);
        JsonElement[] results = [.. json.GetProperty("results").EnumerateArray()];
        Assert.Equal(1_000, results.Length);
        for (int i = 0; i < results.Length; i++)
        {
            Assert.Equal($"r{i}", results[i].GetProperty("request_id").GetString());
            Assert.Equal($"region-{i % 40}", results[i].GetProperty("region_id").GetString());
        }

        Assert.Equal(40, results.Select(result => result.GetProperty("decision_id").GetString()).Distinct().Count());
    }

    [Fact]
    public async Task Batch_WithWrongRequests_SaysForEachWhatIsWrong()
    {
        await using PricingServer server = await PricingServer.StartAsync();

        (HttpStatusCode status, JsonElement json) = await server.PostAsync(
            Path, """{"requests":[{"region_id":"a"},{"request_id":"x","region_id":7},17,{"region_id":"a","product_type":"none"}]}""");

        Assert.Equal(HttpStatusCode.OK, status);
        JsonElement[] results = [.. json.GetProperty("results").EnumerateArray()];
        Assert.Equal("a", results[0].GetProperty("region_id").GetString());
        ComputeEndpointTests.AssertProblem(HttpStatusCode.BadRequest, "wrong-type", "requests[1].region_id", HttpStatusCode.BadRequest, results[1].GetProperty("problem"));
        Assert.Equal("x", results[1].GetProperty("problem").GetProperty("request_id").GetString());
        Assert.Equal("requests[2]", results[2].GetProperty("problem").GetProperty("field").GetString());
        Assert.Equal("urn:pricingcore:problem:no-rule", results[3].GetProperty("problem").GetProperty("type").GetString());
    }

    [Theory]
    [InlineData("", "malformed-json", 400)]
    [InlineData("[]", "out-of-range", 422)]
    [InlineData("""{"requests":[]}""", "out-of-range", 422)]
    [InlineData("""{"requests":{}}""", "wrong-type", 400)]
    [InlineData("""{"items":[]}""", "missing-field", 400)]
    [InlineData("""{"requests":[{"region_id":"a"}],"x":1}""", "unknown-field", 400)]
    [InlineData("""[{"region_id":"a"}""", "malformed-json", 400)]
    [InlineData("""[{"region_id":"a"},{"region_id":"b"},{"region_id":"c"},{"region_id":"d"}]""", "out-of-range", 422)]
    public async Task Batch_WhenItIsWrongAsAWhole_IsAProblem(string body, string type, int status)
    {
        await using PricingServer server = await PricingServer.StartAsync(endpoints: options => options.MaxBatchRequests = 3);

        (HttpStatusCode answered, JsonElement json) = await server.PostAsync(Path, body);

        Assert.Equal(("urn:pricingcore:problem:" + type, status), (json.GetProperty("type").GetString(), (int)answered));
    }
}
