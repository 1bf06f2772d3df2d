using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using PricingCore.Events;
using PricingCore.Protocol;
using PricingCore.Quotes;

namespace PricingCore.Client;

/// <summary>Asks for many quotes.</summary>
internal sealed class QuoteBatchCall(ReadOnlyMemory<QuoteRequest> requests, Memory<RemoteQuote> quotes) : Call
{
    public override int Items => requests.Length;

    public override void Write(PipeWriter output, NameNumbers names, in WelcomeBody limits)
    {
        int length = requests.Length * LaneEntry.Size;
        byte[] lanes = ArrayPool<byte>.Shared.Rent(length); // Names go out ahead of the frame that uses them.
        try
        {
            ReadOnlySpan<QuoteRequest> asked = requests.Span;
            for (int i = 0; i < asked.Length; i++)
            {
                ref readonly QuoteRequest request = ref asked[i];
                new LaneEntry(names.Of(request.RegionId), names.Of(request.ProductType), BaseOf(request)).Write(lanes.AsSpan(i * LaneEntry.Size));
            }

            Span<byte> frame = output.GetSpan(FrameHeader.Size + length);
            lanes.AsSpan(0, length).CopyTo(frame[FrameHeader.Size..]);
            WriteFrame(output, FrameKind.QuoteBatch, requests.Length, length, frame);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(lanes);
        }
    }

    /// <summary>A base price as it is sent: one below 0, which the engine refuses, must not become "not given".</summary>
    internal static long BaseOf(in QuoteRequest request) => request.BaseMinorUnits switch
    {
        null => ProtocolConstants.NotGiven,
        < 0 => long.MinValue,
        { } given => given,
    };

    protected override bool TryTake(in FrameHeader header, ReadOnlySpan<byte> body)
    {
        if (header.Kind != FrameKind.QuotedBatch || header.Count != quotes.Length || body.Length != header.Count * PriceEntry.Size)
        {
            return false;
        }

        Span<RemoteQuote> answers = quotes.Span;
        ReadOnlySpan<QuoteRequest> asked = requests.Span;
        for (int i = 0; i < answers.Length; i++)
        {
            PriceEntry entry = PriceEntry.Read(body[(i * PriceEntry.Size)..]);
            if (!RemoteQuote.IsLegal(entry))
            {
                return false;
            }

            answers[i] = new RemoteQuote(asked[i], entry, details: null);
        }

        return true;
    }
}

/// <summary>Asks for one quote.</summary>
internal sealed class QuoteCall(QuoteRequest request) : Call
{
    public RemoteQuote Quote { get; private set; }

    public override void Write(PipeWriter output, NameNumbers names, in WelcomeBody limits)
    {
        var lane = new LaneEntry(names.Of(request.RegionId), names.Of(request.ProductType), QuoteBatchCall.BaseOf(request));
        var body = new QuoteBody(lane, request.RequestId, request.UserId, request.TraceId);
        Span<byte> frame = output.GetSpan(FrameHeader.Size + body.MaxBytes);
        WriteFrame(output, FrameKind.Quote, 0, body.Write(frame[FrameHeader.Size..]), frame);
    }

    protected override bool TryTake(in FrameHeader header, ReadOnlySpan<byte> body)
    {
        if (header.Kind != FrameKind.Quoted || !QuotedBody.TryRead(body, out QuotedBody quoted) || !RemoteQuote.IsLegal(quoted.Price))
        {
            return false;
        }

        Quote = new RemoteQuote(request, quoted.Price, quoted.Price.Refusal == QuoteRefusal.None ? QuoteDetails.Of(quoted) : null);
        return true;
    }
}

/// <summary>Publishes events.</summary>
internal sealed class PublishCall(ReadOnlyMemory<MarketEvent> events, Memory<Rejection> outcomes) : Call
{
    public override int Items => events.Length;

    /// <summary>The most bytes that an event takes.</summary>
    public static int MaxBytesOf(in MarketEvent e) =>
        EventEntry.LeastSize + 20 + MaxBytesOf(e.UserId) + MaxBytesOf(e.UnitId) + MaxBytesOf(e.IdempotencyKey);

