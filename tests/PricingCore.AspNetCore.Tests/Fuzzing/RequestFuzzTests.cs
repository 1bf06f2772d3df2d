using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using PricingCore.AspNetCore.Tests.Events;
using PricingCore.Tokens;

namespace PricingCore.AspNetCore.Tests.Fuzzing;

/// <summary>
/// Goal: whatever a body holds, the answer is a 2xx or a 4xx in bounded time, never a 5xx, and the engine goes on.
/// Method: good bodies with bytes flipped, cut, doubled, swapped for JSON's own words and odd numbers, sent over real connections; FsCheck draws the seeds and prints the one that fails.
/// Control: when it was new, it found times with a character below '0', which overflowed and were answered with 500, and chunk sizes beyond counting.
/// </summary>
public sealed class RequestFuzzTests
{
    private const int BodiesPerSeed = 60;
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(10); // Of a machine that does other work.

    private static readonly string[] Words =
    [
        "\"", "\\", "\\ud800", "\\u0000", "{", "}", "[", "]", ":", ",", "null", "true", "-", "1e999", "-0", "0.1e-400", "123456789012345678901234567890", "\"region_id\"", "\"base_price\":", "\n", "\0",
        "\"values\":{\"score\":1e38}", "\"occurred_at\":\"9999-12-31T23:59:59Z\"", "\"specversion\":\"1.0\"", "\uFEFF", "\u2028",
    ];

