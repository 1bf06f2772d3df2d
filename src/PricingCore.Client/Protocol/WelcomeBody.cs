namespace PricingCore.Protocol;

/// <summary>What a server says first: the version that both speak, the features, and its limits.</summary>
/// <threadsafety>Immutable.</threadsafety>
public readonly record struct WelcomeBody
{
    /// <summary>Bytes of the body: 40.</summary>
    public const int Size = 40;

    /// <summary>The version of the connection.</summary>
    public required ushort Version { get; init; }

    /// <summary>The features of the connection.</summary>
    public required ProtocolFeatures Features { get; init; }

    /// <summary>The longest frame the server takes, in bytes.</summary>
    public required int MaxFrameBytes { get; init; }

    /// <summary>The most quotes in a batch.</summary>
    public required int MaxQuotes { get; init; }

    /// <summary>The most events in a batch.</summary>
    public required int MaxEvents { get; init; }

    /// <summary>The most quotes and events whose answer is outstanding before the server stops reading.</summary>
    public required int MaxInFlight { get; init; }

    /// <summary>The most names.</summary>
    public required int MaxNames { get; init; }

    /// <summary>The most prices subscribed to.</summary>
    public required int MaxSubscribed { get; init; }

    /// <summary>How long a client may be silent, in milliseconds: ping before.</summary>
    public required int IdleTimeoutMs { get; init; }

    /// <summary>The time between two looks at subscribed prices, in milliseconds.</summary>
    public required int PriceIntervalMs { get; init; }

    /// <summary>Reads a welcome.</summary>
    /// <returns><see langword="false"/> when the bytes are not one.</returns>
    public static bool TryRead(ReadOnlySpan<byte> body, out WelcomeBody welcome)
    {
        var reader = new BodyReader(body);
        welcome = default;
        if (!reader.TryRead(out ushort version) || !reader.TryRead(out ushort _) || !reader.TryRead(out int features)
            || !reader.TryRead(out int frame) || !reader.TryRead(out int quotes) || !reader.TryRead(out int events)
            || !reader.TryRead(out int inFlight) || !reader.TryRead(out int names) || !reader.TryRead(out int subscribed)
            || !reader.TryRead(out int idle) || !reader.TryRead(out int interval)
            || frame < FrameHeader.Size || quotes < 1 || events < 1 || inFlight < 1 || names < 1 || subscribed < 0 || idle < 1 || interval < 1)
        {
            return false;
        }

        welcome = new WelcomeBody
        {
            Version = version,
            Features = (ProtocolFeatures)features,
            MaxFrameBytes = frame,
            MaxQuotes = quotes,
            MaxEvents = events,
            MaxInFlight = inFlight,
            MaxNames = names,
            MaxSubscribed = subscribed,
            IdleTimeoutMs = idle,
            PriceIntervalMs = interval,
        };
        return true; // What a later version adds at the end is not read.
    }

    /// <summary>Writes the welcome.</summary>
    /// <param name="destination">At least <see cref="Size"/> bytes.</param>
    public void Write(Span<byte> destination)
    {
        var writer = new BodyWriter(destination);
        writer.Write(Version);
        writer.Write((ushort)0);
        writer.Write((int)Features);
        writer.Write(MaxFrameBytes);
        writer.Write(MaxQuotes);
        writer.Write(MaxEvents);
        writer.Write(MaxInFlight);
        writer.Write(MaxNames);
        writer.Write(MaxSubscribed);
        writer.Write(IdleTimeoutMs);
        writer.Write(PriceIntervalMs);
    }
}
