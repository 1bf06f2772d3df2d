using PricingCore.Storage;

namespace PricingCore.StressTests.Journal;

/// <summary>Files in memory, for reading; one of them can be exchanged.</summary>
internal sealed class BytesStore(SortedDictionary<string, byte[]> files) : IFileStore
{
    public const string Folder = "j";

    /// <summary>What a file holds now.</summary>
    public byte[] this[string name]
    {
        get => files[name];
        set => files[name] = value;
    }

    public IReadOnlyList<string> List(string directory) => [.. files.Keys];

    public IStoredFile Open(string path, bool forWriting = false) => new Bytes(files[path[(Folder.Length + 1)..]]);

    public void CreateDirectory(string path) => throw new NotSupportedException();

    public IStoredFile Create(string path, long reservedBytes) => throw new NotSupportedException();

    public void Rename(string from, string to) => throw new NotSupportedException();

    public void Delete(string path) => throw new NotSupportedException();

    public void SyncDirectory(string path) => throw new NotSupportedException();

    private sealed class Bytes(byte[] content) : IStoredFile
    {
        public long Length => content.Length;

        public int Read(long offset, Span<byte> bytes)
        {
            int count = (int)Math.Clamp(content.Length - offset, 0, bytes.Length);
            content.AsSpan((int)Math.Min(offset, content.Length), count).CopyTo(bytes);
            return count;
        }

        public void Write(long offset, ReadOnlySpan<byte> bytes) => throw new NotSupportedException();

        public void Sync() => throw new NotSupportedException();

        public void SetLength(long length) => throw new NotSupportedException();

        public void Dispose()
        {
            // Nothing is held.
        }
    }
}
