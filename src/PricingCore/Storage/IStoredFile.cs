namespace PricingCore.Storage;

/// <summary>An open file of an <see cref="IFileStore"/>.</summary>
/// <threadsafety>One thread at a time.</threadsafety>
internal interface IStoredFile : IDisposable
{
    /// <summary>Bytes in the file; what was reserved and not written counts and reads as zeros.</summary>
    long Length { get; }

    /// <summary>Writes all bytes at an offset.</summary>
    /// <exception cref="IOException">It failed, perhaps after some of them.</exception>
    void Write(long offset, ReadOnlySpan<byte> bytes);

    /// <summary>Reads at an offset.</summary>
    /// <returns>How many bytes; fewer than asked for only at the end of the file.</returns>
    int Read(long offset, Span<byte> bytes);

    /// <summary>Makes everything written so far safe (<c>fdatasync</c>).</summary>
    /// <exception cref="IOException">It failed: nothing is known of what was written since the last one.</exception>
    void Sync();

    /// <summary>Cuts the file, or makes it longer with zeros.</summary>
    void SetLength(long length);
}
