using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using PricingCore.Hosting.Alerts;
using PricingCore.Tests.Rules;

namespace PricingCore.Hosting.Tests.Alerts;

/// <summary>
/// Goal: an alert reaches its receiver signed, is tried again while that may help and not else, and nobody ever waits for a receiver.
/// Method: real requests to a Kestrel on loopback; the signature is computed again by the words of the Standard Webhooks.
/// Control: with the body left out of what is signed, with redirects followed, without the limit of an attempt, with a refusal tried again, and with the stop
/// waiting for the receiver, the test of it fails.
/// </summary>
public sealed class WebhookSenderTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly byte[] Secret = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    private static readonly EngineAlert Spike = new("demand_spike", "zone \"7\"\n", "Bookings are 7.5 deviations beyond the usual.")
    {
        Region = "zone \"7\"\n",
        Value = 7.5,
        Threshold = 5,
        StartedAt = new DateTimeOffset(2026, 3, 4, 12, 0, 0, TimeSpan.Zero),
    };

    private readonly Channel<WebhookOutcome> _outcomes = Channel.CreateUnbounded<WebhookOutcome>();
    private readonly KeptLog _log = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task Alert_ArrivesAsASignedCloudEvent()
    {
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync(204);
        using WebhookSender sender = Start(receiver);
        sender.TrySend(Spike);

        WebhookReceiver.Delivery delivery = await receiver.NextAsync();

        Assert.Equal(WebhookOutcome.Delivered, await NextOutcomeAsync());
        byte[] signed = [.. Encoding.ASCII.GetBytes($"{delivery.Id}.{delivery.Timestamp}."), .. delivery.Body];
        using var hmac = new HMACSHA256(Secret);
        Assert.Equal("v1," + Convert.ToBase64String(hmac.ComputeHash(signed)), delivery.Signature);
        Assert.Equal("application/cloudevents+json", delivery.ContentType);
        JsonElement json = JsonDocument.Parse(delivery.Body).RootElement;
        Assert.Equal(("1.0", delivery.Id, "pricingcore.alert.raised"), (Text(json, "specversion"), Text(json, "id"), Text(json, "type")));
        JsonElement data = json.GetProperty("data");
        Assert.Equal(("demand_spike", "zone \"7\"\n", 7.5), (Text(data, "kind"), Text(data, "region_id"), data.GetProperty("value").GetDouble()));
        Assert.Equal("2026-03-04T12:00:00.000Z", Text(data, "started_at"));
        Assert.Equal(JsonValueKind.Null, data.GetProperty("resolved_at").ValueKind);
    }

    [Fact]
    public async Task Alert_IsTriedAgain_AfterErrorsAndSilence_UnderTheSameId()
    {
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync(async (context, number) =>
        {
            context.Response.StatusCode = number switch { 1 => 500, 2 => 429, _ => 200 };
            if (number == 3)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default); // Never answers.
            }
        });
        using WebhookSender sender = Start(receiver, options => options.Timeout = TimeSpan.FromMilliseconds(500));
        sender.TrySend(Spike);

        string[] ids = [(await receiver.NextAsync()).Id, (await receiver.NextAsync()).Id, (await receiver.NextAsync()).Id, (await receiver.NextAsync()).Id];

        Assert.Single(ids.Distinct());
        Assert.Equal(WebhookOutcome.Delivered, await NextOutcomeAsync());
    }

    [Fact]
    public async Task Alert_WaitsTwiceAsLongEachTime_OnTheHostsClock_AndIsGivenUp()
    {
        var time = new HandDrivenTime(Spike.StartedAt);
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync(503);
        using WebhookSender sender = Start(receiver, options => (options.Attempts, options.RetryDelay) = (4, TimeSpan.FromSeconds(10)), time);
        sender.TrySend(Spike);

        var times = new List<long>();
        for (int attempt = 0; attempt < 4; attempt++)
        {
            Task<WebhookReceiver.Delivery> next = receiver.NextAsync();
            while (!next.IsCompleted)
            {
                time.Advance(TimeSpan.FromMilliseconds(attempt == 0 ? 0 : 250));
                await Task.WhenAny(next, Task.Delay(2, Cancellation)); // Lets the sender see it.
            }

            times.Add(long.Parse((await next).Timestamp, System.Globalization.CultureInfo.InvariantCulture));
        }

        Assert.Equal(WebhookOutcome.GivenUp, await NextOutcomeAsync());
        Assert.True(times[1] - times[0] >= 10 && times[2] - times[1] >= 20 && times[3] - times[2] >= 40, string.Join(", ", times));
        Assert.Contains(_log.Lines, line => line.Id == 6_022 && line.Text.Contains("status 503", StringComparison.Ordinal));
        Assert.DoesNotContain(_log.Lines, line => line.Text.Contains("token-in-the-path", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(400)]
    [InlineData(410)]
    public async Task Alert_ThatIsRefusedOrSentElsewhere_IsNotTriedAgain(int status)
    {
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync((context, _) =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = "/elsewhere";
            return Task.CompletedTask;
        });
        using WebhookSender sender = Start(receiver);
        sender.TrySend(Spike);

        Assert.Equal("/hooks/token-in-the-path", (await receiver.NextAsync()).Path);
        Assert.Equal(WebhookOutcome.Refused, await NextOutcomeAsync());
        Assert.True(receiver.IsQuiet);
    }

    [Fact]
    public async Task Stop_WaitsForAReceiverThatNeverAnswers_NoLongerThanItsLimit()
    {
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync((context, _) =>
            Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default));
        using WebhookSender sender = Start(receiver, options => (options.Timeout, options.DrainTimeout, options.Capacity) = (TimeSpan.FromSeconds(60), TimeSpan.FromMilliseconds(300), 2));
        sender.TrySend(Spike);
        await receiver.NextAsync(); // It is on its way, so the queue is empty.
        for (int i = 0; i < 5; i++)
        {
            sender.TrySend(Spike with { Subject = "zone-" + i }); // Two find room.
        }

        Assert.Equal(3, _outcomes.Reader.Count);
        long begin = TimeProvider.System.GetTimestamp();
        await sender.StopAsync(Cancellation).WaitAsync(Patience, Cancellation);

        Assert.InRange(TimeProvider.System.GetElapsedTime(begin), TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(10));
        Assert.Equal(6, _outcomes.Reader.Count);
        Assert.All(Enumerable.Range(0, 6), _ => Assert.True(_outcomes.Reader.TryRead(out WebhookOutcome outcome) && outcome == WebhookOutcome.Dropped));
    }

    [Fact]
    public async Task Stop_GivesWhatWaitsAMoment()
    {
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync(200);
        using WebhookSender sender = Start(receiver, options => options.DrainTimeout = TimeSpan.FromSeconds(30));
        for (int i = 0; i < 20; i++)
        {
            sender.TrySend(Spike with { Subject = "zone-" + i });
        }

        await sender.StopAsync(Cancellation);

        Assert.Equal(20, _outcomes.Reader.Count);
        Assert.All(Enumerable.Range(0, 20), _ => Assert.True(_outcomes.Reader.TryRead(out WebhookOutcome outcome) && outcome == WebhookOutcome.Delivered));
    }

    [Fact]
    public async Task Alert_WhenNobodyListens_IsGivenUp_AndTheLogHidesTheAddress()
    {
        WebhookReceiver receiver = await WebhookReceiver.StartAsync(200);
        using WebhookSender sender = Start(receiver, options => options.Attempts = 2);
        await receiver.DisposeAsync();
        sender.TrySend(Spike);

        Assert.Equal(WebhookOutcome.GivenUp, await NextOutcomeAsync());
        Assert.Contains("ConnectionError", await _log.UntilAsync(6_022), StringComparison.Ordinal);
        Assert.DoesNotContain(_log.Lines, line => line.Text.Contains("token-in-the-path", StringComparison.Ordinal) || line.Text.Contains(Convert.ToBase64String(Secret), StringComparison.Ordinal));
    }

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();

    private async Task<WebhookOutcome> NextOutcomeAsync() => await _outcomes.Reader.ReadAsync(Cancellation).AsTask().WaitAsync(Patience, Cancellation);

    private WebhookSender Start(WebhookReceiver receiver, Action<WebhookOptions>? change = null, TimeProvider? time = null)
    {
        var options = new WebhookOptions { Url = receiver.Url, RetryDelay = TimeSpan.FromMilliseconds(100), Secret = Secret };
        change?.Invoke(options);
        Assert.Empty(options.Validate());
        var sender = new WebhookSender("default", options, time ?? TimeProvider.System, _log, outcome => _outcomes.Writer.TryWrite(outcome));
        sender.Start();
        return sender;
    }
}
