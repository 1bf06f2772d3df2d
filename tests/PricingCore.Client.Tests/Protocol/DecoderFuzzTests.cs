using System.Buffers;
using System.Diagnostics;
using PricingCore.Events;
using PricingCore.Protocol;

namespace PricingCore.Client.Tests.Protocol;

/// <summary>
/// Goal: no bytes make a decoder throw, read beyond its body, or allocate more than was sent.
/// Method: more than a million frames of every kind, whole ones with bits flipped, bytes replaced, pieces cut, doubled or moved, in one
/// segment and in two; every decoder reads every body. Seen to fail, within a few thousand mutations, while RemoteQuote.IsLegal did not look at refused prices.
/// </summary>
public sealed class DecoderFuzzTests
{
    private const int Mutations = 1_200_000;
    private const int MaxFrameBytes = 65_536;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public void Decoders_TakeAnyBytes()
    {
        byte[][] seeds = Seeds();
        var draw = new Random(20_260_304);
        byte[] buffer = new byte[4_096];
        long begin = Stopwatch.GetTimestamp();
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        long sent = 0;
        int complete = 0;
        for (int i = 0; i < Mutations; i++)
        {
            int length = Mutate(seeds[i % seeds.Length], buffer, draw);
            sent += length;
            complete += Decode(buffer.AsMemory(0, length), draw.Next(length + 1)) ? 1 : 0;
        }

        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        Assert.True(complete > Mutations / 10, $"Only {complete} of {Mutations} mutations were whole frames: the rest never reached a decoder.");
        // Texts are UTF-16 with a header, each decoder reads every body, and a split frame has a segment object: bounded by what came in.
        Assert.True(allocated < (40 * sent) + (600L * Mutations), $"{allocated:N0} bytes for {sent:N0} bytes sent.");
        Assert.True(Stopwatch.GetElapsedTime(begin) < Limit, $"Took {Stopwatch.GetElapsedTime(begin)}.");
    }

    [Fact]
    public void ClaimedLengths_AreRefusedBeforeAnythingIsKept()
    {
        byte[] head = [0xFF, 0xFF, 0xFF, 0x7F];
        Assert.Equal(FrameStatus.TooLong, FrameHeader.TryRead(head, MaxFrameBytes, out _));
        Assert.Equal(FrameStatus.TooLong, FrameHeader.TryRead([0xFF, 0xFF, 0xFF, 0xFF], int.MaxValue, out _));
        Assert.Equal(FrameStatus.Malformed, FrameHeader.TryRead([7, 0, 0, 0], MaxFrameBytes, out _));
        Assert.Equal(FrameStatus.Incomplete, FrameHeader.TryRead([8, 0, 0], MaxFrameBytes, out _));
        Assert.Equal(FrameStatus.TooLong, FrameHeader.TryRead("GET / HTTP/1.1\r\n"u8, MaxFrameBytes, out _));
    }

    private static bool Decode(ReadOnlyMemory<byte> bytes, int cut)
    {
        ReadOnlySequence<byte> buffer = cut == 0 || cut == bytes.Length ? new ReadOnlySequence<byte>(bytes) : Split(bytes, cut);
        if (FrameHeader.TryTake(ref buffer, MaxFrameBytes, out FrameHeader header, out ReadOnlySequence<byte> body) != FrameStatus.Complete)
        {
            return false;
        }

        ReadOnlySpan<byte> span = body.IsSingleSegment ? body.FirstSpan : body.ToArray();
        Assert.Equal(header.BodyLength, span.Length);
        HelloBody.TryRead(span, out _);
        WelcomeBody.TryRead(span, out _);
        ErrorBody.TryRead(span, out _);
        QuoteBody.TryRead(span, out _);
        QuotedBody.TryRead(span, out _);
        var reader = new BodyReader(span);
        while (EventEntry.TryRead(ref reader, out MarketEvent e, out _, out _))
        {
            _ = e.OccurredAt;
        }

        for (int at = 0; at + ChangeEntry.Size <= span.Length; at += ChangeEntry.Size)
        {
            PriceEntry price = ChangeEntry.Read(span[at..]).Price;
            if (RemoteQuote.IsLegal(price))
            {
                var quote = new RemoteQuote(default, price, null);
                _ = (quote.Price, quote.BasePrice, quote.Multiplier, price.Refusal == Quotes.QuoteRefusal.None ? quote.ValidUntil : default);
            }
        }

        return true;
    }