    [Fact]
    public async Task Bodies_OfEveryKind_NeverBreakTheServer()
    {
        await using PricingServer server = await PricingServer.StartAsync(options =>
        {
            options.MaxRegions = 64;
            options.Signing = new SigningOptions { Keys = Compute.ComputeEndpointTests.Keys() };
        });
        string now = DateTimeOffset.UtcNow.ToString("O", CultureInfo.InvariantCulture);
        (string Path, string MediaType, string Good)[] targets =
        [
            ("/api/v1/pricing/compute", "application/json", """{"request_id":"r-1","region_id":"a","product_type":"standard","base_price":12.50,"currency":"USD","user_id":"u"}"""),
            ("/api/v1/pricing/compute/batch", "application/json", """{"requests":[{"region_id":"a"},{"request_id":"x","region_id":"b","base_price":3}]}"""),
            ("/api/v1/events", "application/json", EventsEndpointTests.Booking("a", ",\"values\":{\"value\":1}")),
            ("/api/v1/events", "application/json", $"[{EventsEndpointTests.Booking("a")},{EventsEndpointTests.Booking("b")}]"),
            ("/api/v1/events", "application/x-ndjson", $"{EventsEndpointTests.Booking("a")}\n{EventsEndpointTests.Booking("b")}\n"),
            ("/api/v1/events", "application/cloudevents+json", $$"""{"specversion":"1.0","id":"1","source":"s","type":"x.booking","subject":"a","time":"{{now}}","data":{"user_id":"u"} }"""),
            ("/api/v1/quotes/redeem", "application/json", """{"quote_token":"AQJrMQ","redemption_id":"b","region_id":"a"}"""),
            ("/api/v1/admin/rules/validate", "application/json", PricingServer.Rules),
            ("/api/v1/admin/rules/rollback", "application/json", """{"version":"0123456789ab"}"""),
            ("/api/v1/admin/models/deploy", "application/json", """{"model":"demand/1.0.0","rollout":"canary","step_seconds":5}"""),
        ];

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(30).WithEndSize(int.MaxValue), Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var random = new Random(seed);
            for (int i = 0; i < BodiesPerSeed; i++)
            {
                (string path, string mediaType, string good) = targets[random.Next(targets.Length)];
                byte[] body = Mutate(Encoding.UTF8.GetBytes(good), random);
                long sent = Stopwatch.GetTimestamp();
                (HttpStatusCode status, _) = server.PostAsync(path, body, mediaType).GetAwaiter().GetResult();

                Assert.True((int)status is (>= 200 and < 300) or (>= 400 and < 500) or 501, $"{path} answered {(int)status} to {Convert.ToHexString(body)}");
                Assert.True(Stopwatch.GetElapsedTime(sent) < LongestAnswer, $"{path} took {Stopwatch.GetElapsedTime(sent)} for {Convert.ToHexString(body)}");
            }
        }));

        (HttpStatusCode after, _) = await server.PostAsync("/api/v1/pricing/compute", """{"region_id":"a"}""");
        Assert.Equal(HttpStatusCode.OK, after);
        Assert.True(server.Engine.IsRunning);
        Assert.Empty(server.Unhandled);
    }

    [Theory]
    [InlineData("POST /api/v1/pricing/compute HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000000000\r\n\r\n{\"region_id\":", 413)]
    [InlineData("POST /api/v1/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000000000\r\n\r\n[", 413)]
    [InlineData("POST /api/v1/pricing/compute HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: -1\r\n\r\n", 400)]
    [InlineData("POST /api/v1/pricing/compute HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400)]
    [InlineData("POST /api/v1/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n", 400)]
    [InlineData("GET /api/v1/pricing/compute HTTP/1.1\r\nHost: x\r\n\r\n", 405)]
    [InlineData("NONSENSE\r\n\r\n", 400)]
    public async Task Heads_ThatLie_AreRefusedBeforeTheBodyIsRead(string request, int expected)
    {
        await using PricingServer server = await PricingServer.StartAsync();
        using var client = new RawHttp(server.Address);

        client.Send(Encoding.ASCII.GetBytes(request));
        int status = client.ReadAnswer(out _);

        Assert.Equal(expected, status);
        (HttpStatusCode after, _) = await server.PostAsync("/api/v1/pricing/compute", """{"region_id":"a"}""");
        Assert.Equal(HttpStatusCode.OK, after);
    }

    [Theory]
    [InlineData("/api/v1/pricing/compute", "application/json")]
    [InlineData("/api/v1/events", "application/x-ndjson")]
    public async Task Bodies_ThatEndEarly_DoNotHarmTheNextRequest(string path, string mediaType)
    {
        await using PricingServer server = await PricingServer.StartAsync();
        for (int i = 0; i < 20; i++)
        {
            using var client = new RawHttp(server.Address);
            client.Send(Encoding.ASCII.GetBytes($"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: {mediaType}\r\nContent-Length: 500\r\n\r\n{{\"region_id\":\"a\"}}\n"));
            client.EndSending(); // Half closed: there will be no more, and 500 bytes were promised.
            Assert.Contains(client.ReadAnswer(out _), (int[])[0, 400]);
        }

        Assert.Empty(server.Unhandled);
        (HttpStatusCode after, _) = await server.PostAsync("/api/v1/pricing/compute", """{"region_id":"a"}""");
        Assert.Equal(HttpStatusCode.OK, after);
    }

    private static byte[] Mutate(byte[] good, Random random)
    {
        List<byte> body = [.. good];
        for (int change = random.Next(1, 6); change > 0; change--)
        {
            int at = random.Next(body.Count + 1);
            int length = Math.Min(random.Next(1, 12), body.Count - at);
            switch (random.Next(6))
            {
                case 0 when at < body.Count:
                    body[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    body.RemoveRange(at, length);
                    break;
                case 2:
                    body.InsertRange(at, body.GetRange(at, length));
                    break;
                case 3:
                    body.InsertRange(at, Encoding.UTF8.GetBytes(Words[random.Next(Words.Length)]));
                    break;
                case 4 when at < body.Count:
                    body[at] = (byte)random.Next(256);
                    break;
                default:
                    body.InsertRange(at, Enumerable.Repeat((byte)"[{\" 9"[random.Next(5)], random.Next(1, 200)));
                    break;
            }
        }

        return [.. body];
    }
}
