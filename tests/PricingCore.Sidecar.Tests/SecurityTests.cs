using System.Net;
using System.Text;
using PricingCore.AspNetCore.Security;
using PricingCore.Tests;

namespace PricingCore.Sidecar.Tests;

/// <summary>
/// Goal: over the network a key opens what its scopes say and nothing else does, on the addresses where it belongs.
/// Method: a sidecar that listens on every address, with a file of keys.
/// Control: without <c>RequirePricingScopes</c> the wrong key and the wrong scope get prices.
/// </summary>
public sealed class SecurityTests : IDisposable
{
    private const string Compute = "/api/v1/pricing/compute";
    private const string Quote = """{"region_id":"a","product_type":"standard"}""";
    private const string Event = """{"type":"search","region_id":"a","occurred_at":"2026-01-01T00:00:00Z"}""";

    private readonly ScratchFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Key_OpensItsScopes()
    {
        string till = ApiKey.Create(PricingScopes.Quote, DateTimeOffset.UtcNow.AddDays(1), out string tillEntry);
        string operators = ApiKey.Create(PricingScopes.Admin, DateTimeOffset.UtcNow.AddDays(1), out string operatorsEntry);
        File.WriteAllText(_folder.At("keys.json"), $$"""{"keys": [{{tillEntry}}, {{operatorsEntry}}]}""");
        File.WriteAllText(_folder.At("pricing.json"), $$$"""{"Security": {"ApiKeyFile": "{{{_folder.At("keys.json")}}}"}}""");
        await using RunningSidecar sidecar = await RunningSidecar.StartAsync(
            "--config", _folder.At("pricing.json"), "--data", _folder.At("data"), "--listen", "http://0.0.0.0:0", "--admin", "http://0.0.0.0:0");
        string[] urls = [.. sidecar.Urls.Select(url => url.Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal))];

        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(urls[0] + Compute, Quote, key: null));
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(urls[0] + Compute, Quote, till[..^1] + (till[^1] == 'A' ? 'B' : 'A')));
        Assert.Equal(HttpStatusCode.OK, await PostAsync(urls[0] + Compute, Quote, till));
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(urls[0] + "/api/v1/events", Event, till));
        Assert.Equal(HttpStatusCode.Forbidden, await GetAsync(urls[1] + "/api/v1/admin/status", till));
        Assert.Equal(HttpStatusCode.OK, await GetAsync(urls[1] + "/api/v1/admin/status", operators));
        Assert.Equal(HttpStatusCode.NotFound, await GetAsync(urls[0] + "/api/v1/admin/status", operators));
        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(urls[1] + "/metrics", operators)); // Not an endpoint of scopes: by address and certificate only.
        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(urls[0] + "/openapi.json", "anything"));
    }

    [Fact]
    public async Task WrongFiles_AreRefusedAtTheStart()
    {
        File.WriteAllText(_folder.At("keys.json"), """{"keys": 7}""");
        File.WriteAllText(_folder.At("pricing.json"), $$$"""{"Security": {"ApiKeyFile": "{{{_folder.At("keys.json")}}}"}}""");
        var error = new StringWriter();
        Assert.Equal(2, await SidecarProcess.RunAsync(["--config", _folder.At("pricing.json"), "--data", _folder.At("data")], TextWriter.Null, error));
        Assert.Contains("keys.json", error.ToString(), StringComparison.Ordinal);

        File.WriteAllText(_folder.At("pricing.json"), """{"Security": {"ApiKeyFile": "nowhere.json", "Jwt": {"ClockSkew": "9d"}, "UserRequestsPerMinute": -1, "Keys": "x"}}""");
        error = new StringWriter();
        Assert.Equal(2, await SidecarProcess.RunAsync(["--config", _folder.At("pricing.json"), "--data", _folder.At("data")], TextWriter.Null, error));
        foreach (string wrong in new[] { "Security:ApiKeyFile", "ClockSkew", "UserRequestsPerMinute", "Security:Keys" })
        {
            Assert.Contains(wrong, error.ToString(), StringComparison.Ordinal);
        }
    }

    private static async Task<HttpStatusCode> PostAsync(string url, string json, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        return await SendAsync(request, key);
    }

    private static async Task<HttpStatusCode> GetAsync(string url, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        return await SendAsync(request, key);
    }

    private static async Task<HttpStatusCode> SendAsync(HttpRequestMessage request, string? key)
    {
        using var client = new HttpClient();
        if (key is not null)
        {
            request.Headers.Add("X-Api-Key", key);
        }

        return (await client.SendAsync(request, Cancellation)).StatusCode;
    }
}
