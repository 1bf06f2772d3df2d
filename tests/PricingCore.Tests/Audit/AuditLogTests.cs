using PricingCore.Audit;
using PricingCore.Surge;

namespace PricingCore.Tests.Audit;

/// <summary>
/// Goal: what is recorded is kept over restarts, crashes, damage and failing disks, nothing is dropped, and what is left verifies.
/// Method: a log on files in memory, stepped by hand.
/// </summary>
public sealed class AuditLogTests
{
    [Fact]
    public void Start_AfterACrash_GoesOnBehindTheLastWholeRecord_WhereverItWasTorn()
    {
        MemoryFiles files = AuditSamples.Written(3);
        string path = AuditSamples.Folder + "/audit-0000000001.log";
        byte[] whole = files[path];
        int lastMark = MarksOf(whole)[^1];
        for (int length = lastMark; length < whole.Length; length++)
        {
            MemoryFiles torn = files.Copy();
            torn[path] = whole[..length];
            using (AuditLog log = AuditSamples.Log(torn))
            {
                log.StartWithoutThread(AuditSamples.Start);
                long last = log.LastOrdinal(0);
                Assert.InRange(last, 2, 3);
                for (int i = 0; i < 4; i++) // The tail of the journal is handled again: only what is missing may be added.
                {
                    Assert.True(log.TryReserve());
                    log.Record(AuditSamples.Decision(i), 0, i + 1, 0, AuditSamples.Start, []);
                }

                Assert.True(log.Step());
            }

            AuditReport report = AuditSamples.Verify(torn);
            Assert.Empty(report.Faults);
            Assert.Equal(4, report.Decisions);
            Assert.Equal([1, 2, 3, 4], AuditSamples.Reader(torn).ReadDecisions().Select(decision => decision.Ordinal));
        }
    }

    [Fact]
    public void Start_WhenASegmentIsTornWhileItIsMade_MakesItAgain()
    {
        MemoryFiles files = AuditSamples.Closed(3);
        string path = AuditSamples.Folder + "/audit-0000000002.log";
        byte[] header = files[path];
        for (int length = 0; length < header.Length; length++)
        {
            MemoryFiles torn = files.Copy();
            torn[path] = header[..length];
            using (AuditLog log = AuditSamples.Log(torn))
            {
                log.StartWithoutThread(AuditSamples.Start);
                Assert.Equal(3, log.LastOrdinal(0));
            }

            AuditReport report = AuditSamples.Verify(torn);
            Assert.Empty(report.Faults);
            Assert.Equal(2, report.Segments);
        }
    }

    [Fact]
    public void Start_WhenTheMiddleIsDamaged_LeavesTheSegmentAndBeginsAnother()
    {
        MemoryFiles files = AuditSamples.Written(5);
        string path = AuditSamples.Folder + "/audit-0000000001.log";
        byte[] damaged = files[path];
        damaged[200] ^= 4;
        byte[] evidence = [.. damaged];

        using (AuditLog log = AuditSamples.Log(files))
        {
            log.StartWithoutThread(AuditSamples.Start);
            Assert.Equal(5, log.LastOrdinal(0));
            AuditSamples.Add(log, 5);
            Assert.True(log.Step());
        }

        Assert.Equal(evidence, files[path]);
        AuditReport report = AuditSamples.Verify(files);
        Assert.NotEmpty(report.Faults);
        Assert.All(report.Faults, fault => Assert.Equal("audit-0000000001.log", fault.File));
        Assert.Equal(6, report.Decisions);
        Assert.Contains(report.Notes, note => note.Contains("damaged at offset", StringComparison.Ordinal));

        files[path][^1] ^= 1; // Changed once more: the next segment names it by its bytes.
        Assert.Contains(AuditSamples.Verify(files).Faults, fault => fault.Problem.Contains("after the start that found it damaged", StringComparison.Ordinal));
    }

    [Fact]
    public void Step_WhenTheDiskIsFull_RefusesReservations_KeepsWhatWasRecorded_AndGoesOn()
    {
        var files = new MemoryFiles();
        using AuditLog log = AuditSamples.Log(files);
        log.StartWithoutThread(AuditSamples.Start);
        int recorded = 0;
        for (int round = 0; round < 200; round++)
        {
            AuditSamples.Add(log, recorded++);
            Assert.True(log.TryReserve()); // Reserved while all was well: may be used whatever happens.
            files.IsFull = round % 3 > 0;
            bool works = log.Step();
            Assert.Equal(!files.IsFull, works);
            Assert.Equal(works, log.TryReserve());
            log.Record(AuditSamples.Decision(recorded), 0, recorded + 1, 0, AuditSamples.Start, []);
            recorded++;
            if (works)
            {
                log.Release();
            }

            files.IsFull = false;
            Assert.True(log.Step());
        }

        Assert.Equal(0, log.Taken);
        AuditReport report = AuditSamples.Verify(files);
        Assert.Empty(report.Faults);
        Assert.Equal((400, 400), (report.Decisions, report.Quotes));
    }

