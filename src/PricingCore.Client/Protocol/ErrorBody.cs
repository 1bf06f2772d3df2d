namespace PricingCore.Protocol;

/// <summary>Why a request or the connection failed.</summary>
/// <param name="Code">Which kind of error.</param>
/// <param name="RetryAfterMs">How long to wait before trying again, in milliseconds; 0 when that is not known.</param>
/// <param name="Message">For people; at most 512 characters. Never holds a credential or a user's id.</param>
/// <threadsafety>Immutable.</threadsafety>
public readonly record struct ErrorBody(ProtocolErrorCode Code, int RetryAfterMs, string Message)
{
    /// <summary>The most bytes that <see cref="Write"/> needs.</summary>
    public int MaxBytes => 8 + BodyWriter.MaxTextBytes(Message);

    /// <summary>Reads an error.</summary>
    /// <returns><see langword="false"/> when the bytes are not one.</returns>
    public static bool TryRead(ReadOnlySpan<byte> body, out ErrorBody error)
    {
        var reader = new BodyReader(body);
        error = default;
        if (!reader.TryRead(out ushort code) || !reader.TryRead(out ushort _) || !reader.TryRead(out int retryAfter) || retryAfter < 0
            || !reader.TryReadText(ProtocolConstants.MaxMessageLength, out string message))
        {
            return false;
        }

        error = new ErrorBody((ProtocolErrorCode)code, retryAfter, message);
        return true;
    }

    /// <summary>Writes the error.</summary>
    /// <param name="destination">At least <see cref="MaxBytes"/>.</param>
    /// <returns>Bytes written.</returns>
    public int Write(Span<byte> destination)
    {
        var writer = new BodyWriter(destination);
        writer.Write((ushort)Code);
        writer.Write((ushort)0);
        writer.Write(RetryAfterMs);
        writer.WriteText(Message);
        return writer.Length;
    }
}
