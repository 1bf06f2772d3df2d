using System.Runtime.InteropServices;
using PricingCore.Numerics;
using PricingCore.Surge;

namespace PricingCore.Audit;

/// <summary>The body of a decision's record.</summary>
internal static class DecisionRecord
{
    private const byte HasHash = 1;
    private const byte HasRow = 2;

    /// <summary>Writes a decision.</summary>
    public static void Write(ref RecordWriter writer, in AuditEntry entry, ReadOnlySpan<float> row)
    {
        writer.Write(entry.Decision!.Id.High);
        writer.Write(entry.Decision.Id.Low);
        writer.Write((byte)entry.Lane);
        writer.WriteVarint((ulong)entry.Ordinal);
        writer.WriteVarint((ulong)entry.JournalSequence);
        writer.Write((byte)((entry.Features == 0 ? 0 : HasHash) | (entry.Features > 0 ? HasRow : 0)));
        if (entry.Features != 0)
        {
            writer.Write(entry.FeaturesHash.Low);
            writer.Write(entry.FeaturesHash.High);
        }

        if (entry.Features > 0)
        {
            writer.WriteVarint((ulong)row.Length);
            writer.Write(MemoryMarshal.AsBytes(row));
        }

        writer.Advance(DecisionCodec.Write(entry.Decision, writer.Rest));
    }

    /// <summary>Reads which decision it is, and nothing more.</summary>
    /// <exception cref="InvalidDataException">It is not that of a decision.</exception>
    public static (DecisionId Id, int Lane, long Ordinal) ReadName(ReadOnlySpan<byte> body)
    {
        var reader = new RecordReader(body);
        var id = new DecisionId(reader.Read<ulong>(), reader.Read<ulong>());
        int lane = reader.Read<byte>();
        ulong ordinal = reader.ReadVarint();
        return lane < AuditFormat.MaxLanes && ordinal <= long.MaxValue
            ? (id, lane, (long)ordinal)
            : throw new InvalidDataException($"The decision has lane {lane} and number {ordinal}.");
    }

    /// <summary>Reads a decision.</summary>
    /// <exception cref="InvalidDataException">It is not that of a decision, or its rule is not to be found.</exception>
    public static AuditedDecision Read(ReadOnlySpan<byte> body, in RecordHead head, in AuditPlace place, AuditLookups lookups)
    {
        (_, int lane, long ordinal) = ReadName(body);
        var reader = new RecordReader(body);
        reader.Next((2 * sizeof(ulong)) + 1);
        reader.ReadVarint();
        ulong sequence = reader.ReadVarint();
        byte flags = reader.Read<byte>();
        if (flags is HasRow or > (HasHash | HasRow) || sequence > long.MaxValue || !UnixMicros.IsTime(head.Time))
        {
            throw new InvalidDataException($"The decision has flags {flags}, sequence {sequence} and time {head.Time}.");
        }

        string? hash = (flags & HasHash) != 0 ? Convert.ToHexStringLower(reader.Next(2 * sizeof(ulong))) : null;
        float[]? row = (flags & HasRow) != 0 ? ReadRow(ref reader) : null;
        SurgeDecision decision = DecisionCodec.Read(reader.Rest, lookups.FindRule, out int bytesRead);
        if (bytesRead != reader.Rest.Length)
        {
            throw new InvalidDataException("The decision is longer than it says.");
        }

        return new AuditedDecision
        {
            Decision = decision,
            Features = row,
            FeaturesHash = hash,
            Lane = lane,
            Ordinal = ordinal,
            JournalSequence = (long)sequence,
            RulesHash = lookups.FindRules(decision.RulesVersion)?.Hash,
            ModelSha256 = lookups.FindModel(decision.ModelVersion),
            RecordedAt = UnixMicros.ToTime(head.Time),
            Place = place,
        };
    }

    private static float[] ReadRow(ref RecordReader reader)
    {
        ulong count = reader.ReadVarint();
        if (count > AuditFormat.MaxFeatures)
        {
            throw new InvalidDataException($"The decision has {count} features; there are at most {AuditFormat.MaxFeatures}.");
        }

        return MemoryMarshal.Cast<byte, float>(reader.Next((int)count * sizeof(float))).ToArray();
    }
}