    private static int Mutate(byte[] seed, byte[] buffer, Random draw)
    {
        seed.CopyTo(buffer, 0);
        int length = seed.Length;
        for (int changes = draw.Next(1, 5); changes > 0; changes--)
        {
            int at = draw.Next(length);
            switch (draw.Next(5))
            {
                case 0:
                    buffer[at] ^= (byte)(1 << draw.Next(8));
                    break;
                case 1:
                    buffer[at] = (byte)draw.Next(256);
                    break;
                case 2:
                    length = Math.Max(1, at);
                    break;
                case 3:
                    int count = Math.Min(draw.Next(1, 32), Math.Min(length - at, buffer.Length - length));
                    buffer.AsSpan(at, count).CopyTo(buffer.AsSpan(length));
                    length += count;
                    break;
                default:
                    buffer.AsSpan(at, Math.Min(4, length - at)).Fill((byte)(draw.Next(2) * 255));
                    break;
            }
        }

        if (length >= 4 && draw.Next(4) != 0)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(buffer, length - 4); // Else most would not get past the length.
        }

        return length;
    }

    private static byte[][] Seeds()
    {
        byte[] body = new byte[4_000];
        var welcome = new AspNetCore.Binary.BinaryProtocolOptions().Welcome(ProtocolFeatures.Subscriptions);
        welcome.Write(body);
        byte[] welcomeFrame = RawConnection.Frame(FrameKind.Welcome, 0, 1, body.AsSpan(0, WelcomeBody.Size));
        int error = new ErrorBody(ProtocolErrorCode.RateLimited, 250, "slow down").Write(body);
        byte[] errorFrame = RawConnection.Frame(FrameKind.Error, 0, 9, body.AsSpan(0, error));
        int quote = new QuoteBody(new LaneEntry(0, 1, -1), "request", "user", "trace").Write(body);
        byte[] quoteFrame = RawConnection.Frame(FrameKind.Quote, 0, 3, body.AsSpan(0, quote));
        int quoted = (QuotedBody.Of(Quotes.QuoteRefusal.None) with { ModelVersion = "v1", RulesVersion = "r1" }).Write(body);
        byte[] quotedFrame = RawConnection.Frame(FrameKind.Quoted, 0, 3, body.AsSpan(0, quoted));
        var at = new DateTimeOffset(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);
        int events = EventEntry.Write(body, MarketEvent.Booking("", at, "user") with { IdempotencyKey = "key" }, 0, -1);
        events += EventEntry.Write(body.AsSpan(events), MarketEvent.Weather("", at, EventValues.Weather(1, 2, 3, 4)), 1, -1);
        byte[] publishFrame = RawConnection.Frame(FrameKind.Publish, 2, 4, body.AsSpan(0, events));
        new ChangeEntry(1, new PriceEntry { MinorUnits = 1_200, MultiplierSteps = 10_000, PackedCurrency = 4_725 }).Write(body);
        byte[] pricesFrame = RawConnection.Frame(FrameKind.Prices, 1, 5, body.AsSpan(0, ChangeEntry.Size));
        return
        [
            RawConnection.Hello("secret"), welcomeFrame, errorFrame, quoteFrame, quotedFrame, publishFrame, pricesFrame,
            RawConnection.Names(0, "airport", "standard"), RawConnection.Batch(7, (0, 1), (1, 1)),
        ];
    }

    private static ReadOnlySequence<byte> Split(ReadOnlyMemory<byte> bytes, int cut)
    {
        var first = new Segment(bytes[..cut]);
        Segment second = first.Append(bytes[cut..]);
        return new ReadOnlySequence<byte>(first, 0, second, bytes.Length - cut);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory) => Memory = memory;

        public Segment Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory) { RunningIndex = RunningIndex + Memory.Length };
            Next = next;
            return next;
        }
    }
}
