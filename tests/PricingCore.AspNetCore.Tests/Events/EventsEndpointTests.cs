using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using PricingCore.AspNetCore.Tests.Compute;
using PricingCore.Journal;

namespace PricingCore.AspNetCore.Tests.Events;

/// <summary>
/// Goal: events of every form are taken or refused one by one, each with its reason, and 202 means that they are in the features.
/// Method: real requests to a real Kestrel; the engine's own counters.
/// </summary>
public sealed class EventsEndpointTests
{
    private const string Path = "/api/v1/events";
    private const string Lines = "application/x-ndjson";

    private static string Now => DateTimeOffset.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Events_OneObject_IsTaken()
    {
        await using PricingServer server = await PricingServer.StartAsync();

        (HttpStatusCode status, JsonElement json) = await server.PostAsync(Path, Booking("airport"));

        Assert.Equal(HttpStatusCode.Accepted, status);
        Assert.Equal((1, 0, 0), Counts(json));
        Assert.Equal("""[{"index":0,"status":"accepted"}]""", json.GetProperty("results").GetRawText());
        Assert.Equal(1, server.Engine.Statistics.Applied);
    }

    [Fact]
    public async Task Events_Array_SaysWhatBecameOfEach()
    {
        await using PricingServer server = await PricingServer.StartAsync();
        string keyed = Booking("a", """,  "idempotency_key":"k" """);

        (HttpStatusCode status, JsonElement json) = await server.PostAsync(Path, $$"""[{{keyed}},{{keyed}},{"type":"booking"},{{Booking("*")}},7]""");

        Assert.Equal(HttpStatusCode.MultiStatus, status);
        Assert.Equal((1, 1, 3), Counts(json));
        Assert.Equal(
            [(0, "accepted", null), (1, "duplicate", "duplicate"), (2, "refused", "missing_field"), (3, "refused", "invalid_region"), (4, "refused", "wrong_type")],
            Results(json));
    }

    [Fact]
    public async Task Events_Lines_AreTakenWhateverTheirLengthAndEnd()
    {
        await using PricingServer server = await PricingServer.StartAsync(endpoints: options => options.MaxLineBytes = 256);
        string body = Booking("a") + "\r\n\n" + Booking("b") + "\n" + new string('x', 300) + "\n{}\n" + new string('y', 200_000) + "\n  " + Booking("c");

        (HttpStatusCode status, JsonElement json) = await server.PostAsync(Path, body, Lines);

        Assert.Equal(HttpStatusCode.MultiStatus, status);
        Assert.Equal((3, 0, 3), Counts(json));
        Assert.Equal([(2, "refused", "line_too_long"), (3, "refused", "missing_field"), (4, "refused", "line_too_long")], Results(json));
        Assert.Equal(3, server.Engine.Statistics.Applied);
    }

    [Fact]
    public async Task Events_ManyLines_AreAllTakenWithoutHoldingTheBody()
    {
        const int Events = 60_000;
        await using PricingServer server = await PricingServer.StartAsync(options => options.UserEventsPerMinute = 0, options => options.MaxBatchBytes = 1_024);
        var body = new StringBuilder();
        for (int i = 0; i < Events; i++)
        {
            body.Append(Booking("region-" + (i % 50))).Append('\n');
        }

        (HttpStatusCode status, JsonElement json) = await server.PostAsync(Path, body.ToString(), Lines);

        Assert.Equal(HttpStatusCode.Accepted, status);
        Assert.Equal((Events, 0, 0), Counts(json));
        Assert.Equal(Events, server.Engine.Statistics.Applied);
        Assert.Equal("[]", json.GetProperty("results").GetRawText());
    }

