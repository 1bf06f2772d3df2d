using PricingCore.Events;
using PricingCore.Journal;
using PricingCore.Storage;
using PricingCore.Testing.Files;

namespace PricingCore.Tests.Journal;

/// <summary>
/// Goal: no flipped bit of a journal goes unseen or changes a record.
/// Method: every bit of every file of a small journal, one at a time. In a journal that was closed each flip must be reported: as damage, or as a torn
/// tail behind the last record when it is in the closing mark itself. In one that was not, the last group cannot be told from a torn tail: there
/// a flip may cost records of that group, and must say so.
/// Control: with the CRC check out of <c>SegmentReader</c>, hundreds of flips go unseen.
/// </summary>
public sealed class JournalFlippedBitTests
{
    private const string Lane = "lane";
    private const int Records = 60;
    private const int InLastGroup = 20;

    [Fact]
    public void ClosedJournal_EveryFlipIsSeen_AndNoRecordIsLostSilently() => FlipAll(isClosed: true);

    [Fact]
    public void LeftJournal_EveryFlipIsSeen_AndOnlyTheLastGroupCanBeTakenForTorn() => FlipAll(isClosed: false);

    private static void FlipAll(bool isClosed)
    {
        var files = new SimulatedFileStore(1);
        AcceptedEvent[] written = Write(files, isClosed);
        foreach (string name in files.List(Lane))
        {
            using IStoredFile file = files.Open($"{Lane}/{name}", forWriting: true);
            var right = new byte[file.Length];
            file.Read(0, right);
            for (int bit = 0; bit < right.Length * 8; bit++)
            {
                Put(file, bit, right[bit / 8] ^ (1 << (bit % 8)));
                AssertSeen(files, written, isClosed, $"bit {bit} of {name}");
                Put(file, bit, right[bit / 8]);
            }
        }
    }

    private static void Put(IStoredFile file, int bit, int value)
    {
        file.Write(bit / 8, [(byte)value]);
        file.Sync();
    }

    private static void AssertSeen(SimulatedFileStore files, AcceptedEvent[] written, bool isClosed, string what)
    {
        JournalReport report = JournalCheck.Read(files, Lane);
        Assert.True(report.Fault is not null || report.Torn is not null, $"{what} goes unseen");
        if (report.Fault is null)
        {
            Assert.True(report.LastSequence >= (isClosed ? Records : Records - InLastGroup), $"{what} loses records and is taken for a torn tail");
            List<AcceptedEvent> read = JournalRecords.ReadAll(files, Lane, out _);
            JournalRecords.AssertSame(written.AsSpan(0, read.Count), read.ToArray());
        }
    }

    private static AcceptedEvent[] Write(SimulatedFileStore files, bool isClosed)
    {
        AcceptedEvent[] records = JournalRecords.Random(new Random(3), Records);
        using var writer = new JournalWriter(files, Lane, new JournalSettings { SegmentBytes = 1_200 }, 1);
        for (int at = 0; at < Records; at += InLastGroup)
        {
            writer.Append(records.AsSpan(at, InLastGroup));
            writer.AppendNote(JournalNoteKind.Product, "a product"u8);
            writer.Commit(sync: true);
        }

        if (isClosed)
        {
            writer.Close();
        }

        return [.. records.Select(JournalRecords.Stored)];
    }
}