    public override void Write(PipeWriter output, NameNumbers names, in WelcomeBody limits)
    {
        int most = 0;
        foreach (ref readonly MarketEvent e in events.Span)
        {
            names.Of(e.RegionId); // Ahead of the frame.
            names.Of(e.ProductType);
            most += MaxBytesOf(e);
        }

        Span<byte> frame = output.GetSpan(FrameHeader.Size + most);
        int length = 0;
        foreach (ref readonly MarketEvent e in events.Span)
        {
            length += EventEntry.Write(frame[(FrameHeader.Size + length)..], e, names.Of(e.RegionId), names.Of(e.ProductType));
        }

        WriteFrame(output, FrameKind.Publish, events.Length, length, frame);
    }

    protected override bool TryTake(in FrameHeader header, ReadOnlySpan<byte> body)
    {
        if (header.Kind != FrameKind.Published || body.Length != sizeof(int) + (header.Count * RejectionEntry.Size)
            || BinaryPrimitives.ReadInt32LittleEndian(body) != outcomes.Length - header.Count)
        {
            return false;
        }

        Span<Rejection> results = outcomes.Span;
        results.Clear();
        for (int i = 0; i < header.Count; i++)
        {
            RejectionEntry entry = RejectionEntry.Read(body[(sizeof(int) + (i * RejectionEntry.Size))..]);
            if (entry.Index >= results.Length)
            {
                return false;
            }

            results[entry.Index] = entry.Reason;
        }

        return true;
    }

    private static int MaxBytesOf(string? id) => id is null ? 0 : BodyWriter.MaxTextBytes(id);
}

/// <summary>Asks whether the server is there.</summary>
internal sealed class PingCall(long token) : Call
{
    public override void Write(PipeWriter output, NameNumbers names, in WelcomeBody limits)
    {
        Span<byte> frame = output.GetSpan(FrameHeader.Size + sizeof(long));
        BinaryPrimitives.WriteInt64LittleEndian(frame[FrameHeader.Size..], token);
        WriteFrame(output, FrameKind.Ping, 0, sizeof(long), frame);
    }

    protected override bool TryTake(in FrameHeader header, ReadOnlySpan<byte> body) =>
        header.Kind == FrameKind.Pong && body.Length == sizeof(long) && BinaryPrimitives.ReadInt64LittleEndian(body) == token;
}

/// <summary>Begins a subscription.</summary>
internal sealed class SubscribeCall(PriceSubscription subscription) : Call
{
    public PriceSubscription Subscription => subscription;

    public override void Write(PipeWriter output, NameNumbers names, in WelcomeBody limits)
    {
        IReadOnlyList<QuoteRequest> lanes = subscription.Lanes;
        foreach (QuoteRequest lane in lanes)
        {
            names.Of(lane.RegionId);
            names.Of(lane.ProductType);
        }

        int length = lanes.Count * LaneEntry.Size;
        Span<byte> frame = output.GetSpan(FrameHeader.Size + length);
        for (int i = 0; i < lanes.Count; i++)
        {
            new LaneEntry(names.Of(lanes[i].RegionId), names.Of(lanes[i].ProductType), ProtocolConstants.NotGiven)
                .Write(frame[(FrameHeader.Size + (i * LaneEntry.Size))..]);
        }

        WriteFrame(output, FrameKind.Subscribe, lanes.Count, length, frame);
    }

    protected override bool TryTake(in FrameHeader header, ReadOnlySpan<byte> body) => header.Kind == FrameKind.Subscribed;
}

/// <summary>Ends a subscription.</summary>
internal sealed class UnsubscribeCall(uint subscription) : Call
{
    public override void Write(PipeWriter output, NameNumbers names, in WelcomeBody limits)
    {
        Span<byte> frame = output.GetSpan(FrameHeader.Size + sizeof(uint));
        BinaryPrimitives.WriteUInt32LittleEndian(frame[FrameHeader.Size..], subscription);
        WriteFrame(output, FrameKind.Unsubscribe, 0, sizeof(uint), frame);
    }

    protected override bool TryTake(in FrameHeader header, ReadOnlySpan<byte> body) => header.Kind == FrameKind.Unsubscribed;
}
