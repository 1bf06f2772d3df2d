using System.Buffers;
using System.Text;
using PricingCore.AspNetCore.Compute;
using PricingCore.Quotes;
using PricingCore.Surge;

namespace PricingCore.AspNetCore.Tests.Compute;

/// <summary>
/// Goal: a decision is never answered with the text of another, whole or in part, and a renewed text takes no new memory.
/// Method: one place, and two decisions that take turns there.
/// Control: without the second look at the stamp <see cref="TwoDecisions_WrittenAndReadAtOnce_AreNeverMixed"/> fails at once.
/// </summary>
public sealed class DecisionTextTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Replace_WithTheNextDecision_ForgetsTheOneBefore()
    {
        (SurgeDecision first, SurgeDecision second) = await TwoDecisionsAsync();
        var place = new DecisionText();
        Assert.Null(Read(place, first));

        place.Replace(first, "a long text"u8);
        Assert.Equal("a long text", Read(place, first));
        Assert.Null(Read(place, second));

        place.Replace(second, "a short"u8);
        Assert.Equal("a short", Read(place, second));
        Assert.Null(Read(place, first));

        place.Replace(first, [.. Enumerable.Repeat((byte)'x', 5_000)]);
        Assert.Equal(new string('x', 5_000), Read(place, first));
    }

    [Fact]
    public async Task Replace_WithATextOfAboutTheSameLength_AllocatesNothing()
    {
        (SurgeDecision first, SurgeDecision second) = await TwoDecisionsAsync();
        var place = new DecisionText();
        byte[] text = new byte[860];
        place.Replace(first, text.AsSpan(0, 800));
        long before = GC.GetAllocatedBytesForCurrentThread();

        for (int i = 0; i < 1_000; i++)
        {
            place.Replace((i & 1) == 0 ? second : first, text.AsSpan(0, 800 + (i % 60)));
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public async Task TwoDecisions_WrittenAndReadAtOnce_AreNeverMixed()
    {
        const int Rounds = 300_000;
        (SurgeDecision first, SurgeDecision second) = await TwoDecisionsAsync();
        byte[] texts = [.. Enumerable.Repeat((byte)1, 900), .. Enumerable.Repeat((byte)2, 700)];
        var place = new DecisionText();
        int copies = 0;

        Task[] threads = [.. Enumerable.Range(0, 3).Select(number => Task.Factory.StartNew(
            () =>
            {
                var copy = new ArrayBufferWriter<byte>(1_024);
                for (int round = number; round < Rounds; round++)
                {
                    bool isFirst = (round & 2) == 0;
                    ReadOnlySpan<byte> text = isFirst ? texts.AsSpan(0, 900) : texts.AsSpan(900);
                    SurgeDecision decision = isFirst ? first : second;
                    copy.ResetWrittenCount();
                    if (place.TryCopy(decision, copy))
                    {
                        Assert.True(copy.WrittenSpan.SequenceEqual(text), "A text of which some was another's.");
                        Interlocked.Increment(ref copies);
                    }
                    else
                    {
                        Assert.Equal(0, copy.WrittenCount);
                        place.Replace(decision, text);
                    }
                }
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default))];

        await Task.WhenAll(threads).WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.True(copies > Rounds / 10, $"Only {copies} texts were there to be read.");
    }

    private static string? Read(DecisionText place, SurgeDecision decision)
    {
        var copy = new ArrayBufferWriter<byte>();
        return place.TryCopy(decision, copy) ? Encoding.UTF8.GetString(copy.WrittenSpan) : null;
    }

    private static async Task<(SurgeDecision First, SurgeDecision Second)> TwoDecisionsAsync()
    {
        await using PricingServer server = await PricingServer.StartAsync();
        return ((await server.Engine.QuoteAsync(new QuoteRequest("a"))).Decision, (await server.Engine.QuoteAsync(new QuoteRequest("b"))).Decision);
    }
}
