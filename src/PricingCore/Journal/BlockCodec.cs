using System.IO.Compression;

namespace PricingCore.Journal;

/// <summary>Packs and unpacks the bytes of blocks.</summary>
/// <threadsafety>Any thread.</threadsafety>
internal static class BlockCodec
{
    private const int BrotliQuality = 1;
    private const int BrotliWindowBits = 18; // 256 KB: more than a block has.

    /// <summary>Packs bytes.</summary>
    /// <param name="codec">How; not <see cref="JournalCodec.None"/>.</param>
    /// <param name="source">Bytes to pack.</param>
    /// <param name="sourceBytes">How many of them.</param>
    /// <param name="target">Where to.</param>
    /// <param name="start">Where in it.</param>
    /// <param name="room">How many bytes may be written.</param>
    /// <returns>Bytes written; 0 when there was no room for them.</returns>
    public static int Pack(JournalCodec codec, byte[] source, int sourceBytes, byte[] target, int start, int room)
    {
        ReadOnlySpan<byte> from = source.AsSpan(0, sourceBytes);
        Span<byte> to = target.AsSpan(start, room);
        switch (codec)
        {
            case JournalCodec.Brotli:
                return BrotliEncoder.TryCompress(from, to, out int written, BrotliQuality, BrotliWindowBits) ? written : 0;
            case JournalCodec.Lz4:
                return Lz4Library.Compress(from, to);
            case JournalCodec.ZLib:
                return Deflate(from, target, start, room);
            default:
                throw new ArgumentOutOfRangeException(nameof(codec), codec, "No such codec.");
        }
    }

    /// <summary>Unpacks bytes, never beyond the target.</summary>
    /// <returns>Whether they filled the target exactly.</returns>
    public static bool TryUnpack(JournalCodec codec, byte[] source, int start, int sourceBytes, Span<byte> target)
    {
        ReadOnlySpan<byte> from = source.AsSpan(start, sourceBytes);
        switch (codec)
        {
            case JournalCodec.None:
                if (from.Length != target.Length)
                {
                    return false;
                }

                from.CopyTo(target);
                return true;
            case JournalCodec.Brotli:
                return BrotliDecoder.TryDecompress(from, target, out int written) && written == target.Length;
            case JournalCodec.Lz4:
                return Lz4Library.TryDecompress(from, target);
            case JournalCodec.ZLib:
                return Inflate(source, start, sourceBytes, target);
            default:
                return false;
        }
    }

    private static int Deflate(ReadOnlySpan<byte> from, byte[] target, int start, int room)
    {
        using var stream = new MemoryStream(target, start, room);
        try
        {
            using var packer = new ZLibStream(stream, CompressionLevel.Fastest, leaveOpen: true);
            packer.Write(from);
        }
        catch (NotSupportedException)
        {
            return 0; // The target is full, and cannot grow.
        }

        return (int)stream.Position;
    }

    private static bool Inflate(byte[] source, int start, int sourceBytes, Span<byte> target)
    {
        using var stream = new MemoryStream(source, start, sourceBytes, writable: false);
        using var unpacker = new ZLibStream(stream, CompressionMode.Decompress);
        try
        {
            return unpacker.ReadAtLeast(target, target.Length, throwOnEndOfStream: false) == target.Length && unpacker.ReadByte() < 0;
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            return false; // The second comes of a stream that wants a preset dictionary.
        }
    }
}
