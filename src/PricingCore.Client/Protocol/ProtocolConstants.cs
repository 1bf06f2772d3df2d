namespace PricingCore.Protocol;

/// <summary>Numbers that both sides know.</summary>
public static class ProtocolConstants
{
    /// <summary>The first four bytes of a hello's body: <c>PRCP</c>.</summary>
    public const int Magic = 0x50435250;

    /// <summary>The version that this package speaks.</summary>
    public const ushort Version = 1;

    /// <summary>The longest frame before the server has said hello: 16,384 bytes.</summary>
    public const int MaxHelloBytes = 16_384;

    /// <summary>The most characters of a credential: 8,192.</summary>
    public const int MaxCredentialLength = 8_192;

    /// <summary>The most characters of a region or product: 64.</summary>
    public const int MaxNameLength = 64;

    /// <summary>The most characters of a user, unit, request, trace or idempotency id: 128.</summary>
    public const int MaxIdLength = 128;

    /// <summary>The most characters of an error's text: 512.</summary>
    public const int MaxMessageLength = 512;

    /// <summary>A base price, or a name's number, that is not given: -1.</summary>
    public const int NotGiven = -1;
}