    [Fact]
    public async Task Events_ManyRefusedLines_AreCountedAndTheFirstListed()
    {
        await using PricingServer server = await PricingServer.StartAsync();
        string body = Booking("a") + "\n" + string.Concat(Enumerable.Repeat("{\"type\":\"none\"}\n", 5_000));

        (_, JsonElement json) = await server.PostAsync(Path, body, Lines);

        Assert.Equal((1, 0, 5_000), Counts(json));
        Assert.Equal(1_000, json.GetProperty("results").GetArrayLength());
        Assert.Equal(4_000, json.GetProperty("not_listed").GetInt32());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Events_OnSeveralShardsAndADurableJournal_SurviveARestart(int shards)
    {
        string folder = Directory.CreateTempSubdirectory("pricingcore-events").FullName;
        void Use(PricingOptions options)
        {
            options.Shards = Math.Min(shards, Environment.ProcessorCount);
            options.UserEventsPerMinute = 0;
            options.Journal = new JournalOptions { Directory = folder };
        }

        try
        {
            long applied;
            await using (PricingServer server = await PricingServer.StartAsync(Use))
            {
                string body = string.Join('\n', Enumerable.Range(0, 3_000).Select(i =>
                    i % 3 == 0 ? Booking($"r{i % 7}", $",\"unit_id\":\"u{i % 90}\",\"idempotency_key\":\"k{i % 2_100}\"").Replace("booking", "supply_available", StringComparison.Ordinal) : Booking($"r{i % 11}")));
                (HttpStatusCode status, JsonElement json) = await server.PostAsync(Path, body, Lines);
                applied = server.Engine.Statistics.Applied;
                Assert.Equal(HttpStatusCode.Accepted, status);
                Assert.Equal(json.GetProperty("accepted").GetInt64(), applied);
                Assert.Equal(3_000, applied + json.GetProperty("duplicates").GetInt64());
                Assert.NotEqual(0, json.GetProperty("duplicates").GetInt64());
            }

            await using PricingServer again = await PricingServer.StartAsync(Use);
            Assert.True(again.Engine.Recovery.Records >= applied);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Events_CloudEvent_TakesFromItsAttributesWhatTheDataLeavesOut()
    {
        await using PricingServer server = await PricingServer.StartAsync();
        string cloud = $$"""
            {"specversion":"1.0","id":"1","source":"/app","type":"com.example.booking","subject":"airport","time":"{{Now}}","extension":5,"data":{"user_id":"u"} }
            """;

        (HttpStatusCode one, JsonElement first) = await server.PostAsync(Path, cloud, "application/cloudevents+json");
        (HttpStatusCode two, JsonElement second) = await server.PostAsync(
            Path, $"[{cloud},{cloud.Replace("\"id\":\"1\"", "\"id\":\"2\"", StringComparison.Ordinal)},{{\"specversion\":\"0.3\"}}]", "application/cloudevents-batch+json");

        Assert.Equal((HttpStatusCode.Accepted, (1, 0, 0)), (one, Counts(first)));
        Assert.Equal((HttpStatusCode.MultiStatus, (1, 1, 1)), (two, Counts(second))); // The same source and id are the same event.
    }

    [Theory]
    [InlineData("", "malformed-json", 400, null)]
    [InlineData("[]", "out-of-range", 422, null)]
    [InlineData("7", "wrong-type", 400, null)]
    [InlineData("{\"type\":\"booking\"", "malformed-json", 400, null)]
    [InlineData("{\"type\":\"booking\",\"region_id\":\"a\",\"occurred_at\":\"2014-07-04T21:30:00\"}", "out-of-range", 422, "occurred_at")]
    [InlineData("{\"type\":\"booking\",\"region_id\":\"a\",\"occurred_at\":\"2014-07-04T21:30:00Z\"}", "events-refused", 422, null)]
    [InlineData("{\"type\":\"sneeze\"}", "out-of-range", 422, "type")]
    [InlineData("{\"type\":\"booking\",\"regoin\":\"a\"}", "unknown-field", 400, "regoin")]
    [InlineData("{\"type\":\"tick\",\"region_id\":\"a\",\"occurred_at\":\"2014-07-04T21:30:00Z\"}", "events-refused", 422, null)]
    public async Task Events_WhenNoneIsTaken_IsAProblem(string body, string type, int status, string? field)
    {
        await using PricingServer server = await PricingServer.StartAsync();

        (HttpStatusCode answered, JsonElement json) = await server.PostAsync(Path, body);

        ComputeEndpointTests.AssertProblem((HttpStatusCode)status, type, field, answered, json);
    }

    [Fact]
    public async Task Events_WhenTheEngineHasStopped_AreRefusedAsUnavailable()
    {
        await using PricingServer server = await PricingServer.StartAsync();
        await server.Engine.DisposeAsync();

        (HttpStatusCode status, JsonElement json) = await server.PostAsync(Path, Booking("a") + "\n" + Booking("b"), Lines);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal(2, json.GetProperty("errors").GetArrayLength());
    }

    [Fact]
    public async Task Events_WhenAnArrayIsTooLarge_AreRefusedUnread()
    {
        await using PricingServer server = await PricingServer.StartAsync(endpoints: options => options.MaxBatchBytes = 1_024);

        (HttpStatusCode status, JsonElement json) = await server.PostAsync(Path, "[" + string.Join(',', Enumerable.Repeat(Booking("a"), 100)) + "]");

        ComputeEndpointTests.AssertProblem(HttpStatusCode.RequestEntityTooLarge, "body-too-large", null, status, json);
        Assert.Equal(0, server.Engine.Statistics.Applied);
    }

    internal static string Booking(string region, string more = "") =>
        $"{{\"type\":\"booking\",\"region_id\":\"{region}\",\"occurred_at\":\"{Now}\"{more}}}";

    private static (long, long, long) Counts(JsonElement json) =>
        (json.GetProperty("accepted").GetInt64(), json.GetProperty("duplicates").GetInt64(), json.GetProperty("refused").GetInt64());

    private static (int, string, string?)[] Results(JsonElement json) => [.. json.GetProperty("results").EnumerateArray().Select(item =>
        (item.GetProperty("index").GetInt32(), item.GetProperty("status").GetString()!, item.TryGetProperty("reason", out JsonElement reason) ? reason.GetString() : null))];
}
