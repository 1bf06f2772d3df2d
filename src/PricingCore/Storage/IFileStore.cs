namespace PricingCore.Storage;

/// <summary>The files that journal, snapshots and audit log are made of. Paths use <c>/</c>; what is written is safe only once it is synced.</summary>
/// <remarks>A seam, so that a simulation can tear, lose, refuse and fill up; <see cref="DiskFileStore"/> is the real one.</remarks>
/// <threadsafety>Any thread, but one at a time for a path.</threadsafety>
internal interface IFileStore
{
    /// <summary>Makes a directory and those above it, and makes its entry safe; nothing when it is there.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    void CreateDirectory(string path);

    /// <summary>The names of the files of a directory, in ordinal order; empty when there is no such directory.</summary>
    IReadOnlyList<string> List(string directory);

    /// <summary>Makes a new file for writing, with room kept for so many bytes; its entry is safe after <see cref="SyncDirectory"/>.</summary>
    /// <exception cref="IOException">It exists, or there is no room.</exception>
    IStoredFile Create(string path, long reservedBytes);

    /// <summary>Opens a file that exists.</summary>
    /// <exception cref="IOException">There is none, or it cannot be read.</exception>
    IStoredFile Open(string path, bool forWriting = false);

    /// <summary>Gives a file another name, replacing what has it; safe after <see cref="SyncDirectory"/>.</summary>
    void Rename(string from, string to);

    /// <summary>Removes a file; nothing when there is none.</summary>
    void Delete(string path);

    /// <summary>Makes the entries of a directory safe: what was created, renamed or deleted in it.</summary>
    void SyncDirectory(string path);

    /// <summary>Keeps others from using what a path stands for, until disposed; a store that only one process can see has nothing to do.</summary>
    /// <exception cref="IOException">Somebody else holds it.</exception>
    IDisposable Lock(string path) => NoLock.Instance;

    /// <summary>A lock that nobody else can ask for.</summary>
    private sealed class NoLock : IDisposable
    {
        public static readonly NoLock Instance = new();

        public void Dispose()
        {
        }
    }
}
