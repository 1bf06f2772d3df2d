using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using PricingCore.Events;
using PricingCore.Numerics;

namespace PricingCore.Training.History;

/// <summary>SHA-256 over a history, so that a package can say which data it was trained on, whatever files they came in.</summary>
/// <remarks>
/// Each event in order: kind (1 byte), receive and event time (int64 microseconds since 1970), four values (float bits; not a number is
/// 7FC00000), then region, user, unit, product and key, each as int32 length in bytes (-1 when null) and UTF-8. All little endian.
/// </remarks>
/// <threadsafety>One thread at a time.</threadsafety>
internal sealed class EventDigest : IDisposable
{
    private const int FixedBytes = 1 + (2 * sizeof(long)) + (4 * sizeof(float));
    private const uint NotANumber = 0x7FC00000;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _buffer = new byte[1 << 16];
    private int _used;

    /// <summary>Adds an event.</summary>
    public void Add(in MarketEvent e, DateTimeOffset receivedAt)
    {
        Span<byte> head = Take(FixedBytes);
        head[0] = (byte)e.Kind;
        BinaryPrimitives.WriteInt64LittleEndian(head[1..], UnixMicros.From(receivedAt));
        BinaryPrimitives.WriteInt64LittleEndian(head[9..], UnixMicros.From(e.OccurredAt));
        Write(head[17..], e.Values.First);
        Write(head[21..], e.Values.Second);
        Write(head[25..], e.Values.Third);
        Write(head[29..], e.Values.Fourth);
        Add(e.RegionId);
        Add(e.UserId);
        Add(e.UnitId);
        Add(e.ProductType);
        Add(e.IdempotencyKey);
    }

    /// <summary>The digest of what was added: 64 lower-case hexadecimal digits. To be called once.</summary>
    public string ToHex()
    {
        Flush();
        return Convert.ToHexStringLower(_hash.GetHashAndReset());
    }

    public void Dispose() => _hash.Dispose();

    private static void Write(Span<byte> to, float value) =>
        BinaryPrimitives.WriteUInt32LittleEndian(to, float.IsNaN(value) ? NotANumber : BitConverter.SingleToUInt32Bits(value));

    private void Add(string? text)
    {
        int length = text is null ? -1 : Encoding.UTF8.GetByteCount(text);
        BinaryPrimitives.WriteInt32LittleEndian(Take(sizeof(int)), length);
        if (length > _buffer.Length)
        {
            Flush(); // Longer than any id may be; refused by the gate, but part of the data all the same.
            _hash.AppendData(Encoding.UTF8.GetBytes(text!));
        }
        else if (length > 0)
        {
            Encoding.UTF8.GetBytes(text, Take(length));
        }
    }

    private Span<byte> Take(int bytes)
    {
        if (_used + bytes > _buffer.Length)
        {
            Flush();
        }

        _used += bytes;
        return _buffer.AsSpan(_used - bytes, bytes);
    }

    private void Flush()
    {
        _hash.AppendData(_buffer, 0, _used);
        _used = 0;
    }
}
