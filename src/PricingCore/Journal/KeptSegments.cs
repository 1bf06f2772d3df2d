using PricingCore.Storage;

namespace PricingCore.Journal;

/// <summary>The segments of a journal that is being written, and which of them may go.</summary>
/// <threadsafety>One thread.</threadsafety>
internal sealed class KeptSegments
{
    private readonly IFileStore _files;
    private readonly string _directory;
    private readonly List<(SegmentHeader Header, long Bytes)> _segments = [];

    public KeptSegments(IFileStore files, string directory)
    {
        _files = files;
        _directory = directory;
        foreach (SegmentFile file in SegmentFile.List(files, directory))
        {
            // Retention guards nothing: one with a fault stays, and so do all behind it.
            if (file.Fault is null)
            {
                _segments.Add((file.Header, file.Bytes));
            }
        }
    }

    public void Add(in SegmentHeader header, long bytes) => _segments.Add((header, bytes));

    public void RemoveLast() => _segments.RemoveAt(_segments.Count - 1);

    /// <summary>Removes the oldest segments, but none that holds a record from <paramref name="keepFromSequence"/> on.</summary>
    /// <param name="keepFromSequence">The first record that is needed.</param>
    /// <param name="beforeMicros">Segments whose records are all older go.</param>
    /// <param name="maxBytes">The oldest go while all are longer.</param>
    public void Retire(long keepFromSequence, long beforeMicros, long maxBytes)
    {
        long bytes = _segments.Sum(segment => segment.Bytes);
        while (_segments.Count > 1)
        {
            SegmentHeader next = _segments[1].Header;
            bool isOld = next.FirstTimeMicros != 0 && next.FirstTimeMicros < beforeMicros;
            if (next.FirstSequence >= keepFromSequence || // The notes of the first record may stand at the end of the segment before.
                next.Number != _segments[0].Header.Number + 1 || !(isOld || bytes > maxBytes))
            {
                return;
            }

            // One by one, each made safe: a crash in between must not leave a hole.
            _files.Delete($"{_directory}/{JournalFormat.NameOf(_segments[0].Header.Number)}");
            _files.SyncDirectory(_directory);
            bytes -= _segments[0].Bytes;
            _segments.RemoveAt(0);
        }
    }
}
