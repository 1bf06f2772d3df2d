using PricingCore.Storage;

namespace PricingCore.Testing.Files;

/// <summary>Files in memory that do what disks do at their worst, the same for the same seed.</summary>
/// <remarks>
/// <para><see cref="Crash"/> is a power failure: of what was not synced, each write is kept, lost or torn at any byte, whatever becomes of the others;
/// files that were made, renamed or removed in a directory that was not synced may not have been. <see cref="Stop"/> is the death of the process alone.</para>
/// <para>A sync that fails loses some of what it should have made safe for good: programs still see it, and a second sync succeeds without it.</para>
/// </remarks>
/// <threadsafety>Any thread.</threadsafety>
internal sealed class SimulatedFileStore(int seed) : IFileStore
{
    private readonly Lock _lock = new();
    private readonly Random _random = new(seed);
    private readonly List<(string? Removed, string? Added, SimulatedContent? Content)> _entryChanges = [];
    private readonly Dictionary<string, SimulatedContent> _safeEntries = [];
    private Dictionary<string, SimulatedContent> _entries = [];
    private int _life;

    /// <summary>Of how many writes one fails; 0: none.</summary>
    public int FailingWrites { get; set; }

    /// <summary>Of how many syncs one fails; 0: none.</summary>
    public int FailingSyncs { get; set; }

    /// <summary>Bytes that all files together may have.</summary>
    public long CapacityBytes { get; set; } = long.MaxValue;

    /// <summary>After so many more operations the machine stops in the middle of one, with a <see cref="SimulatedCrashException"/>; negative: never.</summary>
    public long OperationsLeft { get; set; } = -1;

    /// <summary>Operations that change something, so far.</summary>
    public long Operations { get; private set; }

