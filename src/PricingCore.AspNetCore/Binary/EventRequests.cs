using System.Buffers;
using PricingCore.AspNetCore.Diagnostics;
using PricingCore.Events;
using PricingCore.Protocol;

namespace PricingCore.AspNetCore.Binary;

/// <summary>Takes events, and answers when they are in the features: durable, where the engine's journal is.</summary>
/// <threadsafety>One thread: the connection's reader, with the output's gate.</threadsafety>
internal sealed class EventRequests(PricingEngine engine, ConnectionNames names, ConnectionOutput output)
{
    /// <summary>Reads a batch of events and begins to publish it.</summary>
    public ProtocolErrorCode Publish(in FrameHeader header, ReadOnlySpan<byte> body)
    {
        if (body.Length < header.Count * EventEntry.LeastSize)
        {
            return ProtocolErrorCode.Malformed; // Before room is made for as many as the header claims.
        }

        MarketEvent[] events = ArrayPool<MarketEvent>.Shared.Rent(header.Count);
        ProtocolErrorCode code = TryRead(body, events.AsSpan(0, header.Count));
        if (code != ProtocolErrorCode.None)
        {
            ArrayPool<MarketEvent>.Shared.Return(events, clearArray: true);
            return code;
        }

        ServiceMeters.CountEvents(header.Count);
        output.Begin(header.Count);
        _ = PublishAsync(events, header.Count, header.Correlation);
        return ProtocolErrorCode.None;
    }

    private ProtocolErrorCode TryRead(ReadOnlySpan<byte> body, Span<MarketEvent> events)
    {
        var reader = new BodyReader(body);
        for (int i = 0; i < events.Length; i++)
        {
            if (!EventEntry.TryRead(ref reader, out MarketEvent e, out int region, out int product))
            {
                return ProtocolErrorCode.Malformed;
            }

            if (!names.TryGet(region, out string? regionId) || !names.TryGet(product, out string? productType))
            {
                return ProtocolErrorCode.UnknownName;
            }

            events[i] = e with { RegionId = regionId!, ProductType = productType };
        }

        return reader.Remaining == 0 ? ProtocolErrorCode.None : ProtocolErrorCode.Malformed;
    }

    private async Task PublishAsync(MarketEvent[] events, int count, uint correlation)
    {
        Rejection[] outcomes = ArrayPool<Rejection>.Shared.Rent(count);
        try
        {
            await engine.PublishAsync(events.AsMemory(0, count), outcomes.AsMemory(0, count)).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Nobody awaits this: what fails must still be answered.
        catch (Exception)
#pragma warning restore CA1031
        {
            Array.Fill(outcomes, Rejection.Stopped, 0, count);
        }

        byte[] frame = ArrayPool<byte>.Shared.Rent(FrameHeader.Size + sizeof(int) + (count * RejectionEntry.Size));
        int length = Write(frame, outcomes.AsSpan(0, count), correlation);
        ArrayPool<MarketEvent>.Shared.Return(events, clearArray: true);
        ArrayPool<Rejection>.Shared.Return(outcomes);
        output.Complete(frame, length, count);
    }

    private static int Write(Span<byte> frame, ReadOnlySpan<Rejection> outcomes, uint correlation)
    {
        int rejected = 0;
        Span<byte> body = frame[FrameHeader.Size..];
        for (int i = 0; i < outcomes.Length; i++)
        {
            if (outcomes[i] != Rejection.None)
            {
                new RejectionEntry(i, outcomes[i]).Write(body[(sizeof(int) + (rejected++ * RejectionEntry.Size))..]);
            }
        }

        System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(body, outcomes.Length - rejected);
        int length = sizeof(int) + (rejected * RejectionEntry.Size);
        ConnectionOutput.WriteHeader(frame, FrameKind.Published, rejected, correlation, length);
        return FrameHeader.Size + length;
    }
}
