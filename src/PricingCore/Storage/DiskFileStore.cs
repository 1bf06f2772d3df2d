using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PricingCore.Storage;

/// <summary>The files of the operating system.</summary>
/// <threadsafety>Any thread.</threadsafety>
internal sealed partial class DiskFileStore : IFileStore
{
    private DiskFileStore()
    {
    }

    /// <summary>The one there is.</summary>
    public static DiskFileStore Instance { get; } = new();

    public void CreateDirectory(string path)
    {
        string full = Path.GetFullPath(path);
        if (Directory.Exists(full))
        {
            return;
        }

        string? parent = Path.GetDirectoryName(full);
        if (parent is not null)
        {
            CreateDirectory(parent);
        }

        Directory.CreateDirectory(full);
        if (parent is not null)
        {
            SyncDirectory(parent);
        }
    }

    public IReadOnlyList<string> List(string directory) =>
        Directory.Exists(directory)
            ? [.. Directory.EnumerateFiles(directory).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)]
            : [];

    public IStoredFile Create(string path, long reservedBytes) =>
        new DiskFile(File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read, FileOptions.None, reservedBytes));

    public IStoredFile Open(string path, bool forWriting = false) =>
        new DiskFile(File.OpenHandle(path, FileMode.Open, forWriting ? FileAccess.ReadWrite : FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));

    public void Rename(string from, string to) => File.Move(from, to, overwrite: true);

    public void Delete(string path) => File.Delete(path);

    public void SyncDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return; // NTFS journals its entries, and a directory cannot be opened for this.
        }

        int descriptor = Open(path, flags: 0); // O_RDONLY
        if (descriptor < 0 || FullSync(descriptor) != 0)
        {
            int error = Marshal.GetLastPInvokeError();
            _ = descriptor >= 0 ? Close(descriptor) : 0;
            throw new IOException($"Could not sync the directory {path}: {Marshal.GetPInvokeErrorMessage(error)}", error);
        }

        _ = Close(descriptor);
    }

    public IDisposable Lock(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new IOException($"{path} is held by another process: one engine at a time can use this directory. Stop the other, or give this one a directory of its own.", e);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FullSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int SyncData(SafeFileHandle descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);

    private sealed class DiskFile(SafeFileHandle handle) : IStoredFile
    {
        public long Length => RandomAccess.GetLength(handle);

        public void Write(long offset, ReadOnlySpan<byte> bytes) => RandomAccess.Write(handle, bytes, offset);

        public int Read(long offset, Span<byte> bytes)
        {
            int read = 0;
            while (read < bytes.Length)
            {
                int count = RandomAccess.Read(handle, bytes[read..], offset + read);
                if (count == 0)
                {
                    break;
                }

                read += count;
            }

            return read;
        }

        public void Sync()
        {
            if (!OperatingSystem.IsLinux())
            {
                RandomAccess.FlushToDisk(handle);
            }
            else if (SyncData(handle) != 0)
            {
                int error = Marshal.GetLastPInvokeError();
                throw new IOException($"Could not sync to disk: {Marshal.GetPInvokeErrorMessage(error)}", error);
            }
        }

        public void SetLength(long length) => RandomAccess.SetLength(handle, length);

        public void Dispose() => handle.Dispose();
    }
}