    [Fact]
    public void TryReserve_WhenAllPlacesAreTaken_Refuses_UntilOneIsGivenBackOrWritten()
    {
        var files = new MemoryFiles();
        using AuditLog log = AuditSamples.Log(files, AuditSamples.Options(capacity: 64));
        log.StartWithoutThread(AuditSamples.Start);
        for (int i = 0; i < 64; i++)
        {
            Assert.True(log.TryReserve());
        }

        Assert.False(log.TryReserve());
        log.Release();
        Assert.True(log.TryReserve());
        Assert.False(log.TryReserve());
        log.Record(AuditSamples.Quote(AuditSamples.Decision(0), "a", AuditSamples.Start), AuditSamples.Start);
        Assert.False(log.TryReserve());
        Assert.True(log.Step());
        Assert.True(log.TryReserve());
    }

    [Fact]
    public void Record_AllocatesNothing_OnceAsManyHaveWaited()
    {
        using AuditLog log = AuditSamples.Log(new MemoryFiles(), AuditSamples.Options(capacity: 16_384));
        log.StartWithoutThread(AuditSamples.Start);
        SurgeDecision decision = AuditSamples.Decision(0);
        PricingCore.Quotes.Quote quote = AuditSamples.Quote(decision, "request", AuditSamples.Start);
        RecordSome(6_000);
        Assert.True(log.Step());

        Assert.Equal(0, AllocatedBytes.Of(() => RecordSome(1_000))); // Six times.

        void RecordSome(int count)
        {
            for (int i = 0; i < count / 2; i++)
            {
                log.TryReserve();
                log.Record(quote, AuditSamples.Start, "user");
                log.TryReserve();
                log.Record(decision, 0, i + 1, i, AuditSamples.Start, AuditSamples.Row);
                log.TryReserve();
                log.Release();
            }
        }
    }

    [Fact]
    public void Retention_RemovesOldSegments_AndTheChainStillVerifies()
    {
        AuditOptions options = AuditSamples.Options();
        options.KeepFor = TimeSpan.FromDays(1);
        MemoryFiles files = AuditSamples.Written(600, options);
        int before = AuditSamples.Verify(files).Segments;

        using (AuditLog log = AuditSamples.Log(files, options))
        {
            log.StartWithoutThread(AuditSamples.Start + (2L * 24 * 3_600 * 1_000_000));
        }

        AuditReport report = AuditSamples.Verify(files);
        Assert.Empty(report.Faults);
        Assert.True(before > 2 && report.Segments == 1, $"{before} segments before, {report.Segments} after.");
        Assert.Contains(report.Notes, note => note.Contains("because of their age", StringComparison.Ordinal));
        Assert.False(AuditSamples.Reader(files).TryFindQuote(AuditSamples.RequestOf(0, 0), out _));
    }

    [Fact]
    public void DestroyedKey_LeavesTheChain_AndHashesThatNobodyCanTieToAUser()
    {
        using var scratch = new ScratchFolder();
        string keyFile = scratch.At("users.key");
        AuditOptions options = AuditSamples.Options();
        options.UserKey = AuditKeyFile.LoadOrCreate(keyFile);
        Assert.Equal(options.UserKey.ToArray(), AuditKeyFile.LoadOrCreate(keyFile));
        MemoryFiles files = AuditSamples.Written(2, options);
        string before = AuditSamples.Reader(files).ReadQuotes().Select(quote => quote.UserHash!).Distinct().Single();

        string name = AuditKeyFile.Destroy(keyFile)!;
        options.UserKey = AuditKeyFile.LoadOrCreate(keyFile);
        using (AuditLog log = AuditSamples.Log(files, options))
        {
            log.StartWithoutThread(AuditSamples.Start);
            Assert.True(log.TryReserve());
            log.RecordKeyDestroyed(name, AuditSamples.Start);
            AuditSamples.Add(log, 2);
            Assert.True(log.Step());
        }

        AuditReport report = AuditSamples.Verify(files);
        Assert.Empty(report.Faults);
        Assert.Contains(report.Notes, note => note.Contains(name, StringComparison.Ordinal) && note.Contains("destroyed", StringComparison.Ordinal));
        string[] hashes = [.. AuditSamples.Reader(files).ReadQuotes().Select(quote => quote.UserHash!).Distinct()];
        Assert.Equal(2, hashes.Length); // The same user under the new key is another hash.
        Assert.Equal(before, hashes[0]);
        Assert.DoesNotContain("user-1"u8.ToArray(), files.Paths.Where(path => path.EndsWith(".log", StringComparison.Ordinal)).Select(path => files[path]), new HoldsBytes());
    }

    private static List<int> MarksOf(byte[] segment) =>
        [.. AuditSamples.FramesOf(segment).Where(frame => segment[frame.Offset + 9] == (byte)AuditRecordKind.Mark).Select(frame => frame.Offset)];

    private sealed class HoldsBytes : IEqualityComparer<byte[]>
    {
        public bool Equals(byte[]? x, byte[]? y) => x!.AsSpan().IndexOf(y) >= 0 || y!.AsSpan().IndexOf(x) >= 0;

        public int GetHashCode(byte[] obj) => 0;
    }
}
