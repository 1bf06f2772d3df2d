using PricingCore.Diagnostics;
using PricingCore.Events;
using PricingCore.Ring;

namespace PricingCore.Journal;

/// <summary>A loop's way to its journal: a buffer that the loop fills, and a thread that writes what it finds there, group by group.</summary>
/// <remarks>
/// Whatever has come in while one group was being written and synced is the next group, so groups grow with the load and a lone record waits for nothing but the disk.
/// When the disk fails, a durable lane keeps everything and tries again until it works; a buffered one lets the loop go on and drops what has no room, which leaves
/// a gap that the journal says and a snapshot bridges.
/// </remarks>
/// <threadsafety><see cref="Put"/> and <see cref="Room"/>: the loop. <see cref="WriteGroup"/>: the lane's thread, or a test in its place. The rest: any.</threadsafety>
internal sealed class JournalLane : IDisposable
{
    /// <summary>Room that is left for what the loop itself has to say (the decisions it makes) after it has copied records.</summary>
    private const int RoomForDecisions = 8_192;

    private const int Capacity = 65_536;
    private const int MaxGroup = 16_384;

    /// <summary>Unsynced records after which a buffered lane syncs although more are waiting.</summary>
    private const int MostUnsynced = 1_000_000;

    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(20);

    private readonly EventRing<AcceptedEvent> _buffer = new(Capacity);
    private readonly INoteSource _notes;
    private readonly IdleWait _loop;
    private readonly IdleWait _idle = new();
    private readonly ManualResetEventSlim _closing = new();
    private readonly JournalWriter _writer;
    private readonly Action<IOException?> _onFailure;
    private readonly bool _isDurable;
    private readonly Thread _thread;
    private readonly long _first;
    private long _put;
    private long _written;
    private long _unsynced;
    private long _retireAt;
    private long _retireFrom;
    private volatile bool _isEnding;
    private volatile bool _isAbandoned;
    private volatile bool _wantsSafe;
    private volatile bool _isFailing;

    /// <param name="number">The number of the loop.</param>
    /// <param name="writer">The files; the lane disposes it.</param>
    /// <param name="notes">What a reader must know before it reads records.</param>
    /// <param name="isDurable">Whether the loop waits for the disk.</param>
    /// <param name="loop">Wakes the loop.</param>
    /// <param name="onFailure">Told when the disk begins to fail, and, with null, when it works again.</param>
    public JournalLane(int number, JournalWriter writer, INoteSource notes, bool isDurable, IdleWait loop, Action<IOException?> onFailure)
    {
        _writer = writer;
        _notes = notes;
        _isDurable = isDurable;
        _loop = loop;
        _onFailure = onFailure;
        _first = writer.NextSequence;
        _put = _first - 1;
        _written = _put;
        _thread = new Thread(Run) { IsBackground = true, Name = $"PricingCore journal {number}" };
    }

    /// <summary>Records that the loop may copy now.</summary>
    public int Room => Math.Max(0, Capacity - RoomForDecisions - _buffer.Count);

    /// <summary>The last record that the loop may handle.</summary>
    public long ReadySequence => _isDurable ? Volatile.Read(ref _written) : _put;

    /// <summary>The last record that is written, and with <see cref="Durability.Durable"/> synced.</summary>
    public long WrittenSequence => Volatile.Read(ref _written);

    /// <summary>The last record that the loop has put in. Read by the loop.</summary>
    public long PutSequence => _put;

    /// <summary>The last record that is synced.</summary>
    public long SafeSequence => _writer.DurableSequence;

    /// <summary>Records that wait to be written.</summary>
    public int Waiting => _buffer.Count;

    /// <summary>Asks for a sync soon, of what a buffered lane has written.</summary>
    public void WantSafe()
    {
        _wantsSafe = true;
        _idle.WakeIfSleeping();
    }

    /// <summary>Whether the disk fails at the moment.</summary>
    public bool IsFailing => _isFailing;

    /// <summary>Whether what cannot be written was given up, since the engine ends while its disk fails. Once so, it stays so: what came later must not be stored without it.</summary>
    public bool IsAbandoned => _isAbandoned || (_isAbandoned = _isEnding && _isFailing);

    /// <summary>Begins to write.</summary>
    public void Start() => _thread.Start();

    /// <summary>Adds records, at most <see cref="Room"/> of them.</summary>
    /// <returns>The sequence of the first.</returns>
    public long Put(ReadOnlySpan<AcceptedEvent> records)
    {
        SpinWait spin = default;
        while (!IsAbandoned && !_buffer.TryPublish(records)) // What is given up here is made again from what is on disk.
        {
            spin.SpinOnce();
        }

        long first = _put + 1;
        _put += records.Length;
        _idle.WakeIfSleeping();
        return first;
    }

