using PricingCore.Storage;

namespace PricingCore.Tests.Journal;

/// <summary>The disk, on which the syncs of one folder take until they are let go.</summary>
internal sealed class HeldFiles(string folder) : IFileStore, IDisposable
{
    private readonly ManualResetEventSlim _free = new(initialState: true);

    public void Hold() => _free.Reset();

    public void LetGo() => _free.Set();

    public void Dispose() => _free.Dispose();

    public void CreateDirectory(string path) => DiskFileStore.Instance.CreateDirectory(path);

    public IReadOnlyList<string> List(string directory) => DiskFileStore.Instance.List(directory);

    public IStoredFile Create(string path, long reservedBytes) => Wrap(path, DiskFileStore.Instance.Create(path, reservedBytes));

    public IStoredFile Open(string path, bool forWriting = false) => Wrap(path, DiskFileStore.Instance.Open(path, forWriting));

    public void Rename(string from, string to) => DiskFileStore.Instance.Rename(from, to);

    public void Delete(string path) => DiskFileStore.Instance.Delete(path);

    public void SyncDirectory(string path) => DiskFileStore.Instance.SyncDirectory(path);

    private IStoredFile Wrap(string path, IStoredFile file) => path.Contains(folder, StringComparison.Ordinal) ? new HeldFile(file, _free) : file;

    private sealed class HeldFile(IStoredFile file, ManualResetEventSlim free) : IStoredFile
    {
        public long Length => file.Length;

        public void Write(long offset, ReadOnlySpan<byte> bytes) => file.Write(offset, bytes);

        public int Read(long offset, Span<byte> bytes) => file.Read(offset, bytes);

        public void Sync()
        {
            free.Wait();
            file.Sync();
        }

        public void SetLength(long length) => file.SetLength(length);

        public void Dispose() => file.Dispose();
    }
}
