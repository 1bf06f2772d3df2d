namespace PricingCore.Journal;

/// <summary>How the blocks of a journal are compressed. Each block names its own, so that one journal may hold several.</summary>
/// <remarks>The numbers are stable: they are written to journals.</remarks>
public enum JournalCodec : byte
{
    /// <summary>Not at all; columns that do not change within a block still cost nothing.</summary>
    None = 0,

    /// <summary>zlib (RFC 1950) at its fastest. Every language reads it; here it costs an allocation a block.</summary>
    ZLib = 1,

    /// <summary>Brotli (RFC 7932) at quality 1: the default.</summary>
    Brotli = 2,

    /// <summary>LZ4 blocks by the system's <c>liblz4</c>, which must be installed.</summary>
    Lz4 = 3,
}
