namespace PricingCore.Protocol;

/// <summary>One quote that is asked for by itself.</summary>
/// <param name="Lane">Region, product and base price.</param>
/// <param name="RequestId">The host's name for the request; null for none, at most 128 characters.</param>
/// <param name="UserId">Who asks; null when not known, at most 128 characters.</param>
/// <param name="TraceId">The W3C trace; null for none, at most 128 characters.</param>
/// <threadsafety>Immutable.</threadsafety>
public readonly record struct QuoteBody(LaneEntry Lane, string? RequestId, string? UserId, string? TraceId)
{
    private const byte HasRequest = 1;
    private const byte HasUser = 2;
    private const byte HasTrace = 4;

    /// <summary>The most bytes that <see cref="Write"/> needs.</summary>
    public int MaxBytes =>
        LaneEntry.Size + 1 + BodyWriter.MaxTextBytes(RequestId ?? "") + BodyWriter.MaxTextBytes(UserId ?? "") + BodyWriter.MaxTextBytes(TraceId ?? "");

    /// <summary>Reads a request.</summary>
    /// <returns><see langword="false"/> when the bytes are not one.</returns>
    public static bool TryRead(ReadOnlySpan<byte> body, out QuoteBody quote)
    {
        var reader = new BodyReader(body);
        quote = default;
        if (!reader.TryReadBytes(LaneEntry.Size, out ReadOnlySpan<byte> lane) || !reader.TryRead(out byte fields) || fields > (HasRequest | HasUser | HasTrace)
            || !TryReadOptional(ref reader, fields & HasRequest, out string? request)
            || !TryReadOptional(ref reader, fields & HasUser, out string? user)
            || !TryReadOptional(ref reader, fields & HasTrace, out string? trace)
            || reader.Remaining != 0)
        {
            return false;
        }

        quote = new QuoteBody(LaneEntry.Read(lane), request, user, trace);
        return true;
    }

    /// <summary>Writes the request.</summary>
    /// <param name="destination">At least <see cref="MaxBytes"/>.</param>
    /// <returns>Bytes written.</returns>
    public int Write(Span<byte> destination)
    {
        Lane.Write(destination);
        var writer = new BodyWriter(destination[LaneEntry.Size..]);
        writer.Write((byte)((RequestId is null ? 0 : HasRequest) | (UserId is null ? 0 : HasUser) | (TraceId is null ? 0 : HasTrace)));
        WriteOptional(ref writer, RequestId);
        WriteOptional(ref writer, UserId);
        WriteOptional(ref writer, TraceId);
        return LaneEntry.Size + writer.Length;
    }

    /// <summary>Region, product and base price; no ids of requests and users.</summary>
    public override string ToString() => $"QuoteBody {{ {Lane} }}";

    internal static bool TryReadOptional(ref BodyReader reader, int isThere, out string? text)
    {
        text = null;
        if (isThere == 0)
        {
            return true;
        }

        bool isRead = reader.TryReadText(ProtocolConstants.MaxIdLength + 1, out string found);
        text = found;
        return isRead;
    }

    internal static void WriteOptional(ref BodyWriter writer, string? text)
    {
        if (text is not null)
        {
            writer.WriteText(text);
        }
    }
}
