using PricingCore.Storage;

namespace PricingCore.AspNetCore.Tests.HardTimes;

/// <summary>The disk's files, which can refuse to be written, as when there is no room.</summary>
internal sealed class FailingFiles : IFileStore
{
    private readonly DiskFileStore _disk = DiskFileStore.Instance;
    private readonly TaskCompletionSource _refused = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isFailing;

    public bool IsFailing
    {
        get => _isFailing;
        set => _isFailing = value;
    }

    /// <summary>Completes at the first write that is refused.</summary>
    public Task Refused => _refused.Task;

    public void CreateDirectory(string path) => _disk.CreateDirectory(path);

    public IReadOnlyList<string> List(string directory) => _disk.List(directory);

    public IStoredFile Create(string path, long reservedBytes)
    {
        ThrowIfFailing();
        return new FailingFile(this, _disk.Create(path, reservedBytes));
    }

    public IStoredFile Open(string path, bool forWriting = false) => new FailingFile(this, _disk.Open(path, forWriting));

    public void Rename(string from, string to) => _disk.Rename(from, to);

    public void Delete(string path) => _disk.Delete(path);

    public void SyncDirectory(string path) => _disk.SyncDirectory(path);

    private void ThrowIfFailing()
    {
        if (_isFailing)
        {
            _refused.TrySetResult();
            throw new IOException("No space left on device");
        }
    }

    private sealed class FailingFile(FailingFiles files, IStoredFile file) : IStoredFile
    {
        public long Length => file.Length;

        public void Write(long offset, ReadOnlySpan<byte> bytes)
        {
            files.ThrowIfFailing();
            file.Write(offset, bytes);
        }

        public int Read(long offset, Span<byte> bytes) => file.Read(offset, bytes);

        public void Sync()
        {
            files.ThrowIfFailing();
            file.Sync();
        }

        public void SetLength(long length) => file.SetLength(length);

        public void Dispose() => file.Dispose();
    }
}
