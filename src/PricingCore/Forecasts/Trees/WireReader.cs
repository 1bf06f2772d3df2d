using System.Buffers.Binary;
using System.Text;

namespace PricingCore.Forecasts.Trees;

/// <summary>Where a message or a string lies in a file.</summary>
internal readonly record struct FilePart(int Start, int Length);

/// <summary>Reads the fields of one protobuf message, without copying and without ever looking outside of it.</summary>
/// <remarks>Of the wire format (https://protobuf.dev/programming-guides/encoding/): varints, fixed 32 and 64 bits, and lengths; groups are refused.</remarks>
/// <threadsafety>One thread.</threadsafety>
internal ref struct WireReader
{
    private const int LongestName = 256; // Bytes of a name or an operator; ours have some 20.
    private const int LongestVarint = 10;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ReadOnlySpan<byte> _file;
    private readonly int _end;
    private int _at;
    private WireType _type;

    public WireReader(ReadOnlySpan<byte> file, FilePart part)
    {
        _file = file;
        _at = part.Start;
        _end = part.Start + part.Length;
    }

    private enum WireType
    {
        Varint = 0,
        Fixed64 = 1,
        Length = 2,
        Fixed32 = 5,
    }

    /// <summary>The number of the current field.</summary>
    public int Field { get; private set; }

    /// <summary>Whether the current field has a length: a message, a string, or packed numbers.</summary>
    public readonly bool HasLength => _type == WireType.Length;

    /// <summary>Moves to the next field. The one before must have been read or skipped.</summary>
    /// <returns><see langword="false"/> at the end of the message.</returns>
    public bool MoveNext()
    {
        if (_at == _end)
        {
            return false;
        }

        ulong tag = Varint();
        _type = (WireType)(tag & 7);
        if (tag >> 3 is 0 or > 536_870_911 || _type is not (WireType.Varint or WireType.Fixed64 or WireType.Length or WireType.Fixed32))
        {
            throw Damaged("has a field that is not of the format");
        }

        Field = (int)(tag >> 3);
        return true;
    }

    /// <summary>Leaves the current field out.</summary>
    public void Skip()
    {
        switch (_type)
        {
            case WireType.Varint:
                _ = Varint();
                break;
            case WireType.Length:
                _ = Part();
                break;
            default:
                Take(_type == WireType.Fixed64 ? sizeof(long) : sizeof(float));
                break;
        }
    }

    /// <summary>The current field as an integer.</summary>
    public long Integer()
    {
        Expect(WireType.Varint);
        return unchecked((long)Varint());
    }

    /// <summary>The current field as a float.</summary>
    public float Single()
    {
        Expect(WireType.Fixed32);
        return NextSingle();
    }

    /// <summary>Where the content of the current field lies.</summary>
    public FilePart Part()
    {
        Expect(WireType.Length);
        ulong length = Varint();
        if (length > (ulong)(_end - _at))
        {
            throw Damaged($"says {length} bytes where {_end - _at} are left");
        }

        var part = new FilePart(_at, (int)length);
        _at += (int)length;
        return part;
    }

    /// <summary>The current field as a name.</summary>
    public string Name()
    {
        FilePart part = Part();
        if (part.Length > LongestName)
        {
            throw new GraphRefusedException($"a name has {part.Length} bytes; at most {LongestName} are read");
        }

        try
        {
            return StrictUtf8.GetString(_file.Slice(part.Start, part.Length));
        }
        catch (DecoderFallbackException)
        {
            throw new GraphRefusedException("a name is not valid UTF-8");
        }
    }

    /// <summary>Counts the numbers of the current field, packed or not, and goes past it.</summary>
    public int CountIntegers()
    {
        if (!HasLength)
        {
            _ = Integer();
            return 1;
        }

        FilePart part = Part();
        int count = 0;
        foreach (byte b in _file.Slice(part.Start, part.Length))
        {
            count += b < 0x80 ? 1 : 0; // The last byte of each varint.
        }

        return count;
    }

    /// <summary>Reads the numbers of the current field, packed or not.</summary>
    /// <returns>How many.</returns>
    public int ReadIntegers(Span<long> into)
    {
        if (!HasLength)
        {
            into[0] = Integer();
            return 1;
        }

        var packed = new WireReader(_file, Part());
        int count = 0;
        while (packed._at < packed._end)
        {
            long value = unchecked((long)packed.Varint()); // Before its place is looked up: an unfinished one was not counted.
            into[count++] = value;
        }

        return count;
    }

    /// <summary>Counts the floats of the current field, packed or not, and goes past it.</summary>
    public int CountSingles()
    {
        if (!HasLength)
        {
            _ = Single();
            return 1;
        }

        FilePart part = Part();
        return part.Length % sizeof(float) == 0 ? part.Length / sizeof(float) : throw Damaged("has a list of floats with a part of one");
    }

    /// <summary>Reads the floats of the current field, packed or not.</summary>
    /// <returns>How many.</returns>
    public int ReadSingles(Span<float> into)
    {
        if (!HasLength)
        {
            into[0] = Single();
            return 1;
        }

        var packed = new WireReader(_file, Part());
        int count = 0;
        while (packed._at < packed._end)
        {
            into[count++] = packed.NextSingle();
        }

        return count;
    }

    private float NextSingle() => BinaryPrimitives.ReadSingleLittleEndian(Take(sizeof(float)));

    private ulong Varint()
    {
        ulong value = 0;
        for (int i = 0; i < LongestVarint && _at < _end; i++)
        {
            byte b = _file[_at++];
            value |= (ulong)(b & 0x7f) << (7 * i);
            if (b < 0x80)
            {
                return value;
            }
        }

        throw Damaged(_at == _end ? "ends inside a number" : "has a number of more than 64 bits");
    }

    private ReadOnlySpan<byte> Take(int bytes)
    {
        if (bytes > _end - _at)
        {
            throw Damaged("ends inside a field");
        }

        ReadOnlySpan<byte> taken = _file.Slice(_at, bytes);
        _at += bytes;
        return taken;
    }

    private readonly void Expect(WireType type)
    {
        if (_type != type)
        {
            throw Damaged($"has field {Field} of another kind");
        }
    }

    private readonly GraphRefusedException Damaged(string how) => new($"the file is damaged: a message {how} (byte {_at})");
}
