using PricingCore.Storage;
using PricingCore.Testing.Files;

namespace PricingCore.Simulation;

/// <summary>A fault that is put in on purpose, to see that a simulation finds it.</summary>
internal enum PlantedFault
{
    /// <summary>None.</summary>
    None,

    /// <summary>The disk says of the journal that it is synced, and it is not: as if events were acknowledged before they are safe.</summary>
    DiskLies,
}

/// <summary>A disk that does not sync the journal's segments when it says so.</summary>
internal sealed class LyingFileStore(SimulatedFileStore disk) : IFileStore
{
    public void CreateDirectory(string path) => disk.CreateDirectory(path);

    public IReadOnlyList<string> List(string directory) => disk.List(directory);

    public IStoredFile Create(string path, long reservedBytes) => Of(path, disk.Create(path, reservedBytes));

    public IStoredFile Open(string path, bool forWriting = false) => Of(path, disk.Open(path, forWriting));

    public void Rename(string from, string to) => disk.Rename(from, to);

    public void Delete(string path) => disk.Delete(path);

    public void SyncDirectory(string path) => disk.SyncDirectory(path);

    private static IStoredFile Of(string path, IStoredFile file) => path.Contains("/lane-", StringComparison.Ordinal) ? new Liar(file) : file;

    private sealed class Liar(IStoredFile file) : IStoredFile
    {
        private int _syncs;

        public long Length => file.Length;

        public void Write(long offset, ReadOnlySpan<byte> bytes) => file.Write(offset, bytes);

        public int Read(long offset, Span<byte> bytes) => file.Read(offset, bytes);

        /// <summary>The first is honest: it is of the header.</summary>
        public void Sync()
        {
            if (_syncs++ == 0)
            {
                file.Sync();
            }
        }

        public void SetLength(long length) => file.SetLength(length);

        public void Dispose() => file.Dispose();
    }
}
