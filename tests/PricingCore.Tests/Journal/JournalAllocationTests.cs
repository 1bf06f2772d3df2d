using PricingCore.Events;
using PricingCore.Journal;
using PricingCore.Storage;

namespace PricingCore.Tests.Journal;

/// <summary>Goal: appending and committing allocate nothing. Method: bytes of the thread over warm rounds; zlib is left out, whose stream has to be made anew.</summary>
public sealed class JournalAllocationTests
{
    [Theory]
    [InlineData((byte)JournalCodec.None)]
    [InlineData((byte)JournalCodec.Brotli)]
    [InlineData((byte)JournalCodec.Lz4)]
    public void AppendAndCommit_AllocateNothing(byte codec)
    {
        Assert.SkipWhen((JournalCodec)codec == JournalCodec.Lz4 && !Lz4Library.IsPresent, "the system has no liblz4");
        using var folder = new ScratchFolder();
        AcceptedEvent[] records = JournalRecords.Random(new Random(7), 3_000);
        using var writer = new JournalWriter(DiskFileStore.Instance, folder.Path, new JournalSettings { Codec = (JournalCodec)codec, SegmentAgeMicros = long.MaxValue }, 1);

        Assert.Equal(0, AllocatedBytes.Of(() =>
        {
            for (int at = 0; at < records.Length; at += 500)
            {
                writer.Append(records.AsSpan(at, 500));
                writer.AppendNote(JournalNoteKind.Region, "a region"u8);
                writer.Commit(sync: at % 1_000 == 0);
            }
        }));
    }
}
