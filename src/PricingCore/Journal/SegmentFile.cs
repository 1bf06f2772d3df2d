using PricingCore.Storage;

namespace PricingCore.Journal;

/// <summary>A segment as it lies in its directory.</summary>
/// <param name="Path">Its file.</param>
/// <param name="Number">From its name.</param>
/// <param name="Bytes">Length of the file.</param>
/// <param name="Header">Its header, when there is no fault.</param>
/// <param name="Fault">What is wrong with the header; null when nothing is.</param>
/// <param name="MayBeTorn">The header is such that a crash may have left it so.</param>
internal sealed record SegmentFile(string Path, long Number, long Bytes, SegmentHeader Header, string? Fault, bool MayBeTorn)
{
    /// <summary>The segments of a directory by number.</summary>
    public static List<SegmentFile> List(IFileStore files, string directory)
    {
        var segments = new List<SegmentFile>();
        Span<byte> header = stackalloc byte[SegmentHeader.Size];
        foreach (string name in files.List(directory))
        {
            long number = JournalFormat.NumberIn(name);
            if (number > 0)
            {
                string path = $"{directory}/{name}";
                using IStoredFile file = files.Open(path);
                int read = file.Read(0, header);
                string? fault = SegmentHeader.Read(header[..read], number, out SegmentHeader found, out bool mayBeTorn);
                long bytes = file.Length;
                bool isTooLong = bytes > JournalFormat.MaxSegmentBytes + JournalFormat.MaxNoteBytes;
                segments.Add(new SegmentFile(path, number, bytes, found, isTooLong ? "the segment is longer than any can be" : fault, mayBeTorn && !isTooLong));
            }
        }

        segments.Sort((a, b) => a.Number.CompareTo(b.Number));
        return segments;
    }

    /// <summary>Leaves out the last segment when a crash came between its making and its first byte that was safe.</summary>
    /// <param name="files">Where the segments are.</param>
    /// <param name="segments">The segments, shortened by one if so.</param>
    /// <returns>The segment that was left out; null when none was.</returns>
    public static SegmentFile? DropUnborn(IFileStore files, List<SegmentFile> segments)
    {
        if (segments is not [.., { Fault: not null, MayBeTorn: true } last])
        {
            return null;
        }

        // The header is safe before any block is written: a whole block says that the header was right once.
        using IStoredFile file = files.Open(last.Path);
        if (TailScan.Of(file, last.Number, 0).LastWholeBlockSynced >= 0)
        {
            return null;
        }

        segments.RemoveAt(segments.Count - 1);
        return last;
    }

    /// <summary>Throws when the header has a fault.</summary>
    /// <exception cref="JournalDamagedException">It has.</exception>
    public SegmentFile Checked() => Fault is null ? this : throw new JournalDamagedException(Path, 0, Fault);
}
