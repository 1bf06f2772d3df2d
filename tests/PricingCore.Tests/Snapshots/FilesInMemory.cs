using PricingCore.Storage;

namespace PricingCore.Tests.Snapshots;

/// <summary>Files in memory, which can be told to fail; every write and sync is counted.</summary>
internal sealed class FilesInMemory : IFileStore
{
    private readonly SortedDictionary<string, byte[]> _files = new(StringComparer.Ordinal);

    /// <summary>What was done, in order: <c>create a</c>, <c>sync a</c>, <c>rename a b</c>, <c>delete a</c>, <c>syncdir d</c>.</summary>
    public List<string> Log { get; } = [];

    /// <summary>Operations left until every one fails; negative for none.</summary>
    public int FailsAfter { get; set; } = -1;

    public byte[] this[string path]
    {
        get => _files[path];
        set => _files[path] = value;
    }

    public IEnumerable<string> Paths => _files.Keys;

    public void CreateDirectory(string path) => Note("mkdir " + path);

    public IReadOnlyList<string> List(string directory) =>
        [.. _files.Keys.Where(path => path.StartsWith(directory + "/", StringComparison.Ordinal)).Select(path => path[(directory.Length + 1)..])];

    public IStoredFile Create(string path, long reservedBytes)
    {
        Note("create " + path);
        if (!_files.TryAdd(path, []))
        {
            throw new IOException(path + " exists.");
        }

        return new FileInMemory(this, path);
    }

    public IStoredFile Open(string path, bool forWriting = false) => _files.ContainsKey(path) ? new FileInMemory(this, path) : throw new FileNotFoundException(path);

    public void Rename(string from, string to)
    {
        Note($"rename {from} {to}");
        _files[to] = _files[from];
        _files.Remove(from);
    }

    public void Delete(string path)
    {
        Note("delete " + path);
        _files.Remove(path);
    }

    public void SyncDirectory(string path) => Note("syncdir " + path);

    private void Note(string what)
    {
        if (FailsAfter >= 0 && FailsAfter-- == 0)
        {
            FailsAfter = 0;
            throw new IOException("No space left on device: " + what);
        }

        Log.Add(what);
    }

    private sealed class FileInMemory(FilesInMemory store, string path) : IStoredFile
    {
        public long Length => store._files[path].Length;

        public void Write(long offset, ReadOnlySpan<byte> bytes)
        {
            store.Note("write " + path);
            byte[] content = store._files[path];
            Array.Resize(ref content, (int)Math.Max(content.Length, offset + bytes.Length));
            bytes.CopyTo(content.AsSpan((int)offset));
            store._files[path] = content;
        }

        public int Read(long offset, Span<byte> bytes)
        {
            byte[] content = store._files[path];
            int count = (int)Math.Clamp(content.Length - offset, 0, bytes.Length);
            content.AsSpan((int)Math.Min(offset, content.Length), count).CopyTo(bytes);
            return count;
        }

        public void Sync() => store.Note("sync " + path);

        public void SetLength(long length)
        {
            byte[] content = store._files[path];
            Array.Resize(ref content, (int)length);
            store._files[path] = content;
        }

        public void Dispose()
        {
        }
    }
}
