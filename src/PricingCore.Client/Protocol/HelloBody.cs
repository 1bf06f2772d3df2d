namespace PricingCore.Protocol;

/// <summary>What a client says first: versions, features, who it is, and its credential.</summary>
/// <param name="LeastVersion">The oldest version that it speaks.</param>
/// <param name="MostVersion">The newest.</param>
/// <param name="Features">What it can do.</param>
/// <param name="ClientName">Its name, for logs and metrics; at most 64 characters, may be empty.</param>
/// <param name="Credential">An API key or a token; empty for none, at most 8,192 characters.</param>
/// <threadsafety>Immutable.</threadsafety>
public readonly record struct HelloBody(ushort LeastVersion, ushort MostVersion, ProtocolFeatures Features, string ClientName, string Credential)
{
    /// <summary>The most bytes that <see cref="Write"/> needs.</summary>
    public int MaxBytes => 12 + BodyWriter.MaxTextBytes(ClientName) + BodyWriter.MaxTextBytes(Credential);

    /// <summary>Reads a hello.</summary>
    /// <returns><see langword="false"/> when the bytes are not one.</returns>
    public static bool TryRead(ReadOnlySpan<byte> body, out HelloBody hello)
    {
        var reader = new BodyReader(body);
        hello = default;
        if (!reader.TryRead(out int magic) || magic != ProtocolConstants.Magic
            || !reader.TryRead(out ushort least) || !reader.TryRead(out ushort most) || least > most
            || !reader.TryRead(out int features)
            || !reader.TryReadText(ProtocolConstants.MaxNameLength, out string name)
            || !reader.TryReadText(ProtocolConstants.MaxCredentialLength, out string credential)
            || reader.Remaining != 0)
        {
            return false;
        }

        hello = new HelloBody(least, most, (ProtocolFeatures)features, name, credential);
        return true;
    }

    /// <summary>Writes the hello.</summary>
    /// <param name="destination">At least <see cref="MaxBytes"/>.</param>
    /// <returns>Bytes written.</returns>
    public int Write(Span<byte> destination)
    {
        var writer = new BodyWriter(destination);
        writer.Write(ProtocolConstants.Magic);
        writer.Write(LeastVersion);
        writer.Write(MostVersion);
        writer.Write((int)Features);
        writer.WriteText(ClientName);
        writer.WriteText(Credential);
        return writer.Length;
    }

    /// <summary>Everything but the credential.</summary>
    public override string ToString() => $"HelloBody {{ {LeastVersion}..{MostVersion}, {Features}, {ClientName} }}";
}
