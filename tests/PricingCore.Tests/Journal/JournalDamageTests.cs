using PricingCore.Events;
using PricingCore.Journal;
using PricingCore.Storage;
using PricingCore.Testing.Files;

namespace PricingCore.Tests.Journal;

/// <summary>
/// Goal: torn, damaged and missing are told apart, and each is reported with its place; a repair ends the journal before the damage and keeps the rest.
/// Method: journals of several segments, broken by hand.
/// </summary>
public sealed class JournalDamageTests
{
    private const int Records = 4_000;

    [Fact]
    public void TornTail_IsCutAndReported()
    {
        using var folder = new ScratchFolder();
        AcceptedEvent[] written = Write(folder.Path, close: false);
        string last = Segments(folder.Path)[^1];
        long length = JournalTail.Cut(DiskFileStore.Instance, folder.Path).LastBytes;
        using (FileStream file = File.OpenWrite(last))
        {
            file.SetLength(length - 5);
        }

        int before = JournalRecords.ReadAll(DiskFileStore.Instance, folder.Path, out TornTail? torn).Count;
        Assert.Equal(last, torn!.File);
        JournalTail tail = JournalTail.Cut(DiskFileStore.Instance, folder.Path);

        Assert.Equal(torn, tail.Torn);
        Assert.Equal(before + 1, tail.NextSequence);
        JournalRecords.AssertSame(written.AsSpan(0, before), JournalRecords.ReadAll(DiskFileStore.Instance, folder.Path, out torn).ToArray());
        Assert.Null(torn);
    }

    [Fact]
    public void DamageInTheMiddle_StopsWithItsPlace_AndRepairEndsTheJournalThere()
    {
        using var folder = new ScratchFolder();
        AcceptedEvent[] written = Write(folder.Path, close: true);
        string[] segments = Segments(folder.Path);
        byte[] bytes = File.ReadAllBytes(segments[2]);
        bytes[bytes.Length / 2] ^= 8;
        File.WriteAllBytes(segments[2], bytes);

        JournalReport report = JournalCheck.Read(DiskFileStore.Instance, folder.Path);
        Assert.Equal(segments[2], report.Fault!.File);
        Assert.InRange(report.Fault.Offset, 64, bytes.Length / 2);
        JournalRepair plan = JournalRepair.Plan(DiskFileStore.Instance, folder.Path, report)!;
        Assert.Equal(Records - report.LastSequence, plan.RecordsLost);
        Assert.Equal(segments[2..], plan.SetAside);
        plan.Apply(DiskFileStore.Instance, folder.Path);

        Assert.Null(JournalCheck.Read(DiskFileStore.Instance, folder.Path).Fault);
        int left = (int)report.LastSequence;
        JournalRecords.AssertSame(written.AsSpan(0, left), JournalRecords.ReadAll(DiskFileStore.Instance, folder.Path, out _).ToArray());
        Assert.Equal(bytes, File.ReadAllBytes(segments[2] + JournalRepair.AsideSuffix));
        using var writer = new JournalWriter(DiskFileStore.Instance, folder.Path, new JournalSettings(), left + 1);
        writer.Append(written.AsSpan(left));
        writer.Close();
        JournalRecords.AssertSame(written, JournalRecords.ReadAll(DiskFileStore.Instance, folder.Path, out _).ToArray());
    }

    [Fact]
    public void MissingSegment_IsDamage()
    {
        using var folder = new ScratchFolder();
        Write(folder.Path, close: true);
        File.Delete(Segments(folder.Path)[2]);

        var fault = Assert.Throws<JournalDamagedException>(() => JournalRecords.ReadAll(DiskFileStore.Instance, folder.Path, out _));
        Assert.Contains("missing", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RecordBeforeTheFirstOrBehindTheLast_IsNotReadSilently()
    {
        using var folder = new ScratchFolder();
        Write(folder.Path, close: true);
        File.Delete(Segments(folder.Path)[0]);

        Assert.Throws<JournalDamagedException>(() => JournalReader.Open(DiskFileStore.Instance, folder.Path, 1));
        Assert.Throws<JournalDamagedException>(() => JournalRecords.ReadAll(DiskFileStore.Instance, folder.Path, out _, Records + 2));
        Assert.Empty(JournalRecords.ReadAll(DiskFileStore.Instance, folder.Path, out _, Records + 1));
    }

    [Fact]
    public void RecordsGivenUp_AreAGapThatStopsAReaderBeforeItOnly()
    {
        var files = new SimulatedFileStore(1);
        AcceptedEvent[] written = JournalRecords.Random(new Random(4), 30);
        using (var writer = new JournalWriter(files, "j", new JournalSettings { SegmentBytes = 4_096 }, 1))
        {
            writer.Append(written.AsSpan(0, 10));
            writer.Commit(sync: true);
            writer.Append(written.AsSpan(10, 10));
            files.FailingWrites = 1;
            Assert.Throws<IOException>(() => writer.Commit(sync: true));
            files.FailingWrites = 0;
            writer.GiveUpPending();
            writer.Append(written.AsSpan(20));
            writer.Commit(sync: true);
            Assert.Equal(30, writer.DurableSequence);
        }

        var fault = Assert.Throws<JournalDamagedException>(() => JournalRecords.ReadAll(files, "j", out _));
        Assert.Contains("from 11 to 20 could not be stored", fault.Message, StringComparison.Ordinal);
        Assert.Equal(10, JournalRecords.ReadAll(files, "j", out _, 21).Count);
    }

    [Fact]
    public void Retire_RemovesWhatIsOld_ButNothingThatIsNeeded()
    {
        using var folder = new ScratchFolder();
        AcceptedEvent[] written = Write(folder.Path, close: true);
        int all = Segments(folder.Path).Length;
        using var writer = new JournalWriter(DiskFileStore.Instance, folder.Path, new JournalSettings { KeepMicros = 1_000 }, Records + 1);

        writer.Retire(1, long.MaxValue / 2);
        Assert.Equal(all, Segments(folder.Path).Length);
        writer.Retire(Records, written[0].ReceivedAt);
        Assert.Equal(all, Segments(folder.Path).Length);
        writer.Retire(2_000, long.MaxValue / 2);

        Assert.InRange(Segments(folder.Path).Length, 2, all - 2);
        JournalRecords.AssertSame(
            written.AsSpan(1_999).ToArray().Select(JournalRecords.Stored).ToArray(), JournalRecords.ReadAll(DiskFileStore.Instance, folder.Path, out _, 2_000).ToArray());
    }

    [Fact]
    public void Writer_RefusesASequenceThatIsThere_AndALostCodec()
    {
        using var folder = new ScratchFolder();
        Write(folder.Path, close: true);

        Assert.Throws<ArgumentOutOfRangeException>(() => new JournalWriter(DiskFileStore.Instance, folder.Path, new JournalSettings(), Records));
    }

    private static string[] Segments(string directory) => [.. Directory.GetFiles(directory, "*.pcj").Order(StringComparer.Ordinal)];

    private static AcceptedEvent[] Write(string directory, bool close)
    {
        AcceptedEvent[] records = JournalRecords.Random(new Random(5), Records);
        using var writer = new JournalWriter(DiskFileStore.Instance, directory, new JournalSettings { SegmentBytes = 20_000 }, 1);
        for (int at = 0; at < Records; at += 250)
        {
            writer.Append(records.AsSpan(at, 250));
            writer.Commit(sync: true);
        }

        if (close)
        {
            writer.Close();
        }

        return [.. records.Select(JournalRecords.Stored)];
    }
}
