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
        });
        forecaster.Hold(); // Before the events: they alone have forecasts made, and with one that came in between nobody would wait.
        (HttpStatusCode taken, _) = await server.PostAsync("/api/v1/events", $"[{EventsEndpointTests.Booking("a")},{EventsEndpointTests.Booking("c")}]");
        Assert.Equal(HttpStatusCode.Accepted, taken); // Of stale regions nobody would wait for a forecast.
        Task<HttpResponseMessage>[] asked = [Ask(server, "a"), Ask(server, "c")];

        Task<HttpResponseMessage> first = await Task.WhenAny(asked).WaitAsync(Patience);
        using HttpResponseMessage refused = await first; // The other has the only place, and is held.
        forecaster.LetGo();
        using HttpResponseMessage answered = await asked[ReferenceEquals(first, asked[0]) ? 1 : 0].WaitAsync(Patience);

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter!.Delta);
        JsonElement json = JsonDocument.Parse(await refused.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal("urn:pricingcore:problem:busy", json.GetProperty("type").GetString());
        Assert.Equal(HttpStatusCode.OK, answered.StatusCode);
        using HttpResponseMessage again = await Ask(server, json.GetProperty("request_id").GetString()!);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode); // A refusal is not remembered.
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
            JsonElement journal;
            using var patience = new CancellationTokenSource(Patience);
            do
            {
                // The journal's thread says that it fails a moment after the file has; an event that comes in between would wait as well.
                (_, JsonElement state) = await server.GetAsync("/api/v1/admin/status").WaitAsync(patience.Token);
                journal = state.GetProperty("journal");
            }
            while (journal.GetProperty("failure").GetString() is null);

            (HttpStatusCode status, JsonElement json) = await server.PostAsync("/api/v1/events", EventsEndpointTests.Booking("c"));

            Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
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

    private static async Task<HttpResponseMessage> Ask(PricingServer server, string region)
    {
        using var content = new StringContent($"{{\"request_id\":\"{region}\",\"region_id\":\"{region}\"}}", Encoding.UTF8, "application/json");
        return await server.Client.PostAsync(new Uri(Compute, UriKind.Relative), content);
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
