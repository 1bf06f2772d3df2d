using System.IO.Pipelines;
using PricingCore.AspNetCore.Binary;
using PricingCore.Protocol;
using PricingCore.Quotes;
using PricingCore.Rules;

namespace PricingCore.Client.Tests.Server;

/// <summary>
/// Goal: a batch out of the book says what a quote from the engine says, whatever its rules, currencies and base prices, and allocates nothing.
/// Method: the server's own code between two ends of a pipe.
/// </summary>
public sealed class QuoteBatchTests : IAsyncDisposable
{
    private const string Rules = """
        {"rules":[{"region_id":"*","product_type":"*","base_price":12.00,"currency":"USD"},
                  {"region_id":"zone-3","product_type":"*","base_price":1200,"currency":"JPY"},
                  {"region_id":"zone-5","product_type":"xl","base_price":3.500,"currency":"KWD"}]}
        """;

    private const int Regions = 16;
    private static readonly string[] Products = ["standard", "xl"];

    private readonly PricingEngine _engine;
    private readonly Pipe _pipe = new(new PipeOptions(pauseWriterThreshold: 0, useSynchronizationContext: false));
    private readonly ConnectionOutput _output;
    private readonly QuoteRequests _quotes;

    public QuoteBatchTests()
    {
        _engine = PricingEngine.Start(new PricingOptions { Rules = RuleSet.Parse(Rules), DecisionValidity = TimeSpan.FromHours(1), MaxRegions = 64 });
        _output = new ConnectionOutput(_pipe.Writer, TimeProvider.System);
        var names = new ConnectionNames(_engine, capacity: 64);
        byte[] body = new byte[1_024];
        var writer = new BodyWriter(body);
        writer.Write(0);
        string[] all = [.. Products, .. Enumerable.Range(0, Regions).Select(NameOf)];
        foreach (string name in all)
        {
            writer.WriteText(name);
        }

        Assert.True(names.TryAdd(body.AsSpan(0, writer.Length), all.Length));
        _quotes = new QuoteRequests(_engine, names, _output, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        _output.Dispose();
        await _engine.DisposeAsync();
    }

    [Theory]
    [InlineData(ProtocolConstants.NotGiven)]
    [InlineData(1_200)]
    [InlineData(999)]
    public async Task Batch_SaysWhatTheEngineSays(long baseMinorUnits)
    {
        await DecideAllAsync();
        PriceEntry[] answered = Ask(baseMinorUnits);

        for (int i = 0; i < answered.Length; i++)
        {
            var request = new QuoteRequest(NameOf(i / Products.Length), Products[i % Products.Length]) { BaseMinorUnits = baseMinorUnits < 0 ? null : baseMinorUnits };
            Assert.True(_engine.TryQuote(request, out Quote quote));
            PriceEntry expected = QuotedBody.Of(quote).Price;
            Assert.Equal(expected with { ValidUntilMicros = 0 }, answered[i] with { ValidUntilMicros = 0 });
            Assert.InRange(expected.ValidUntilMicros - answered[i].ValidUntilMicros, 0, 60_000_000); // Asked a moment later.
        }
    }

    [Fact]
    public async Task Batch_OutOfTheBook_AllocatesNothing()
    {
        const int Batches = 1_000;
        await DecideAllAsync();
        byte[] body = BodyOf(ProtocolConstants.NotGiven);
        long least = long.MaxValue;
        for (int round = 0; round < 5; round++) // The least counts: a runtime that compiles meanwhile allocates, too.
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < Batches; i++)
            {
                Answer(body);
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    private static string NameOf(int region) => $"zone-{region}";

    private static byte[] BodyOf(long baseMinorUnits)
    {
        byte[] body = new byte[Regions * Products.Length * LaneEntry.Size];
        for (int i = 0; i < Regions * Products.Length; i++)
        {
            new LaneEntry(Products.Length + (i / Products.Length), i % Products.Length, baseMinorUnits).Write(body.AsSpan(i * LaneEntry.Size));
        }

        return body;
    }

    private async Task DecideAllAsync()
    {
        foreach ((string region, string product) in Enumerable.Range(0, Regions).SelectMany(region => Products.Select(product => (NameOf(region), product))))
        {
            await _engine.QuoteAsync(new QuoteRequest(region, product), TestContext.Current.CancellationToken);
        }
    }

    private PriceEntry[] Ask(long baseMinorUnits)
    {
        var prices = new PriceEntry[Regions * Products.Length];
        Answer(BodyOf(baseMinorUnits), frame =>
        {
            for (int i = 0; i < prices.Length; i++)
            {
                prices[i] = PriceEntry.Read(frame.AsSpan(FrameHeader.Size + (i * PriceEntry.Size)));
            }
        });
        return prices;
    }

    private void Answer(byte[] body, Action<byte[]>? look = null)
    {
        var header = new FrameHeader(FrameKind.QuoteBatch, Regions * Products.Length, 7, body.Length);
        ReadResult answer = default;
        if (_quotes.AnswerBatch(header, body) != ProtocolErrorCode.None || !TryFlush() || !_pipe.Reader.TryRead(out answer))
        {
            Assert.Fail("There is no answer."); // Other assertions allocate.
        }

        look?.Invoke(System.Buffers.BuffersExtensions.ToArray(answer.Buffer));
        _pipe.Reader.AdvanceTo(answer.Buffer.End);
    }

    private bool TryFlush()
    {
        ValueTask<FlushResult> flush = _pipe.Writer.FlushAsync(CancellationToken.None);
        return flush.IsCompletedSuccessfully && !flush.Result.IsCanceled;
    }
}
