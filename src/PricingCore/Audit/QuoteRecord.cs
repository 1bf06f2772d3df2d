using System.Text;
using PricingCore.Money;
using PricingCore.Numerics;
using PricingCore.Quotes;
using PricingCore.Rules;
using PricingCore.Surge;

namespace PricingCore.Audit;

/// <summary>The body of a quote's record.</summary>
internal static class QuoteRecord
{
    private const byte IsCached = 1;
    private const byte HasRequest = 2;
    private const byte HasTrace = 4;
    private const byte HasUser = 8;
    private const byte AllFlags = 15;
    private const int CodeLength = 3;
    private const int NumbersBeforeTexts = 4;

    /// <summary>Writes a quote.</summary>
    public static void Write(ref RecordWriter writer, in AuditEntry entry)
    {
        ref readonly Quote quote = ref entry.Quote;
        QuoteRequest request = quote.Request;
        SurgeDecision decision = quote.Decision;
        writer.Write(decision.Id.High);
        writer.Write(decision.Id.Low);
        writer.Write((byte)((quote.Cached ? IsCached : 0) | (request.RequestId is null ? 0 : HasRequest)
            | (request.TraceId is null ? 0 : HasTrace) | (entry.User == default ? 0 : HasUser)));
        Encoding.ASCII.GetBytes(quote.Price.Currency.Code, writer.Rest);
        writer.Advance(CodeLength);
        writer.WriteVarint((ulong)quote.Price.MinorUnits);
        writer.WriteVarint((ulong)quote.BasePrice.MinorUnits);
        writer.WriteVarint((ulong)quote.Multiplier.Steps);
        writer.WriteSigned(UnixMicros.From(quote.ValidUntil) - entry.Time);
        writer.WriteText(decision.RegionId);
        writer.WriteText(decision.ProductType);
        if (request.RequestId is not null)
        {
            writer.WriteText(request.RequestId);
        }

        if (request.TraceId is not null)
        {
            writer.WriteText(request.TraceId);
        }

        if (entry.User != default)
        {
            writer.Write(entry.User.Low);
            writer.Write(entry.User.High);
        }
    }

    /// <summary>Reads by which key the quote is found, and nothing more; null when the request had no id.</summary>
    /// <exception cref="InvalidDataException">It is not that of a quote.</exception>
    public static ulong? ReadKey(ReadOnlySpan<byte> body)
    {
        var reader = new RecordReader(body);
        reader.Next(2 * sizeof(ulong));
        if ((reader.Read<byte>() & HasRequest) == 0)
        {
            return null;
        }

        reader.Next(CodeLength);
        for (int i = 0; i < NumbersBeforeTexts; i++)
        {
            reader.ReadVarint();
        }

        reader.SkipText();
        reader.SkipText();
        Span<char> id = stackalloc char[AuditFormat.MaxTextBytes];
        return AuditKeys.OfRequest(id[..reader.ReadText(id)]);
    }

    /// <summary>Reads a quote.</summary>
    /// <exception cref="InvalidDataException">It is not that of a quote.</exception>
    public static AuditedQuote Read(ReadOnlySpan<byte> body, in RecordHead head, in AuditPlace place)
    {
        var reader = new RecordReader(body);
        var decision = new DecisionId(reader.Read<ulong>(), reader.Read<ulong>());
        byte flags = reader.Read<byte>();
        if ((flags & ~AllFlags) != 0)
        {
            throw new InvalidDataException($"The quote has flags {flags} that nobody knows.");
        }

        string code = Encoding.ASCII.GetString(reader.Next(CodeLength));
        if (!Currency.TryFromCode(code, out Currency currency))
        {
            throw new InvalidDataException($"The quote's currency '{code}' is none.");
        }

        (ulong price, ulong basePrice, ulong steps) = (reader.ReadVarint(), reader.ReadVarint(), reader.ReadVarint());
        long validUntil = unchecked(head.Time + reader.ReadSigned());
        if (price > long.MaxValue || basePrice > long.MaxValue || steps > SurgeMultiplier.MaxSteps || !UnixMicros.IsTime(validUntil) || !UnixMicros.IsTime(head.Time))
        {
            throw new InvalidDataException("The quote has an amount, a multiplier or a time that is none.");
        }

        var quote = new AuditedQuote
        {
            DecisionId = decision,
            Cached = (flags & IsCached) != 0,
            Currency = currency,
            PriceMinorUnits = (long)price,
            BaseMinorUnits = (long)basePrice,
            Multiplier = SurgeMultiplier.FromSteps((int)steps),
            ValidUntil = UnixMicros.ToTime(validUntil),
            ServedAt = UnixMicros.ToTime(head.Time),
            RegionId = reader.ReadText(),
            ProductType = reader.ReadText(),
            RequestId = (flags & HasRequest) != 0 ? reader.ReadText() : null,
            TraceId = (flags & HasTrace) != 0 ? reader.ReadText() : null,
            UserHash = (flags & HasUser) != 0 ? Convert.ToHexStringLower(reader.Next(2 * sizeof(ulong))) : null,
            Place = place,
        };
        return reader.Rest.IsEmpty ? quote : throw new InvalidDataException("The quote is longer than it says.");
    }
}