    /// <summary>Writes what waits, as one group.</summary>
    /// <returns>Whether there was anything to do.</returns>
    public bool WriteGroup()
    {
        int count = _isFailing && _isDurable ? 0 : _buffer.Available(MaxGroup);
        if (count > 0)
        {
            Pack(count);
        }

        if (count == 0 && !_isFailing && _unsynced == 0)
        {
            return false;
        }

        try
        {
            bool syncs = _isDurable || count == 0 || _unsynced >= MostUnsynced || _wantsSafe;
            _wantsSafe = false;
            long begin = TimeProvider.System.GetTimestamp(); // Only measured: nothing that is decided depends on it.
            _writer.Commit(syncs);
            PricingMeters.CountGroup(TimeProvider.System.GetElapsedTime(begin), count);
            _unsynced = syncs ? 0 : _unsynced;
        }
        catch (IOException e)
        {
            Fail(e);
            return false;
        }

        if (_isFailing)
        {
            _isFailing = false;
            _onFailure(null);
        }

        Volatile.Write(ref _written, _writer.NextSequence - 1);
        _loop.WakeIfSleeping();
        return true;
    }

    /// <summary>A round of the lane's thread; a simulation, which has none, does it in its place.</summary>
    /// <returns>Whether something was written.</returns>
    public bool Step()
    {
        bool hasWritten = WriteGroup();
        RetireIfAsked();
        return hasWritten;
    }

    /// <summary>Removes segments that nobody needs any more. Runs on the lane's thread, between groups.</summary>
    public void Retire(long keepFromSequence, long nowMicros)
    {
        Volatile.Write(ref _retireAt, nowMicros);
        Volatile.Write(ref _retireFrom, keepFromSequence); // Release: the time, then the number that announces it.
        _idle.WakeIfSleeping();
    }

    /// <summary>Writes all that was put in, and ends the thread. The loop must have ended.</summary>
    public void Close()
    {
        _closing.Set();
        _idle.WakeIfSleeping();
        if (!_thread.ThreadState.HasFlag(ThreadState.Unstarted))
        {
            _thread.Join();
        }

        while (WriteGroup())
        {
        }

        if (!_isFailing)
        {
            CloseWriter();
        }
    }

    /// <summary>The engine ends: from now on, what cannot be written is given up. Before the loop is told to end.</summary>
    public void BeginEnd()
    {
        _isEnding = true;
        _loop.WakeIfSleeping();
    }

    public void Dispose()
    {
        _writer.Dispose();
        _closing.Dispose();
        _idle.Dispose();
    }

    private void Pack(int count)
    {
        for (int packed = 0; packed < count;)
        {
            ReadOnlySpan<AcceptedEvent> records = _buffer.PeekSpan(packed, count - packed);
            records = records[.._notes.WriteBefore(records, _writer)];
            _writer.Append(records);
            packed += records.Length;
        }

        _buffer.Release(count);
        _unsynced += count;
    }

    private void CloseWriter()
    {
        try
        {
            _writer.Close();
        }
        catch (IOException e)
        {
            Fail(e); // All that was acknowledged is safe; the next start only cannot tell that this one ended well.
        }
    }

    private void Fail(IOException e)
    {
        if (!_isDurable)
        {
            _writer.GiveUpPending(); // The loop goes on, and so must what it puts in.
        }

        if (!_isFailing)
        {
            _isFailing = true;
            _onFailure(e);
        }
    }

    private void Run()
    {
        while (true)
        {
            if (Step())
            {
                _idle.Reset();
            }
            else if (_isFailing)
            {
                if (_closing.Wait(RetryInterval))
                {
                    return;
                }
            }
            else if (!_idle.TrySpin() && !Sleep())
            {
                return;
            }
        }
    }

    private void RetireIfAsked()
    {
        long from = Interlocked.Exchange(ref _retireFrom, 0);
        if (from > 0)
        {
            _ = _writer.TryRetire(from, Volatile.Read(ref _retireAt)); // Else the next snapshot asks again.
        }
    }

    private bool Sleep()
    {
        _idle.BeginSleep();
        if (_buffer.Available(1) > 0 || Volatile.Read(ref _retireFrom) > 0)
        {
            _idle.CancelSleep();
            RetireIfAsked();
            return true;
        }

        if (_closing.IsSet)
        {
            return false;
        }

        _idle.Park(Timeout.InfiniteTimeSpan);
        return true;
    }
}
