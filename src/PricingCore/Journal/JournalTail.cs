using PricingCore.Storage;

namespace PricingCore.Journal;

/// <summary>Where a journal ends, after its tail was cut for writing.</summary>
/// <param name="NextSequence">Of the next record.</param>
/// <param name="LastNumber">Of the last segment; 0 when there is none.</param>
/// <param name="LastBytes">Its length.</param>
/// <param name="Torn">What was cut; null when nothing was.</param>
internal sealed record JournalTail(long NextSequence, long LastNumber, long LastBytes, TornTail? Torn)
{
    /// <summary>Cuts a torn tail, and makes all before it safe: a process may have died between writing and syncing.</summary>
    /// <exception cref="JournalDamagedException">The last segment is damaged.</exception>
    /// <exception cref="IOException">It cannot be cut.</exception>
    public static JournalTail Cut(IFileStore files, string directory)
    {
        files.SyncDirectory(directory); // What was removed and is not seen now must not come back later.
        List<SegmentFile> segments = SegmentFile.List(files, directory);
        TornTail? torn = null;
        if (SegmentFile.DropUnborn(files, segments) is { } unborn)
        {
            torn = new TornTail(unborn.Path, 0, unborn.Bytes);
            files.Delete(unborn.Path);
            files.SyncDirectory(directory);
        }

        if (segments.Count == 0)
        {
            return new JournalTail(1, 0, 0, torn);
        }

        SegmentFile last = segments[^1];
        using var reader = new SegmentReader(files, last, limit: null);
        long safe = 0; // Not even the header is known to be, until a block says so.
        while (reader.TryRead(out BlockHeader header))
        {
            safe = header.SyncedBytes;
        }

        using (IStoredFile file = files.Open(last.Path, forWriting: true))
        {
            file.SetLength(reader.Position);
            Rewrite(file, safe, reader.Position);
            file.Sync();
        }

        return new JournalTail(reader.NextSequence, last.Number, reader.Position, reader.Torn ?? torn);
    }

    /// <summary>After a sync that failed, the system may hold as safe what is not: written again, it is not taken for that.</summary>
    private static void Rewrite(IStoredFile file, long from, long to)
    {
        var chunk = new byte[256 * 1_024];
        while (from < to)
        {
            int read = file.Read(from, chunk.AsSpan(0, (int)Math.Min(chunk.Length, to - from)));
            file.Write(from, chunk.AsSpan(0, read));
            from += Math.Max(read, 1);
        }
    }
}
