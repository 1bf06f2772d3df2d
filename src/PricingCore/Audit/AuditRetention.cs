using Microsoft.Extensions.Logging;
using PricingCore.Storage;

namespace PricingCore.Audit;

/// <summary>Removes the oldest segments once all their records are older than they are kept for; the log says so before.</summary>
/// <remarks>Age is counted against the newest record, so that a clock that is wrong at a start removes nothing. The note lets a check tell this from a theft.</remarks>
/// <threadsafety>One thread: the log's.</threadsafety>
internal sealed class AuditRetention(SegmentFiles files, long keepMicros, ILogger logger)
{
    private readonly Queue<(int Segment, long LastAt, byte[] Hash)> _closed = new();
    private bool _isHalted;

    /// <summary>Reads the trailers of the segments that are there.</summary>
    /// <param name="open">The segment that is written.</param>
    /// <exception cref="IOException">They cannot be read.</exception>
    public void Learn(int open)
    {
        foreach (int number in files.List().Where(number => number < open))
        {
            using IStoredFile file = files.Open(number);
            SegmentTrailer? trailer = SegmentTrailer.ReadLast(file);
            if (trailer is null)
            {
                _isHalted = true; // Damaged: evidence that is never removed by itself, nor is what follows it.
                return;
            }

            Add(trailer);
        }
    }

    /// <summary>Takes in a segment that was closed.</summary>
    public void Add(SegmentTrailer trailer)
    {
        if (!_isHalted)
        {
            _closed.Enqueue((trailer.Segment, trailer.LastAt, trailer.Hash()));
        }
    }

    /// <summary>Notes in the open segment what is too old, and removes it.</summary>
    /// <exception cref="IOException">The note cannot be written; nothing is removed.</exception>
    public void Apply(OpenSegment open, long now)
    {
        var old = _closed.TakeWhile(segment => now - segment.LastAt > keepMicros).ToList();
        if (old.Count == 0)
        {
            return;
        }

        (int through, _, byte[] hash) = old[^1];
        RecordWriter writer = open.Begin(now);
        NoteRecords.WriteRemoved(ref writer, through, hash);
        open.Commit(writer, AuditRecordKind.Removed, now);
        open.Flush();
        try
        {
            foreach ((int segment, _, _) in old)
            {
                files.Delete(segment);
                _closed.Dequeue();
            }

            files.Store.SyncDirectory(files.Directory);
            AuditLogNotes.Removed(logger, files.PathOf(through));
        }
        catch (IOException failure)
        {
            AuditLogNotes.NotRemoved(logger, failure);
        }
    }
}
