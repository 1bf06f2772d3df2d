using System.Globalization;
using PricingCore.Storage;

namespace PricingCore.Snapshots;

/// <summary>The snapshots of a directory: writes the next, finds the newest that is whole, removes old ones.</summary>
/// <remarks>A snapshot is written under another name, synced, renamed and its directory synced: one with its name is whole, or was damaged later.</remarks>
/// <threadsafety>One thread at a time.</threadsafety>
/// <param name="files">Where files are.</param>
/// <param name="directory">The directory; made when the first snapshot is written.</param>
/// <param name="kept">How many to keep, the newest first; 1 or more.</param>
internal sealed class SnapshotStore(IFileStore files, string directory, int kept = SnapshotStore.DefaultKept)
{
    /// <summary>Snapshots that are kept unless told otherwise: 3.</summary>
    public const int DefaultKept = 3;

    private const string Prefix = "snapshot-";
    private const string Extension = ".snap";
    private const string Unfinished = ".tmp";

    /// <summary>The number for the next snapshot: above that of every file, whole or not.</summary>
    public long NextNumber => Numbers().DefaultIfEmpty(0).Max() + 1;

    /// <summary>The path of a snapshot.</summary>
    public string PathOf(long number) => $"{directory}/{Prefix}{number.ToString("D20", CultureInfo.InvariantCulture)}{Extension}";

    /// <summary>Writes a snapshot, then removes those beyond the newest few.</summary>
    /// <param name="head">What it is of; its number is <see cref="NextNumber"/>.</param>
    /// <param name="notes">What must be known to read it.</param>
    /// <param name="lanes">The blocks of each lane's state.</param>
    /// <exception cref="IOException">It could not be written; the snapshots before are untouched.</exception>
    public void Write(SnapshotHead head, ReadOnlyMemory<byte> notes, IReadOnlyList<IEnumerable<ReadOnlyMemory<byte>>> lanes)
    {
        files.CreateDirectory(directory);
        string path = PathOf(head.Number);
        RemoveUnfinished();
        using (IStoredFile file = files.Create(path + Unfinished, reservedBytes: 0))
        {
            new SnapshotWriter(file).Write(head, notes, lanes);
        }

        files.Rename(path + Unfinished, path);
        files.SyncDirectory(directory);
        RemoveOld();
    }

    /// <summary>Opens the newest snapshot that is whole; null when there is none.</summary>
    /// <param name="onSkipped">Told of each newer one that is not: its path, and what is wrong.</param>
    public SnapshotReader? OpenNewest(Action<string, string> onSkipped)
    {
        foreach (long number in Numbers().OrderDescending())
        {
            string path = PathOf(number);
            IStoredFile? file = null;
            try
            {
                file = files.Open(path);
                var reader = new SnapshotReader(file);
                if (reader.Head.Number == number)
                {
                    return reader;
                }

                onSkipped(path, $"It holds snapshot number {reader.Head.Number}.");
                file.Dispose();
            }
            catch (Exception wrong) when (wrong is SnapshotException or IOException or UnauthorizedAccessException)
            {
                onSkipped(path, wrong.Message);
                file?.Dispose();
            }
        }

        return null;
    }

    /// <summary>What the snapshots are of whose heads can be read, oldest first: a journal must keep what comes after the first of them.</summary>
    public IReadOnlyList<SnapshotHead> ReadHeads()
    {
        var heads = new List<SnapshotHead>();
        foreach (long number in Numbers().Order())
        {
            try
            {
                using IStoredFile file = files.Open(PathOf(number));
                heads.Add(SnapshotReader.ReadHead(file));
            }
            catch (Exception wrong) when (wrong is SnapshotException or IOException or UnauthorizedAccessException)
            {
                // It cannot be started from, so it needs nothing; OpenNewest reports it.
            }
        }

        return heads;
    }

    private List<long> Numbers()
    {
        var numbers = new List<long>();
        foreach (string name in files.List(directory))
        {
            if (name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(Extension, StringComparison.Ordinal)
                && long.TryParse(name.AsSpan(Prefix.Length, name.Length - Prefix.Length - Extension.Length), NumberStyles.None, CultureInfo.InvariantCulture, out long number)
                && number < long.MaxValue
                && PathOf(number).EndsWith("/" + name, StringComparison.Ordinal))
            {
                numbers.Add(number);
            }
        }

        return numbers;
    }

    private void RemoveOld()
    {
        bool isAnyOld = false;
        foreach (long number in Numbers().OrderDescending().Skip(kept))
        {
            files.Delete(PathOf(number));
            isAnyOld = true;
        }

        if (isAnyOld)
        {
            files.SyncDirectory(directory);
        }
    }

    private void RemoveUnfinished()
    {
        foreach (string name in files.List(directory))
        {
            if (name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(Unfinished, StringComparison.Ordinal))
            {
                files.Delete(directory + "/" + name);
            }
        }
    }
}
