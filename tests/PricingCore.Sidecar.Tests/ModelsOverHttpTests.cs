using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using PricingCore.Tests;

namespace PricingCore.Sidecar.Tests;

/// <summary>
/// Goal: an operator can check a model, look at it as a shadow, let it price, and go back, over HTTP alone; a damaged one changes nothing; a restart goes on with the model that priced.
/// Method: the sidecar with its sample model, and copies of it under other versions: real packages, checked by ONNX Runtime.
/// </summary>
public sealed class ModelsOverHttpTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Model_IsVerifiedShadowedDeployedAndTakenBack()
    {
        await using (RunningSidecar sidecar = await StartAsync())
        {
            using var service = new HttpClient { BaseAddress = new Uri(sidecar.Urls[0]) };
            using var operators = new HttpClient { BaseAddress = new Uri(sidecar.Urls[1]) };
            await sidecar.Log.UntilAsync(6_101); // The sample model prices.
            AddVersion("1.0.1");

            JsonNode listed = await GetAsync(operators, "/api/v1/admin/models");
            Assert.Equal(["demand/1.0.0", "demand/1.0.1"], listed["packages"]!.AsArray().Select(package => (string)package!));
            Assert.Equal("demand/1.0.0", (string)listed["stable_version"]!);
            Assert.Equal("fit", (string)(await PostAsync(operators, "verify", """{"model":"demand/1.0.1"}"""))["status"]!);

            JsonNode shadow = await PostAsync(operators, "deploy", """{"model":"demand/1.0.1","rollout":"shadow"}""");
            Assert.Equal(("shadow", "demand/1.0.1", "demand/1.0.0"), ((string)shadow["rollout"]!, (string)shadow["candidate_version"]!, (string)shadow["stable_version"]!));
            Assert.Equal("demand/1.0.0", await PriceAsync(service, "under-a-shadow"));

            Assert.Null((string?)(await PostAsync(operators, "rollback", """{"reason":"seen enough"}"""))["candidate_version"]);
            JsonNode deployed = await PostAsync(operators, "deploy", """{"model":"demand/1.0.1"}""");
            Assert.Equal("demand/1.0.1", (string)deployed["stable_version"]!);
            Assert.Equal("demand/1.0.1", await PriceAsync(service, "by-the-new-one"));
            Assert.Equal("demand/1.0.1", await PriceAsync(service, "under-a-shadow")); // The decision of the model before no longer holds.

            Assert.Equal("demand/1.0.0", (string)(await PostAsync(operators, "rollback", ""))["stable_version"]!);
            Assert.Equal("demand/1.0.0", await PriceAsync(service, "by-the-new-one"));
            JsonNode canary = await PostAsync(operators, "deploy", """{"model":"demand/1.0.1","rollout":"canary","step_seconds":600}""");
            Assert.Equal(("canary", 10), ((string)canary["rollout"]!, (int)canary["candidate_percent"]!));
            await PostAsync(operators, "rollback", "");
            await PostAsync(operators, "deploy", """{"model":"demand/1.0.1"}""");
        }

        await using RunningSidecar again = await StartAsync();
        using var next = new HttpClient { BaseAddress = new Uri(again.Urls[0]) };
        Assert.Equal("demand/1.0.1", await PriceAsync(next, "after-the-restart"));
    }

    [Fact]
    public async Task Model_ThatIsDamaged_IsRefusedAndPricesGoOn()
    {
        await using RunningSidecar sidecar = await StartAsync();
        using var service = new HttpClient { BaseAddress = new Uri(sidecar.Urls[0]) };
        using var operators = new HttpClient { BaseAddress = new Uri(sidecar.Urls[1]) };
        await sidecar.Log.UntilAsync(6_101);
        string graph = Path.Combine(AddVersion("1.0.2"), "model.onnx");
        byte[] bytes = File.ReadAllBytes(graph);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(graph, bytes);

        using HttpResponseMessage refused = await operators.PostAsync("/api/v1/admin/models/deploy", Json("""{"model":"demand/1.0.2"}"""), Cancellation);
        string problem = await refused.Content.ReadAsStringAsync(Cancellation);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Contains("model.onnx", problem, StringComparison.Ordinal);
        Assert.Equal("demand/1.0.0", (string)(await GetAsync(operators, "/api/v1/admin/models"))["stable_version"]!);
        Assert.Equal("demand/1.0.0", await PriceAsync(service, "after-the-refusal"));
    }

    private static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    private static async Task<JsonNode> GetAsync(HttpClient client, string path) => JsonNode.Parse(await client.GetStringAsync(path, Cancellation))!;

    private static async Task<JsonNode> PostAsync(HttpClient operators, string verb, string body)
    {
        using HttpResponseMessage answer = await operators.PostAsync("/api/v1/admin/models/" + verb, Json(body), Cancellation);
        string text = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, text);
        return JsonNode.Parse(text)!;
    }

    /// <summary>Asks for a price, after a search: without any input there is no forecast.</summary>
    /// <returns>The model that it is by.</returns>
    private static async Task<string> PriceAsync(HttpClient service, string region)
    {
        string now = DateTimeOffset.UtcNow.ToString("O", CultureInfo.InvariantCulture);
        (await service.PostAsync("/api/v1/events", Json($$"""{"type":"search","region_id":"{{region}}","occurred_at":"{{now}}"}"""), Cancellation)).EnsureSuccessStatusCode().Dispose();
        using HttpResponseMessage answer = await service.PostAsync("/api/v1/pricing/compute", Json($$"""{"region_id":"{{region}}","product_type":"standard"}"""), Cancellation);
        string text = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, text);
        return (string)JsonNode.Parse(text)!["model_version"]!;
    }

    /// <summary>The sample model under another version.</summary>
    private string AddVersion(string version)
    {
        string sample = _folder.At("data", "models", "demand", "1.0.0");
        string copy = Directory.CreateDirectory(_folder.At("data", "models", "demand", version)).FullName;
        foreach (string file in Directory.EnumerateFiles(sample))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }

        string manifest = Path.Combine(copy, "model.json");
        File.WriteAllText(manifest, File.ReadAllText(manifest).Replace("\"version\": \"1.0.0\"", $"\"version\": \"{version}\"", StringComparison.Ordinal));
        return copy;
    }

    private Task<RunningSidecar> StartAsync()
    {
        // A second for a forecast: on a busy machine the usual 20 ms may pass, and then the baseline prices, as it should.
        File.WriteAllText(_folder.At("pricing.json"), """{"Engine":{"ForecastDeadline":"1s"}}""");
        return RunningSidecar.StartAsync("--config", _folder.At("pricing.json"), "--data", _folder.At("data"), "--listen", "http://127.0.0.1:0", "--admin", "http://127.0.0.1:0");
    }
}
