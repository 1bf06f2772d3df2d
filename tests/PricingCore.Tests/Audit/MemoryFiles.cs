using PricingCore.Storage;

namespace PricingCore.Tests.Audit;

/// <summary>Files in memory whose bytes a test may change, and that fail when told to.</summary>
internal sealed class MemoryFiles : IFileStore
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, byte[]> _files = new(StringComparer.Ordinal);

    /// <summary>Whether writing, syncing and making files fails.</summary>
    public volatile bool IsFull;

    public byte[] this[string path]
    {
        get
        {
            lock (_lock)
            {
                return _files.TryGetValue(path, out byte[]? bytes) ? bytes : throw new FileNotFoundException(path);
            }
        }

        set
        {
            lock (_lock)
            {
                _files[path] = value;
            }
        }
    }

    public IReadOnlyList<string> Paths
    {
        get
        {
            lock (_lock)
            {
                return [.. _files.Keys];
            }
        }
    }

    /// <summary>The same files, to be changed apart.</summary>
    public MemoryFiles Copy()
    {
        var copy = new MemoryFiles();
        foreach (string path in Paths)
        {
            copy[path] = [.. this[path]];
        }

        return copy;
    }

    public void CreateDirectory(string path)
    {
    }

    public IReadOnlyList<string> List(string directory) =>
        [.. Paths.Where(path => path.StartsWith(directory + "/", StringComparison.Ordinal)).Select(path => path[(directory.Length + 1)..])];

    public IStoredFile Create(string path, long reservedBytes)
    {
        Check();
        this[path] = new byte[reservedBytes];
        return new MemoryFile(this, path);
    }

    public IStoredFile Open(string path, bool forWriting = false)
    {
        _ = this[path];
        return new MemoryFile(this, path);
    }

    public void Rename(string from, string to)
    {
        Check();
        this[to] = this[from];
        Delete(from);
    }

    public void Delete(string path)
    {
        lock (_lock)
        {
            _files.Remove(path);
        }
    }

    public void SyncDirectory(string path) => Check();

    private void Check()
    {
        if (IsFull)
        {
            throw new IOException("No space left on device.");
        }
    }

    private sealed class MemoryFile(MemoryFiles files, string path) : IStoredFile
    {
        public long Length => files[path].Length;

        public void Write(long offset, ReadOnlySpan<byte> bytes)
        {
            files.Check();
            byte[] there = files[path];
            if (there.Length < offset + bytes.Length)
            {
                Array.Resize(ref there, (int)offset + bytes.Length);
            }

            bytes.CopyTo(there.AsSpan((int)offset));
            files[path] = there;
        }

        public int Read(long offset, Span<byte> bytes)
        {
            byte[] there = files[path];
            int count = (int)Math.Clamp(there.Length - offset, 0, bytes.Length);
            there.AsSpan((int)Math.Min(offset, there.Length), count).CopyTo(bytes);
            return count;
        }

        public void Sync() => files.Check();

        public void SetLength(long length)
        {
            files.Check();
            byte[] there = files[path];
            Array.Resize(ref there, (int)length);
            files[path] = there;
        }

        public void Dispose()
        {
        }
    }
}
