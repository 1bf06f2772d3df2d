using PricingCore.Storage;

namespace PricingCore.Journal;

/// <summary>Makes a damaged journal readable again by ending it before the damage. Nothing is thrown away: the damaged files stay beside it.</summary>
/// <param name="Fault">The damage.</param>
/// <param name="LastSequenceKept">The last record that stays; 0 when none does.</param>
/// <param name="LastSequenceSeen">The last record that is still whole behind the damage; not more than the kept one when there is none.</param>
/// <param name="Bytes">How many bytes go out of the journal.</param>
/// <param name="SetAside">The files that are damaged or come behind the damage.</param>
internal sealed record JournalRepair(
    JournalDamagedException Fault, long LastSequenceKept, long LastSequenceSeen, long Bytes, IReadOnlyList<string> SetAside)
{
    /// <summary>What is put behind the name of a file that is set aside.</summary>
    public const string AsideSuffix = ".damaged";

    /// <summary>Records that are known to be lost; there may have been more.</summary>
    public long RecordsLost => Math.Max(0, LastSequenceSeen - LastSequenceKept);

    /// <summary>Says what a repair would do; changes nothing.</summary>
    /// <param name="files">Where the journal is.</param>
    /// <param name="directory">The lane's directory.</param>
    /// <param name="report">What a check of it has found.</param>
    /// <returns>The repair; null when there is nothing to repair.</returns>
    public static JournalRepair? Plan(IFileStore files, string directory, JournalReport report)
    {
        if (report.Fault is not { } fault)
        {
            return null;
        }

        long seen = report.LastSequence;
        long bytes = 0;
        var aside = new List<string>();
        foreach (SegmentFile segment in SegmentFile.List(files, directory))
        {
            int order = string.CompareOrdinal(segment.Path, fault.File);
            if (order < 0)
            {
                continue;
            }

            long from = order == 0 ? fault.Offset : 0;
            using IStoredFile file = files.Open(segment.Path);
            var scan = TailScan.Of(file, segment.Number, from);
            seen = Math.Max(seen, scan.NextSequence - 1);
            bytes += Math.Max(0, scan.LastByte - from);
            aside.Add(segment.Path);
        }

        return new JournalRepair(fault, report.LastSequence, seen, bytes, aside);
    }

    /// <summary>Does it. Stopped half-way, it can be done again.</summary>
    /// <exception cref="IOException">A file could not be set aside.</exception>
    public void Apply(IFileStore files, string directory)
    {
        // The last first: a journal that ends earlier is whole, one with a hole is not.
        foreach (string path in SetAside.Reverse())
        {
            if (path == Fault.File && Fault.Offset > SegmentHeader.Size)
            {
                Copy(files, path, path + AsideSuffix);
                files.SyncDirectory(directory);
                using IStoredFile file = files.Open(path, forWriting: true);
                file.SetLength(Math.Min(Fault.Offset, file.Length));
                file.Sync();
            }
            else
            {
                files.Rename(path, path + AsideSuffix);
                files.SyncDirectory(directory);
            }
        }
    }

    private static void Copy(IFileStore files, string from, string to)
    {
        files.Delete(to); // Of a repair that was stopped half-way.
        using IStoredFile source = files.Open(from);
        using IStoredFile target = files.Create(to, 0);
        var chunk = new byte[1 << 20];
        for (long at = 0; at < source.Length;)
        {
            int read = source.Read(at, chunk);
            target.Write(at, chunk.AsSpan(0, read));
            at += read;
        }

        target.Sync();
    }
}
