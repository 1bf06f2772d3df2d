using System.Buffers;
using PricingCore.AspNetCore.Diagnostics;
using PricingCore.Money;
using PricingCore.Protocol;
using PricingCore.Quotes;

namespace PricingCore.AspNetCore.Binary;

/// <summary>Answers quotes: from the book in place, and what the book does not have later, without holding up the frames behind.</summary>
/// <threadsafety>One thread: the connection's reader, with the output's gate.</threadsafety>
internal sealed class QuoteRequests(PricingEngine engine, ConnectionNames names, ConnectionOutput output, CancellationToken closed)
{
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
        for (int i = isOpen ? WriteHeld(body, entries, 0, now) : 0; i < header.Count; i = isOpen ? WriteHeld(body, entries, i + 1, now) : i + 1)
        {
            LaneEntry lane = LaneEntry.Read(body[(i * LaneEntry.Size)..]);
            int region = names.RegionOf(lane.Region);
            int product = names.ProductOf(lane.Product);
            if (isOpen && (region | product) >= 0 && lane.BaseMinorUnits >= ProtocolConstants.NotGiven
                && engine.TryReadBook(region, product, lane.BaseMinorUnits, now, out BookPrice price))
            {
                PriceWatch.EntryOf(price).Write(entries[(i * PriceEntry.Size)..]);
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

    /// <summary>Writes prices as long as the book has them and there is nothing else to do for one: no renewal, no other base price than the rule's.</summary>
    /// <remarks>Nearly all quotes take this way, so it is kept small enough for registers.</remarks>
    /// <returns>The first quote that has to go another way; their number when none has.</returns>
    private int WriteHeld(ReadOnlySpan<byte> body, Span<byte> entries, int from, long now)
    {
        if (engine.OnlyBook is not { } book)
        {
            return from;
        }

        ReadOnlySpan<ConnectionNames.Entry> known = names.Known;
        long validUntil = engine.ValidUntil(now);
        int count = body.Length / LaneEntry.Size;
        for (int i = from; i < count; i++)
        {
            var lane = LaneEntry.Read(body.Slice(i * LaneEntry.Size, LaneEntry.Size));
            if ((lane.Region | lane.Product) < 0 || lane.Region >= known.Length || lane.Product >= known.Length)
            {
                return i;
            }

            int region = known[lane.Region].Region;
            int product = known[lane.Product].Product;
            if ((region | product) < 0 || book.Read(region, product) is not { } decision || now >= decision.RenewAtMicros)
            {
                return i;
            }

            Amount basePrice = decision.Rule.BasePrice;
            if (lane.BaseMinorUnits != ProtocolConstants.NotGiven && lane.BaseMinorUnits != basePrice.MinorUnits)
            {
                return i;
            }

            PriceEntry.WriteHeld(
                entries.Slice(i * PriceEntry.Size, PriceEntry.Size), decision.RulePriceMinorUnits, basePrice.MinorUnits, validUntil, decision.Id,
                decision.Outcome.Multiplier.Steps, basePrice.Currency.Packed);
        }

        return count;
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
}
