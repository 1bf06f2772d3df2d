using System.Net;
using System.Text;
using System.Text.Json;

namespace PricingCore.Sidecar.Tests.Promises;

/// <summary>The calls that clients of a sidecar make, and what is in the answers; what must never be answered fails the test.</summary>
/// <threadsafety>Any thread.</threadsafety>
internal sealed class HttpCalls(HttpClient client)
{
    private const string Accepted = "accepted";
    private const string Duplicate = "duplicate";

    /// <summary>Sends events.</summary>
    /// <param name="content">As one, an array or lines.</param>
    /// <returns>Status and result of each event by its place; in lines those that were accepted have none.</returns>
    public async Task<(HttpStatusCode Status, Dictionary<int, string> Results)> PublishAsync(HttpContent content)
    {
        (HttpStatusCode status, JsonElement json) = await PostAsync("/api/v1/events", content);
        Assert.True(status is HttpStatusCode.Accepted or HttpStatusCode.MultiStatus, $"{(int)status}: {json}");
        return (status, json.GetProperty("results").EnumerateArray().ToDictionary(result => result.GetProperty("index").GetInt32(), result => result.GetProperty("status").GetString()!));
    }

    /// <summary>Whether a result says that the event was taken now.</summary>
    public static bool IsTaken(Dictionary<int, string> results, int place) => results.GetValueOrDefault(place, Accepted) == Accepted;

    /// <summary>Whether a result says that the event was taken before.</summary>
    public static bool IsDuplicate(Dictionary<int, string> results, int place) => results.GetValueOrDefault(place) == Duplicate;

    /// <summary>Asks for a price.</summary>
    /// <returns>The quote, and its token.</returns>
    public async Task<(ServedQuote Quote, string Token)> ComputeAsync(string requestId, string region)
    {
        (HttpStatusCode status, JsonElement json) = await PostAsync("/api/v1/pricing/compute", Json($$"""{"request_id":"{{requestId}}","region_id":"{{region}}"}"""));
        Assert.True(status == HttpStatusCode.OK, $"{(int)status}: {json}");
        var quote = new ServedQuote(requestId, json.GetProperty("decision_id").GetString()!, json.GetProperty("price").GetRawText(), json.GetProperty("surge_multiplier").GetRawText());
        return (quote, json.GetProperty("quote_token").GetString()!);
    }

    /// <summary>Asks why a price was what it was.</summary>
    public async Task<(HttpStatusCode Status, JsonElement Json)> ExplainAsync(string query)
    {
        using HttpResponseMessage answer = await client.GetAsync("/api/v1/pricing/explain?" + query);
        return await ReadAsync(answer);
    }

    /// <summary>Charges a quote.</summary>
    public Task<(HttpStatusCode Status, JsonElement Json)> RedeemAsync(string token, string redemptionId) =>
        PostAsync("/api/v1/quotes/redeem", Json($$"""{"quote_token":"{{token}}","redemption_id":"{{redemptionId}}"}"""));

    private static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    private static async Task<(HttpStatusCode Status, JsonElement Json)> ReadAsync(HttpResponseMessage answer)
    {
        using JsonDocument json = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync());
        return (answer.StatusCode, json.RootElement.Clone());
    }

    private async Task<(HttpStatusCode Status, JsonElement Json)> PostAsync(string path, HttpContent content)
    {
        using HttpContent sent = content;
        using HttpResponseMessage answer = await client.PostAsync(path, sent);
        return await ReadAsync(answer);
    }
}