    /// <summary>The power fails: what was not synced may be lost, whole or in part, in any order.</summary>
    public void Crash()
    {
        lock (_lock)
        {
            foreach ((string? removed, string? added, SimulatedContent? content) in _entryChanges)
            {
                if (_random.Next(2) == 0)
                {
                    Apply(_safeEntries, removed, added, content);
                }
            }

            _entryChanges.Clear();
            var contents = new HashSet<SimulatedContent>(_safeEntries.Values);
            foreach (SimulatedContent content in _safeEntries.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => entry.Value))
            {
                if (contents.Remove(content))
                {
                    content.Crash(_random);
                }
            }

            _entries = new(_safeEntries);
            OperationsLeft = -1;
            _life++;
        }
    }

    /// <summary>The process dies: files are as programs saw them; handles are gone.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            OperationsLeft = -1;
            _life++;
        }
    }

    public void CreateDirectory(string path)
    {
        // Directories are not simulated: a file has a path, and that is all.
    }

    public IReadOnlyList<string> List(string directory)
    {
        lock (_lock)
        {
            return [.. _entries.Keys
                .Where(path => path.StartsWith(directory + "/", StringComparison.Ordinal) && path.LastIndexOf('/') == directory.Length)
                .Select(path => path[(directory.Length + 1)..])
                .Order(StringComparer.Ordinal)];
        }
    }

    public IStoredFile Create(string path, long reservedBytes)
    {
        lock (_lock)
        {
            Begin();
            if (_entries.ContainsKey(path))
            {
                throw new IOException($"{path} exists.");
            }

            Demand(reservedBytes);
            var content = new SimulatedContent();
            content.SetLength(reservedBytes);
            Change(null, path, content);
            return new Handle(this, content, canWrite: true);
        }
    }

    public IStoredFile Open(string path, bool forWriting = false)
    {
        lock (_lock)
        {
            return _entries.TryGetValue(path, out SimulatedContent? content) ? new Handle(this, content, forWriting) : throw new FileNotFoundException($"There is no {path}.");
        }
    }

    public void Rename(string from, string to)
    {
        lock (_lock)
        {
            Begin();
            Change(from, to, _entries.TryGetValue(from, out SimulatedContent? content) ? content : throw new FileNotFoundException($"There is no {from}."));
        }
    }

    public void Delete(string path)
    {
        lock (_lock)
        {
            Begin();
            if (_entries.ContainsKey(path))
            {
                Change(path, null, null);
            }
        }
    }

    public void SyncDirectory(string path)
    {
        lock (_lock)
        {
            Begin();
            FailOneOf(FailingSyncs, "Could not sync the directory.");
            for (int i = 0; i < _entryChanges.Count; i++)
            {
                (string? removed, string? added, SimulatedContent? content) = _entryChanges[i];
                if ((removed ?? added)!.StartsWith(path + "/", StringComparison.Ordinal))
                {
                    Apply(_safeEntries, removed, added, content);
                    _entryChanges.RemoveAt(i--);
                }
            }
        }
    }

    private static void Apply(Dictionary<string, SimulatedContent> entries, string? removed, string? added, SimulatedContent? content)
    {
        if (removed is not null)
        {
            entries.Remove(removed);
        }

        if (added is not null)
        {
            entries[added] = content!;
        }
    }

    private void Change(string? removed, string? added, SimulatedContent? content)
    {
        Apply(_entries, removed, added, content);
        _entryChanges.Add((removed, added, content));
    }

    private void Begin()
    {
        Operations++;
        if (OperationsLeft == 0)
        {
            throw new SimulatedCrashException();
        }

        OperationsLeft -= OperationsLeft > 0 ? 1 : 0;
    }

    private void FailOneOf(int count, string message)
    {
        if (count > 0 && _random.Next(count) == 0)
        {
            throw new IOException(message);
        }
    }

    private void Demand(long moreBytes)
    {
        if (CapacityBytes < long.MaxValue && _entries.Values.Sum(content => content.Seen.Length) + moreBytes > CapacityBytes)
        {
            throw new IOException("No space left on the simulated disk.");
        }
    }

    private sealed class Handle(SimulatedFileStore store, SimulatedContent content, bool canWrite) : IStoredFile
    {
        private readonly int _life = store._life;
        private bool _isClosed;

        public long Length
        {
            get
            {
                lock (store._lock)
                {
                    return content.Seen.Length;
                }
            }
        }

        public void Write(long offset, ReadOnlySpan<byte> bytes)
        {
            lock (store._lock)
            {
                BeginChange();
                try
                {
                    store.Begin();
                    store.FailOneOf(store.FailingWrites, "The simulated disk could not write.");
                    store.Demand(Math.Max(0, offset + bytes.Length - content.Seen.Length));
                }
                catch (Exception)
                {
                    content.Write(offset, bytes[..store._random.Next(bytes.Length + 1)]); // A failure comes after some of the bytes.
                    throw;
                }

                content.Write(offset, bytes);
            }
        }

        public int Read(long offset, Span<byte> bytes)
        {
            lock (store._lock)
            {
                return content.Seen.Read(offset, bytes);
            }
        }

        public void Sync()
        {
            lock (store._lock)
            {
                BeginChange();
                store.Begin();
                try
                {
                    store.FailOneOf(store.FailingSyncs, "The simulated disk could not sync.");
                }
                catch (IOException)
                {
                    content.FailToSync(store._random);
                    throw;
                }

                content.Sync();
            }
        }

        public void SetLength(long length)
        {
            lock (store._lock)
            {
                BeginChange();
                store.Begin();
                store.FailOneOf(store.FailingWrites, "The simulated disk could not change the length.");
                store.Demand(Math.Max(0, length - content.Seen.Length));
                content.SetLength(length);
            }
        }

        public void Dispose() => _isClosed = true;

        private void BeginChange()
        {
            ObjectDisposedException.ThrowIf(_isClosed || _life != store._life, this);
            if (!canWrite)
            {
                throw new IOException("The file is open for reading.");
            }
        }
    }
}
