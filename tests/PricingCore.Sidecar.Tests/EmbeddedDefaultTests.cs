using System.Net;
using PricingCore.Features;
using PricingCore.Forecasts.Models;
using PricingCore.Quotes;
using PricingCore.Tests;
using Microsoft.Extensions.DependencyInjection;

namespace PricingCore.Sidecar.Tests;

/// <summary>
/// Goal: with nothing but a place for its data the process serves, prices by the sample rules, keeps everything, and keeps operators' pages to operators' addresses.
/// Method: the process's own entry, real Kestrel on ports of its own.
/// </summary>
public sealed class EmbeddedDefaultTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Serve_WithAnEmptyDirectory_IsReadyAndPricesBySampleRules()
    {
        await using RunningSidecar sidecar = await StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(sidecar.Urls[0]) };

        Assert.Contains("\"status\":\"healthy\"", await client.GetStringAsync("/readyz", Cancellation), StringComparison.Ordinal);
        Assert.Contains("\"status\":\"healthy\"", await client.GetStringAsync("/healthz", Cancellation), StringComparison.Ordinal);
        PricingEngine engine = sidecar.Services.GetRequiredService<PricingEngine>();
        Quote quote = await engine.QuoteAsync(new QuoteRequest("anywhere", "standard") { RequestId = "r1" }, Cancellation);
        Assert.Equal(1_200, quote.BasePrice.MinorUnits);
        await sidecar.Log.UntilAsync(6_101);
        Assert.Equal("demand/1.0.0", engine.Models.Status.StableVersion);
        Assert.NotNull(engine.Explain("r1"));
        Assert.NotEmpty(engine.Sign(quote));

        Assert.Equal(0, await sidecar.StopAsync());
        string[] kept = [.. Directory.EnumerateFileSystemEntries(_folder.Path).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];
        Assert.Equal(["audit", "journal", "keys", "models", "rules.json"], kept);
        Assert.All(Directory.EnumerateFiles(_folder.At("keys")), key => Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(key) == (UnixFileMode.UserRead | UnixFileMode.UserWrite)));
        Assert.Single(Directory.GetFiles(_folder.At("journal", "snapshots"), "*.snap"));
    }

    /// <summary>Starts with the sample do not compare it with ONNX Runtime, since this does.</summary>
    [Fact]
    public async Task TheSampleModel_GivesOnnxRuntimesBits()
    {
        await using (RunningSidecar first = await StartAsync())
        {
            await first.Log.UntilAsync(6_101);
            await first.Log.UntilAsync(1_104);
        }

        string sample = _folder.At("models", "demand", "1.0.0");
        Assert.True(EmbeddedDefaults.IsTheSample(sample));
        var log = new RecordingLogger();
        using var model = OnnxForecaster.Load(ModelPackage.Load(sample), FeatureSchema.Mobility, log);

        Assert.Equal(ModelRuntime.CompiledTrees, model.Runtime);
        Assert.Equal(1_100, Assert.Single(log.Lines).Id);
    }

    [Theory]
    [InlineData(true)] // An engine that begins with nothing deploys what it finds.
    [InlineData(false)] // One that goes on brings back what priced.
    public async Task Serve_WithAnotherModelInTheSamplesPlace_ComparesIt(bool beginsWithNothing)
    {
        await using (RunningSidecar first = await StartAsync())
        {
            await first.Log.UntilAsync(6_101);
        }

        if (beginsWithNothing)
        {
            Directory.Delete(_folder.At("journal"), recursive: true);
        }

        string manifest = _folder.At("models", "demand", "1.0.0", "model.json");
        File.AppendAllText(manifest, "\n");
        await using RunningSidecar again = await StartAsync();

        await again.Log.UntilAsync(1_100);
        if (beginsWithNothing)
        {
            await again.Log.UntilAsync(6_101);
        }

        Assert.Equal("demand/1.0.0", again.Services.GetRequiredService<PricingEngine>().Models.Status.StableVersion);
    }

    [Fact]
    public async Task Serve_Again_GoesOnWhereItWas_AndLeavesFilesAsTheyAre()
    {
        await using (RunningSidecar first = await StartAsync())
        {
            await first.Services.GetRequiredService<PricingEngine>().QuoteAsync(new QuoteRequest("anywhere"), Cancellation);
            await first.Log.UntilAsync(6_101);
        }

        string keys = File.ReadAllText(_folder.At("keys", "quotes.json"));
        File.WriteAllText(_folder.At("rules.json"), File.ReadAllText(_folder.At("rules.json")).Replace("12.00", "15.00", StringComparison.Ordinal));
        await using RunningSidecar again = await StartAsync();
        PricingEngine engine = again.Services.GetRequiredService<PricingEngine>();

        Assert.NotNull(engine.Recovery.Snapshot);
        Assert.Equal("demand/1.0.0", engine.Models.Status.StableVersion);
        await again.Log.UntilAsync(1_104); // The sample is still the sample: it does not need ONNX Runtime's memory.
        Assert.Equal(1_500, (await engine.QuoteAsync(new QuoteRequest("anywhere"), Cancellation)).BasePrice.MinorUnits);
        Assert.Equal(keys, File.ReadAllText(_folder.At("keys", "quotes.json")));
    }

    [Theory]
    [InlineData("""{"Engine":{"Model":""}}""")]
    [InlineData("""{"Engine":{"ModelsDirectory":"elsewhere"}}""")]
    public async Task Serve_WhereTheModelIsChosenOtherwise_DoesNotPriceByTheSample(string configuration)
    {
        File.WriteAllText(_folder.At("pricing.json"), configuration);
        await using RunningSidecar sidecar = await RunningSidecar.StartAsync([.. Arguments(), "--config", _folder.At("pricing.json")]);
        PricingEngine engine = sidecar.Services.GetRequiredService<PricingEngine>();

        await engine.PublishAsync(PricingCore.Events.MarketEvent.Search("anywhere", DateTimeOffset.UtcNow), Cancellation); // Without any input there is no forecast.
        Assert.Equal("seasonal-naive-1", (await engine.QuoteAsync(new QuoteRequest("anywhere"), Cancellation)).Decision.ModelVersion);
    }

    [Fact]
    public async Task Serve_AfterTheSampleModelWasDeleted_PricesByTheBaselineAndIsHealthy()
    {
        await using (RunningSidecar first = await StartAsync())
        {
            await first.Log.UntilAsync(6_101);
        }

        Directory.Delete(_folder.At("models", "demand"), recursive: true);
        await using RunningSidecar again = await StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(again.Urls[0]) };

        Assert.Contains("\"status\":\"healthy\"", await client.GetStringAsync("/readyz", Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OperatorsPages_AreNotThereOnOtherAddresses()
    {
        await using RunningSidecar sidecar = await StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(sidecar.Urls[0]) };
        var pretended = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        pretended.Headers.Host = new Uri(sidecar.Urls[1]).Authority; // What a client writes must not open it.
        pretended.Headers.Add("X-Forwarded-Port", "8081");

        Assert.Equal(HttpStatusCode.NotFound, (await client.SendAsync(pretended, Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/api/v1/admin/rules", Cancellation)).StatusCode);
        using var operators = new HttpClient { BaseAddress = new Uri(sidecar.Urls[1]) };
        Assert.Equal(HttpStatusCode.OK, (await operators.GetAsync("/api/v1/admin/rules", Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await operators.GetAsync("/metrics", Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/healthz", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task Events_AndPrices_GoOverHttp_AndSurviveARestart()
    {
        string quoteToken;
        await using (RunningSidecar sidecar = await StartAsync())
        {
            using var client = new HttpClient { BaseAddress = new Uri(sidecar.Urls[0]) };
            string time = DateTimeOffset.UtcNow.ToString("O", System.Globalization.CultureInfo.InvariantCulture);
            using HttpResponseMessage accepted = await client.PostAsync("/api/v1/events", Json($$"""{"type":"booking","region_id":"midtown","occurred_at":"{{time}}"}"""), Cancellation);
            Assert.True(accepted.StatusCode == HttpStatusCode.Accepted, await accepted.Content.ReadAsStringAsync(Cancellation));
            using HttpResponseMessage priced = await client.PostAsync("/api/v1/pricing/compute", Json("""{"region_id":"midtown","product_type":"standard","request_id":"r-1"}"""), Cancellation);
            string answer = await priced.Content.ReadAsStringAsync(Cancellation);
            Assert.True(priced.StatusCode == HttpStatusCode.OK, answer);
            using var json = System.Text.Json.JsonDocument.Parse(answer);
            Assert.Equal("USD", json.RootElement.GetProperty("currency").GetString());
            quoteToken = json.RootElement.GetProperty("quote_token").GetString()!;
        }

        await using RunningSidecar again = await StartAsync();
        Assert.Equal(1, again.Services.GetRequiredService<PricingEngine>().Statistics.Applied);
        using var next = new HttpClient { BaseAddress = new Uri(again.Urls[0]) };
        Assert.Equal(HttpStatusCode.OK, (await next.GetAsync("/api/v1/pricing/explain?request_id=r-1", Cancellation)).StatusCode);
        Assert.Equal(
            PricingCore.Tokens.RedemptionOutcome.Redeemed,
            (await again.Services.GetRequiredService<PricingEngine>().RedeemAsync(quoteToken, "booking-1", cancellationToken: Cancellation)).Outcome);
    }

    private static StringContent Json(string json) => new(json, System.Text.Encoding.UTF8, "application/json");

    [Fact]
    public async Task SecondProcess_OnTheSameData_EndsAndSaysWhy()
    {
        await using RunningSidecar first = await StartAsync();
        var log = new Hosting.Tests.KeptLog();

        int code = await SidecarProcess.RunAsync(Arguments(), TextWriter.Null, TextWriter.Null, logging => logging.Services.AddSingleton<Microsoft.Extensions.Logging.ILoggerProvider>(log))
            .WaitAsync(TimeSpan.FromSeconds(60), Cancellation);

        Assert.Equal(SidecarProcess.Failed, code);
        Assert.Contains(log.Lines, line => line.Id == 6_002);
    }

    private string[] Arguments() => ["--data", _folder.Path, "--listen", "http://127.0.0.1:0", "--admin", "http://127.0.0.1:0"];

    private Task<RunningSidecar> StartAsync() => RunningSidecar.StartAsync(Arguments());
}
