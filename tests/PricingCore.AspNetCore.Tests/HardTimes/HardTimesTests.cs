using System.Net;
using System.Text;
using System.Text.Json;
using PricingCore.AspNetCore.Problems;
using PricingCore.AspNetCore.Tests.Events;
using PricingCore.Journal;
using PricingCore.Quotes;

namespace PricingCore.AspNetCore.Tests.HardTimes;

/// <summary>
/// Goal: an engine that is busy says so and when to come again; one whose disk fails acknowledges nothing, and goes on when it works again.
/// Method: a forecaster that is held still; files that refuse to be written for a while.
/// </summary>
public sealed class HardTimesTests
{
    private const string Compute = "/api/v1/pricing/compute";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Compute_WhenAsManyWaitAsMay_IsTooManyRequestsAndSaysWhenToComeAgain()
    {
        using var forecaster = new HeldForecaster();
        await using PricingServer server = await PricingServer.StartAsync(options =>
        {
            options.Forecaster = forecaster;
            options.ForecastDeadline = TimeSpan.FromSeconds(10);
            options.MaxWaitingRequests = 1;
            options.TickInterval = TimeSpan.FromSeconds(60); // Else a tick may have the region refreshed, and it is not the request that the forecaster is asked for.
        });
        await server.PostAsync("/api/v1/events", EventsEndpointTests.Booking("a"));
        forecaster.Hold();
        Task<(HttpStatusCode Status, JsonElement Json)> waiting = server.PostAsync(Compute, """{"region_id":"a"}""");
        await forecaster.Asked.WaitAsync(Patience);

        using var content = new StringContent("""{"request_id":"second","region_id":"b"}""", Encoding.UTF8, "application/json");
        using HttpResponseMessage second = await server.Client.PostAsync(new Uri(Compute, UriKind.Relative), content);
        forecaster.LetGo();

        Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), second.Headers.RetryAfter!.Delta);
        JsonElement json = JsonDocument.Parse(await second.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal("urn:pricingcore:problem:busy", json.GetProperty("type").GetString());
        Assert.Equal("second", json.GetProperty("request_id").GetString());
        Assert.Equal(HttpStatusCode.OK, (await waiting.WaitAsync(Patience)).Status);
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync(Compute, """{"request_id":"second","region_id":"b"}""")).Status); // A refusal is not remembered.
    }

    [Fact]
    public async Task Events_WhileTheDiskFails_AreNotAcknowledgedUntilItWorks()
    {
        string folder = Directory.CreateTempSubdirectory("pricingcore-disk").FullName;
        try
        {
            var files = new FailingFiles();
            await using PricingServer server = await PricingServer.StartAsync(options => options.Journal = new JournalOptions { Directory = folder, Files = files });
            await server.PostAsync("/api/v1/events", EventsEndpointTests.Booking("a"));
            files.IsFailing = true;

            Task<(HttpStatusCode Status, JsonElement Json)> inFlight = server.PostAsync("/api/v1/events", EventsEndpointTests.Booking("b"));
            await files.Refused.WaitAsync(Patience);
            HttpStatusCode status;
            JsonElement json;
            using var patience = new CancellationTokenSource(Patience);
            do
            {
                // The journal's thread says that it fails a moment after the file has.
                (status, json) = await server.PostAsync("/api/v1/events", EventsEndpointTests.Booking("c")).WaitAsync(patience.Token);
            }
            while (status != HttpStatusCode.ServiceUnavailable);

            Assert.Equal("urn:pricingcore:problem:storage-unavailable", json.GetProperty("type").GetString());
            Assert.False(inFlight.IsCompleted);
            (HttpStatusCode cold, JsonElement refused) = await server.PostAsync(Compute, """{"region_id":"never-asked"}""");
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "urn:pricingcore:problem:storage-unavailable"), (cold, refused.GetProperty("type").GetString()));

            files.IsFailing = false;
            Assert.Equal(HttpStatusCode.Accepted, (await inFlight.WaitAsync(Patience)).Status);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData(QuoteRefusal.Busy, 429)]
    [InlineData(QuoteRefusal.AuditBusy, 429)]
    [InlineData(QuoteRefusal.JournalUnavailable, 503)]
    [InlineData(QuoteRefusal.Stopped, 503)]
    [InlineData(QuoteRefusal.UnknownRegion, 404)]
    [InlineData(QuoteRefusal.NoRule, 422)]
    [InlineData(QuoteRefusal.TooManyProducts, 422)]
    [InlineData(QuoteRefusal.InvalidBasePrice, 422)]
    [InlineData(QuoteRefusal.InvalidRequest, 422)]
    public void Refusals_HaveAStatusThatSaysWhoCanDoSomething(QuoteRefusal refusal, int status)
    {
        Problem problem = RefusalProblems.Of(refusal);

        Assert.Equal(status, problem.Type.Status);
        Assert.Equal(status is 429 or 503, problem.Type.IsTemporary);
    }
}
