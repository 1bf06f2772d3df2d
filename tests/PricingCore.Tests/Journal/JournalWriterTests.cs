using System.Text;
using PricingCore.Events;
using PricingCore.Journal;
using PricingCore.Storage;

namespace PricingCore.Tests.Journal;

/// <summary>
/// Goal: what is appended and committed is read back, in order, from any record on, whatever the codec and however segments are cut.
/// Method: the real file system, small segments.
/// </summary>
public sealed class JournalWriterTests
{
    public static TheoryData<byte> Codecs => [(byte)JournalCodec.None, (byte)JournalCodec.ZLib, (byte)JournalCodec.Brotli, (byte)JournalCodec.Lz4];

    [Theory]
    [MemberData(nameof(Codecs))]
    public void Records_AreReadBack(byte codec)
    {
        Assert.SkipWhen((JournalCodec)codec == JournalCodec.Lz4 && !Lz4Library.IsPresent, "the system has no liblz4");
        using var folder = new ScratchFolder();
        AcceptedEvent[] records = JournalRecords.Random(new Random(1), 20_000);
        using (var writer = new JournalWriter(DiskFileStore.Instance, folder.At("lane"), new JournalSettings { Codec = (JournalCodec)codec, SegmentBytes = 100_000 }, 1))
        {
            for (int at = 0; at < records.Length; at += 700)
            {
                writer.Append(records.AsSpan(at, Math.Min(700, records.Length - at)));
                writer.AppendNote(JournalNoteKind.Region, Encoding.UTF8.GetBytes($"note {at}"));
                writer.Commit(sync: at % 3 == 0);
            }

            writer.Commit(sync: true);
            Assert.Equal(20_000, writer.DurableSequence);
        }

        AcceptedEvent[] stored = [.. records.Select(JournalRecords.Stored)];
        JournalRecords.AssertSame(stored, JournalRecords.ReadAll(DiskFileStore.Instance, folder.At("lane"), out TornTail? torn).ToArray());
        Assert.Null(torn);
        JournalRecords.AssertSame(stored.AsSpan(12_344), JournalRecords.ReadAll(DiskFileStore.Instance, folder.At("lane"), out _, 12_345).ToArray());
        Assert.True(Directory.GetFiles(folder.At("lane")).Length > 3);
    }

    [Fact]
    public void Writer_ContinuesAJournal()
    {
        using var folder = new ScratchFolder();
        AcceptedEvent[] records = JournalRecords.Random(new Random(2), 300);
        for (int run = 0; run < 3; run++)
        {
            using var writer = new JournalWriter(DiskFileStore.Instance, folder.Path, new JournalSettings(), (run * 100) + 1);
            writer.Append(records.AsSpan(run * 100, 100));
            if (run == 1)
            {
                writer.Close();
            }
            else
            {
                writer.Commit(sync: true);
            }
        }

        JournalRecords.AssertSame(records.Select(JournalRecords.Stored).ToArray(), JournalRecords.ReadAll(DiskFileStore.Instance, folder.Path, out _).ToArray());
    }
}
