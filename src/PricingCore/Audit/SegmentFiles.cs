using PricingCore.Storage;

namespace PricingCore.Audit;

/// <summary>The files of an audit log in their folder.</summary>
internal sealed class SegmentFiles(IFileStore store, string directory)
{
    public IFileStore Store => store;

    public string Directory => directory;

    /// <summary>The numbers of the segments that are there, in order.</summary>
    public List<int> List() => [.. store.List(directory).Select(AuditFormat.NumberOf).Where(number => number > 0).Order()];

    public string PathOf(int segment) => $"{directory}/{AuditFormat.NameOf(segment)}";

    public string IndexPathOf(int segment) => $"{directory}/{AuditFormat.IndexNameOf(segment)}";

    public IStoredFile Open(int segment, bool forWriting = false) => store.Open(PathOf(segment), forWriting);

    /// <summary>Makes a segment with its header, safe on disk. What an earlier try left under the name, of which nothing can be a record, is replaced.</summary>
    /// <exception cref="IOException">It failed.</exception>
    public IStoredFile Create(SegmentHeader header)
    {
        string path = PathOf(header.Number);
        store.Delete(path);
        IStoredFile file = store.Create(path, reservedBytes: 0);
        try
        {
            file.Write(0, header.ToBytes());
            file.Sync();
            store.SyncDirectory(directory);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Writes a file beside, then gives it its name, so that it is whole or not there.</summary>
    /// <param name="path">Its name.</param>
    /// <param name="length">Its bytes, more or less: room that is taken at once.</param>
    /// <param name="write">Writes them.</param>
    /// <exception cref="IOException">It failed.</exception>
    public void WriteWhole(string path, long length, Action<IStoredFile> write)
    {
        string beside = path + ".new";
        store.Delete(beside);
        using (IStoredFile file = store.Create(beside, length))
        {
            write(file);
            file.Sync();
        }

        store.Rename(beside, path);
        store.SyncDirectory(directory);
    }

    /// <summary>Writes the index of a closed segment.</summary>
    /// <exception cref="IOException">It failed.</exception>
    public void WriteIndex(SegmentTrailer trailer, KeyList keys)
    {
        using SortedKeys entries = keys.ToSorted();
        WriteWhole(IndexPathOf(trailer.Segment), IndexFile.BytesOf(keys.Count), file => IndexFile.Write(file, trailer, entries));
    }

    /// <summary>Removes a segment and what belongs to it.</summary>
    public void Delete(int segment)
    {
        store.Delete(IndexPathOf(segment));
        store.Delete(PathOf(segment));
        string cut = FormattableString.Invariant($"audit-{segment:D10}-");
        foreach (string name in store.List(directory).Where(name => name.StartsWith(cut, StringComparison.Ordinal)))
        {
            store.Delete($"{directory}/{name}");
        }
    }

    /// <summary>Where bytes that were cut off a segment are kept.</summary>
    public string CutPathOf(int segment, long offset) => FormattableString.Invariant($"{directory}/audit-{segment:D10}-{offset}.cut");
}
