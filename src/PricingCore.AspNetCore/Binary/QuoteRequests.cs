using System.Buffers;
using PricingCore.AspNetCore.Diagnostics;
using PricingCore.Protocol;
using PricingCore.Quotes;
using PricingCore.Rules;

namespace PricingCore.AspNetCore.Binary;

/// <summary>Answers quotes: from the book in place, and what the book does not have later, without holding up the frames behind.</summary>
/// <threadsafety>One thread: the connection's reader, with the output's gate.</threadsafety>
internal sealed class QuoteRequests(PricingEngine engine, ConnectionNames names, ConnectionOutput output, CancellationToken closed)
{
    private PricingRule? _lastRule;
    private ushort _lastCurrency;

    /// <summary>Answers a batch.</summary>
    public ProtocolErrorCode AnswerBatch(in FrameHeader header, ReadOnlySpan<byte> body)
    {
        int length = FrameHeader.Size + (header.Count * PriceEntry.Size);
        Span<byte> frame = output.Writer.GetSpan(length)[..length];
        ConnectionOutput.WriteHeader(frame, FrameKind.QuotedBatch, header.Count, header.Correlation, length - FrameHeader.Size);
        Span<byte> entries = frame[FrameHeader.Size..];
        List<(int Index, QuoteRequest Request)>? cold = null;
        bool isOpen = engine.IsBookOpen;
        long now = engine.ClockMicros;
        for (int i = 0; i < header.Count; i++)
        {
            LaneEntry lane = LaneEntry.Read(body[(i * LaneEntry.Size)..]);
            int region = names.RegionOf(lane.Region);
            int product = names.ProductOf(lane.Product);
            if (isOpen && (region | product) >= 0 && lane.BaseMinorUnits >= ProtocolConstants.NotGiven
                && engine.TryReadBook(region, product, lane.BaseMinorUnits, now, out BookPrice price))
            {
                Write(entries[(i * PriceEntry.Size)..], price);
                continue;
            }

            if (!TryMakeRequest(lane, out QuoteRequest request))
            {
                return ProtocolErrorCode.UnknownName; // Nothing was advanced: the frame that was begun is gone.
            }

            (cold ??= []).Add((i, request));
        }

        ServiceMeters.CountQuotes(header.Count);
        if (cold is null)
        {
            output.Writer.Advance(length);
        }
        else
        {
            byte[] kept = ArrayPool<byte>.Shared.Rent(length);
            frame.CopyTo(kept);
            output.Begin(header.Count);
            _ = AnswerColdAsync(kept, length, header.Count, cold);
        }

        return ProtocolErrorCode.None;
    }

    /// <summary>Answers one quote, with what led to it.</summary>
    public ProtocolErrorCode AnswerOne(in FrameHeader header, ReadOnlySpan<byte> body)
    {
        if (!QuoteBody.TryRead(body, out QuoteBody asked))
        {
            return ProtocolErrorCode.Malformed;
        }

        if (!TryMakeRequest(asked.Lane, out QuoteRequest request))
        {
            return ProtocolErrorCode.UnknownName;
        }

        ServiceMeters.CountQuotes(1);
        request = request with { RequestId = asked.RequestId, UserId = asked.UserId, TraceId = asked.TraceId };
        ValueTask<(QuoteRefusal Refusal, Quote Quote)> answer = engine.QuoteOrRefusalAsync(request, closed);
        if (answer.IsCompletedSuccessfully)
        {
            QuotedBody quoted = BodyOf(answer.Result);
            Span<byte> frame = output.Writer.GetSpan(FrameHeader.Size + quoted.MaxBytes);
            output.Writer.Advance(Write(frame, quoted, header.Correlation));
        }
        else
        {
            output.Begin(1);
            _ = AnswerLaterAsync(answer, header.Correlation);
        }

        return ProtocolErrorCode.None;
    }

    private static QuotedBody BodyOf((QuoteRefusal Refusal, Quote Quote) answer) =>
        answer.Refusal == QuoteRefusal.None ? QuotedBody.Of(answer.Quote) : QuotedBody.Of(answer.Refusal);

    private static int Write(Span<byte> frame, in QuotedBody quoted, uint correlation)
    {
        int length = quoted.Write(frame[FrameHeader.Size..]);
        ConnectionOutput.WriteHeader(frame, FrameKind.Quoted, 0, correlation, length);
        return FrameHeader.Size + length;
    }

    private async Task AnswerLaterAsync(ValueTask<(QuoteRefusal Refusal, Quote Quote)> pending, uint correlation)
    {
        QuotedBody quoted;
        try
        {
            quoted = BodyOf(await pending.ConfigureAwait(false));
        }
#pragma warning disable CA1031 // Nobody awaits this: what fails must still be answered.
        catch (Exception)
#pragma warning restore CA1031
        {
            quoted = QuotedBody.Of(QuoteRefusal.Stopped);
        }

        byte[] frame = ArrayPool<byte>.Shared.Rent(FrameHeader.Size + quoted.MaxBytes);
        output.Complete(frame, Write(frame, quoted, correlation), items: 1);
    }

    private async Task AnswerColdAsync(byte[] frame, int length, int items, List<(int Index, QuoteRequest Request)> cold)
    {
        var pending = new Task<(QuoteRefusal Refusal, Quote Quote)>[cold.Count];
        for (int i = 0; i < pending.Length; i++)
        {
            pending[i] = engine.QuoteOrRefusalAsync(cold[i].Request, closed).AsTask(); // All are asked for before the first is waited for.
        }

        for (int i = 0; i < pending.Length; i++)
        {
            PriceEntry entry;
            try
            {
                entry = BodyOf(await pending[i].ConfigureAwait(false)).Price;
            }
#pragma warning disable CA1031 // Nobody awaits this: what fails must still be answered.
            catch (Exception)
#pragma warning restore CA1031
            {
                entry = new PriceEntry { Refusal = QuoteRefusal.Stopped };
            }

            entry.Write(frame.AsSpan(FrameHeader.Size + (cold[i].Index * PriceEntry.Size)));
        }

        output.Complete(frame, length, items);
    }

    private bool TryMakeRequest(in LaneEntry lane, out QuoteRequest request)
    {
        bool areKnown = names.TryGet(lane.Region, out string? region) & names.TryGet(lane.Product, out string? product);
        request = new QuoteRequest(region!, product!) // One that has no name is refused by the engine.
        {
            BaseMinorUnits = lane.BaseMinorUnits == ProtocolConstants.NotGiven ? null : lane.BaseMinorUnits,
        };
        return areKnown;
    }

    private void Write(Span<byte> destination, in BookPrice price)
    {
        PricingRule rule = price.Decision.Rule;
        if (!ReferenceEquals(rule, _lastRule))
        {
            _lastRule = rule; // Most quotes of a batch follow one rule.
            _lastCurrency = PriceEntry.PackCurrency(rule.BasePrice.Currency);
        }

        PriceWatch.EntryOf(price, _lastCurrency).Write(destination);
    }
}
