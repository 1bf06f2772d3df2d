using System.Runtime.InteropServices;
using PricingCore.Events;
using PricingCore.Journal;
using PricingCore.Storage;

namespace PricingCore.Tests.Journal;

/// <summary>Records to write, and what is read back of them.</summary>
internal static class JournalRecords
{
    /// <summary>Records of every sort: times that jump, hashed subjects, keys, numbers.</summary>
    public static AcceptedEvent[] Random(Random random, int count)
    {
        var records = new AcceptedEvent[count];
        long now = 1_700_000_000_000_000 + random.NextInt64(1_000_000_000);
        for (int i = 0; i < count; i++)
        {
            now += random.Next(4) == 0 ? random.Next(-50, 5_000) : random.Next(100);
            ref AcceptedEvent record = ref records[i];
            record = AcceptedEvent.FromGate(
                random.Next(3) == 0 ? MarketEventKind.Search : MarketEventKind.Booking, random.Next(40), random.Next(3), now - random.Next(2_000_000), now, EventValues.Of(random.Next(3)));
            record.Subject = (ulong)random.NextInt64();
            record.Receipt = random.Next();
            record.Flags = random.Next(2) == 0 ? AcceptedEventFlags.Tagged : AcceptedEventFlags.HasKey;
            if ((record.Flags & AcceptedEventFlags.HasKey) != 0)
            {
                record.KeyLow = (ulong)random.NextInt64();
                record.KeyHigh = (uint)random.Next();
            }
        }

        return records;
    }

    /// <summary>The record as it is on disk.</summary>
    public static AcceptedEvent Stored(AcceptedEvent record)
    {
        record.Receipt = 0;
        record.Flags &= ~AcceptedEventFlags.Tagged;
        return record;
    }

    /// <summary>All records from a sequence on.</summary>
    public static List<AcceptedEvent> ReadAll(IFileStore files, string directory, out TornTail? torn, long from = 0)
    {
        using var reader = JournalReader.Open(files, directory, from);
        var records = new List<AcceptedEvent>();
        while (reader.TryRead(out JournalBlock block))
        {
            records.AddRange(block.Records);
        }

        torn = reader.Torn;
        return records;
    }

    /// <summary>Fails unless all bytes are the same.</summary>
    public static void AssertSame(ReadOnlySpan<AcceptedEvent> expected, ReadOnlySpan<AcceptedEvent> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.True(MemoryMarshal.AsBytes(expected).SequenceEqual(MemoryMarshal.AsBytes(actual)), "the records are not those that were written");
    }
}
