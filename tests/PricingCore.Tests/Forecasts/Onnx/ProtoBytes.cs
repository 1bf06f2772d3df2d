using System.Buffers.Binary;
using System.Text;

namespace PricingCore.Tests.Forecasts.Onnx;

/// <summary>A protobuf message, written field by field.</summary>
internal sealed class ProtoBytes
{
    private readonly List<byte> _bytes = [];

    public byte[] ToArray() => [.. _bytes];

    public ProtoBytes Number(int field, long value)
    {
        Varint((ulong)field << 3);
        Varint(unchecked((ulong)value));
        return this;
    }

    public ProtoBytes Bytes(int field, ReadOnlySpan<byte> value)
    {
        Varint(((ulong)field << 3) | 2);
        Varint((ulong)value.Length);
        _bytes.AddRange(value);
        return this;
    }

    public ProtoBytes Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public ProtoBytes Message(int field, ProtoBytes value) => Bytes(field, value.ToArray());

    public ProtoBytes Floats(int field, IReadOnlyList<float> values)
    {
        byte[] packed = new byte[values.Count * sizeof(float)];
        for (int i = 0; i < values.Count; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(packed.AsSpan(i * sizeof(float)), values[i]);
        }

        return Bytes(field, packed);
    }

    public ProtoBytes Numbers(int field, IReadOnlyList<long> values)
    {
        foreach (long value in values)
        {
            Number(field, value);
        }

        return this;
    }

    private void Varint(ulong value)
    {
        for (; value > 0x7F; value >>= 7)
        {
            _bytes.Add((byte)((value & 0x7F) | 0x80));
        }

        _bytes.Add((byte)value);
    }
}
