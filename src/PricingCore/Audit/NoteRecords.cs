using System.Text;

namespace PricingCore.Audit;

/// <summary>The bodies of the records that are neither quotes nor decisions.</summary>
internal static class NoteRecords
{
    /// <summary>A mark: the magic, its own offset, and the Merkle root over the records before it; the hash of the header, where there are none.</summary>
    public static void WriteMark(ref RecordWriter writer, long offset, scoped ReadOnlySpan<byte> root)
    {
        writer.Write(AuditFormat.MarkMagic);
        writer.Write(offset);
        writer.Write(root);
    }

    /// <exception cref="InvalidDataException">It is not that of a mark.</exception>
    public static (long Offset, byte[] Root) ReadMark(ReadOnlySpan<byte> body)
    {
        var reader = new RecordReader(body);
        return reader.Next(AuditFormat.MarkMagic.Length).SequenceEqual(AuditFormat.MarkMagic)
            ? (reader.Read<long>(), reader.Next(MerkleTree.HashBytes).ToArray())
            : throw new InvalidDataException("A mark without its magic.");
    }

    /// <summary>What a process found and uses: the bytes it cut, the name of its key of user ids, and the last decision of each lane.</summary>
    public static void WriteStarted(ref RecordWriter writer, long bytesCut, string keyName, scoped ReadOnlySpan<long> ordinals)
    {
        writer.WriteVarint((ulong)bytesCut);
        writer.WriteText(keyName);
        writer.Write((byte)ordinals.Length);
        foreach (long ordinal in ordinals)
        {
            writer.WriteVarint((ulong)ordinal);
        }
    }

    public static (long BytesCut, string KeyName, long[] Ordinals) ReadStarted(ReadOnlySpan<byte> body)
    {
        var reader = new RecordReader(body);
        long cut = (long)Math.Min(reader.ReadVarint(), long.MaxValue);
        string key = reader.ReadText();
        int lanes = reader.Read<byte>();
        if (lanes > AuditFormat.MaxLanes)
        {
            throw new InvalidDataException($"{lanes} lanes; there are at most {AuditFormat.MaxLanes}.");
        }

        var ordinals = new long[lanes];
        foreach (ref long ordinal in ordinals.AsSpan())
        {
            ordinal = (long)Math.Min(reader.ReadVarint(), long.MaxValue);
        }

        return (cut, key, ordinals);
    }

    /// <summary>A part of a rule set: its version, which part of how many, and bytes of its JSON.</summary>
    public static void WriteRules(ref RecordWriter writer, string version, int part, int parts, scoped ReadOnlySpan<byte> json)
    {
        writer.WriteText(version);
        writer.WriteVarint((ulong)part);
        writer.WriteVarint((ulong)parts);
        writer.Write(json);
    }

    public static (string Version, int Part, int Parts, byte[] Json) ReadRules(ReadOnlySpan<byte> body)
    {
        var reader = new RecordReader(body);
        string version = reader.ReadText();
        (ulong part, ulong parts) = (reader.ReadVarint(), reader.ReadVarint());
        return part < parts && parts <= ushort.MaxValue
            ? (version, (int)part, (int)parts, reader.Rest.ToArray())
            : throw new InvalidDataException($"Part {part} of {parts} of a rule set.");
    }

    /// <summary>A model: its version and the SHA-256 of its graph in hexadecimal digits.</summary>
    public static void WriteModel(ref RecordWriter writer, string version, string sha256)
    {
        writer.WriteText(version);
        writer.Write(Encoding.ASCII.GetBytes(sha256));
    }

    public static (string Version, string Sha256) ReadModel(ReadOnlySpan<byte> body)
    {
        var reader = new RecordReader(body);
        return (reader.ReadText(), Encoding.ASCII.GetString(reader.Rest));
    }

    /// <summary>A key of user ids that was destroyed, by its name.</summary>
    public static void WriteKeyDestroyed(ref RecordWriter writer, string keyName) => writer.WriteText(keyName);

    public static string ReadKeyDestroyed(ReadOnlySpan<byte> body) => new RecordReader(body).ReadText();

    /// <summary>Segments that are removed because of their age: all up to one, whose trailer's hash is named.</summary>
    public static void WriteRemoved(ref RecordWriter writer, int through, scoped ReadOnlySpan<byte> trailerHash)
    {
        writer.Write(through);
        writer.Write(trailerHash);
    }

    public static (int Through, byte[] TrailerHash) ReadRemoved(ReadOnlySpan<byte> body)
    {
        var reader = new RecordReader(body);
        return (reader.Read<int>(), reader.Next(MerkleTree.HashBytes).ToArray());
    }

    /// <summary>A segment that could not be continued, and the first damaged byte.</summary>
    public static void WriteDamaged(ref RecordWriter writer, int segment, long offset)
    {
        writer.Write(segment);
        writer.Write(offset);
    }

    public static (int Segment, long Offset) ReadDamaged(ReadOnlySpan<byte> body)
    {
        var reader = new RecordReader(body);
        return (reader.Read<int>(), reader.Read<long>());
    }
}
