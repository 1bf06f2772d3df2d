using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using PricingCore.Client;
using PricingCore.Quotes;
using PricingCore.Tests;

namespace PricingCore.Sidecar.Tests.Caps;

/// <summary>
/// Goal: no request sees a price above its cap, whatever is published meanwhile: a price is within the cap of the rules that it names, and once the service has answered that
/// rules are in force, no request that is sent after that is priced by those before.
/// Method: a sidecar; one client publishes rule sets with ever other caps and emergency caps as fast as they are answered, one pours in events, and five ask for prices: singly and
/// in batches, over HTTP and the binary protocol.
/// Control: with <c>_book.InvalidateAll()</c> taken out of <c>DecisionMaker.Use</c> (the rules change and the decisions stay) all readers fail.
/// </summary>
public sealed class CapsOverTheWireTests : IDisposable
{
    private const int RuleSets = 120;
    private const int Batch = 20;
    private const long BaseMinorUnits = 1_735;
    private const string Question = """{"region_id":"REGION","base_price":17.35,"currency":"USD"}""";

    private readonly ScratchFolder _folder = new();
    private readonly CapBoard _board = new(RuleSets, Random.Shared.Next());
    private volatile bool _isOver;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Prices_AreNeverAboveTheCap_WhileRulesChange()
    {
        File.WriteAllText(_folder.At("pricing.json"), """{"Engine":{"MaxRegions":64,"MaxUnits":4096,"MaxSessions":4096,"UserEventsPerMinute":0},"Security":{"TotalRequestsPerSecond":0}}""");
        await using RunningSidecar sidecar = await RunningSidecar.StartAsync(
            "--config", _folder.At("pricing.json"), "--data", _folder.At("data"), "--listen", "http://127.0.0.1:0", "--listen", "binary://127.0.0.1:0", "--admin", "http://127.0.0.1:0");
        using var client = new HttpClient { BaseAddress = new Uri(sidecar.Urls[0]) };
        using var operators = new HttpClient { BaseAddress = new Uri(sidecar.Urls[2]) };
        await using var binary = new PricingClient(new PricingClientOptions { EndPoint = new IPEndPoint(IPAddress.Loopback, new Uri(sidecar.Urls[1]).Port) });
        var firstInForce = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task publishing = Task.Run(async () =>
        {
            try
            {
                await _board.PublishAsync(async json =>
                {
                    using HttpResponseMessage answer = await operators.PutAsync("/api/v1/admin/rules", new StringContent(json, Encoding.UTF8, "application/json"), Cancellation);
                    Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync(Cancellation));
                    firstInForce.TrySetResult();
                });
            }
            finally
            {
                _isOver = true;
                firstInForce.TrySetResult();
            }
        });
        await firstInForce.Task;
        int[] asked = await Task.WhenAll(
            UntilOverAsync(number => AskAsync(client, number)),
            UntilOverAsync(number => AskAsync(client, number)),
            UntilOverAsync(_ => AskBatchAsync(client)),
            UntilOverAsync(number => AskAsync(binary, number)),
            UntilOverAsync(_ => AskBatchAsync(binary)),
            UntilOverAsync(number => PourAsync(client, number)));
        await publishing;
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(", ", asked));
        Assert.All(asked, count => Assert.True(count >= 10, $"Only {string.Join(", ", asked)} requests."));
    }

    private async Task<int> UntilOverAsync(Func<int, Task> ask)
    {
        int count = 0;
        try
        {
            for (; !_isOver; count++)
            {
                await Task.Run(() => ask(count), Cancellation);
            }
        }
        finally
        {
            _isOver = true;
        }

        return count;
    }

    private async Task AskAsync(HttpClient client, int number)
    {
        int before = _board.Answered;
        JsonElement price = await PostAsync(client, "/api/v1/pricing/compute", Question.Replace("REGION", RegionOf(number), StringComparison.Ordinal));
        Check(price, before);
    }

    private async Task AskBatchAsync(HttpClient client)
    {
        int before = _board.Answered;
        string requests = string.Join(',', Enumerable.Range(0, Batch).Select(number => Question.Replace("REGION", RegionOf(number), StringComparison.Ordinal)));
        JsonElement answer = await PostAsync(client, "/api/v1/pricing/compute/batch", $$"""{"requests":[{{requests}}]}""");
        Assert.Equal(Batch, answer.GetProperty("results").GetArrayLength());
        foreach (JsonElement price in answer.GetProperty("results").EnumerateArray())
        {
            Check(price, before);
        }
    }

    private void Check(JsonElement price, int before) => _board.Check(
        price.GetProperty("rules_version").GetString()!, before, (long)(100 * price.GetProperty("base_price").GetDecimal()), (long)(100 * price.GetProperty("price").GetDecimal()));

    private async Task AskAsync(PricingClient client, int number)
    {
        int before = _board.Answered;
        RemoteQuote quote = await client.QuoteAsync(new QuoteRequest(RegionOf(number)) { BaseMinorUnits = BaseMinorUnits }, Cancellation);
        Assert.Equal(QuoteRefusal.None, quote.Refusal);
        _board.Check(quote.Details!.RulesVersion, before, BaseMinorUnits, quote.Price.MinorUnits);
    }

    private async Task AskBatchAsync(PricingClient client)
    {
        int before = _board.Answered;
        var quotes = new RemoteQuote[Batch];
        await client.QuoteAsync(Enumerable.Range(0, Batch).Select(number => new QuoteRequest(RegionOf(number)) { BaseMinorUnits = BaseMinorUnits }).ToArray(), quotes, Cancellation);
        foreach (RemoteQuote quote in quotes)
        {
            Assert.Equal(QuoteRefusal.None, quote.Refusal);
            _board.Check(before, BaseMinorUnits, quote.Price.MinorUnits);
        }
    }

    private static async Task PourAsync(HttpClient client, int number)
    {
        string now = DateTimeOffset.UtcNow.ToString("O", CultureInfo.InvariantCulture);
        string lines = string.Join('\n', Enumerable.Range(0, 50).Select(i => $$"""{"type":"booking","region_id":"{{RegionOf(number + i)}}","occurred_at":"{{now}}","user_id":"u-{{i}}"}"""));
        using HttpResponseMessage answer = await client.PostAsync("/api/v1/events", new StringContent(lines, Encoding.UTF8, "application/x-ndjson"), Cancellation);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
    }

    private static async Task<JsonElement> PostAsync(HttpClient client, string path, string json)
    {
        using HttpResponseMessage answer = await client.PostAsync(path, new StringContent(json, Encoding.UTF8, "application/json"), Cancellation);
        string text = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, text);
        using JsonDocument document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    private static string RegionOf(int number) => string.Create(CultureInfo.InvariantCulture, $"region-{number % 12}");
}
