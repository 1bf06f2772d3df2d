using Microsoft.Extensions.Logging;
using PricingCore.Audit;
using PricingCore.Diagnostics;
using PricingCore.Journal;
using PricingCore.Rules;
using PricingCore.Snapshots;

namespace PricingCore;

/// <summary>Takes snapshots of an engine: memory is made ready on a thread of its own, the loops copy their state as it is at the same tick, the thread writes it.</summary>
/// <remarks>
/// Idle - (enough records) - Preparing - (memory is there) - Ready - (a tick says so) - Taking - (the last loop has copied) - Writing - Idle. A snapshot is written only
/// once the journal up to it is safe, so that the journal always connects: with the decisions before the cut, which stand behind it in the journal and which a start
/// from the snapshot does not make again.
/// </remarks>
/// <threadsafety>Any thread; <see cref="TryBegin"/> and <see cref="TakeBack"/>: whoever makes ticks.</threadsafety>
internal sealed class SnapshotTaker : IDisposable
{
    private const int RegionsAtATime = 64; // Some 0.1 ms between two batches of records.

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestFlush = TimeSpan.FromSeconds(30);

    private readonly JournalOptions _options;
    private readonly Shard[] _shards;
    private readonly JournalLane[] _lanes;
    private readonly EngineDirectories _names;
    private readonly LoopOutputs _outputs;
    private readonly EngineTerms _terms;
    private readonly AuditLog? _audit;
    private readonly ILogger _logger;
    private readonly SnapshotStore _store;
    private readonly Thread _thread;
    private readonly ManualResetEventSlim _closing = new();
    private readonly AutoResetEvent _work = new(initialState: false);
    private readonly LoopCopy?[] _copies;
    private readonly SnapshotLane[] _cut;
    private readonly RuleSet?[] _rules;
    private readonly PlanNote[] _plans;
    private readonly long[] _takenAt;
    private readonly long[] _putBefore;
    private readonly LoopCopy.Bytes[] _sizes;
    private readonly Func<bool>[] _copyMore;
    private int _left;
    private long _written;
    private long _time;
    private volatile Step _step;
    private volatile bool _isWanted;

    /// <param name="options">Where and how often.</param>
    /// <param name="shards">The loops.</param>
    /// <param name="lanes">Their journals.</param>
    /// <param name="names">Numbers of names.</param>
    /// <param name="outputs">What the loops follow.</param>
    /// <param name="terms">What the loops depend on.</param>
    /// <param name="audit">The log that must be safe first; null when there is none.</param>
    /// <param name="takenAt">
    /// The last record of each lane that the start's snapshot had. What was read of the journal beyond it counts for when the next is due, or an engine that ends often would
    /// never take one, and its starts would take ever longer.
    /// </param>
    public SnapshotTaker(
        PricingOptions options, Shard[] shards, JournalLane[] lanes, EngineDirectories names, LoopOutputs outputs, EngineTerms terms, AuditLog? audit, IEnumerable<long> takenAt)
    {
        _options = options.Journal;
        _shards = shards;
        _lanes = lanes;
        _names = names;
        _outputs = outputs;
        _terms = terms;
        _audit = audit;
        _logger = options.Logger;
        _store = new SnapshotStore(_options.Files, JournalPaths.Snapshots(_options.Directory), _options.SnapshotsToKeep);
        _copies = new LoopCopy?[shards.Length];
        _cut = new SnapshotLane[shards.Length];
        _rules = new RuleSet?[shards.Length];
        _plans = new PlanNote[shards.Length];
        _takenAt = [.. takenAt];
        _putBefore = new long[shards.Length];
        _sizes = new LoopCopy.Bytes[shards.Length];
        _copyMore = [.. Enumerable.Range(0, shards.Length).Select(lane => (Func<bool>)(() => CopyMore(lane)))];
        _thread = new Thread(Run) { IsBackground = true, Name = "PricingCore snapshots" };
        foreach (int lane in Enumerable.Range(0, shards.Length))
        {
            shards[lane].Loop.TakeSnapshot = sequence => Take(lane, sequence);
        }
    }

    private enum Step
    {
        Idle,
        Preparing,
        Ready,
        Taking,
        Writing,
    }

    /// <summary>Snapshots written since the start.</summary>
    public long Written => Volatile.Read(ref _written);

    /// <summary>Whether none is being taken, or wanted soon.</summary>
    public bool IsIdle => _step == Step.Idle && !_isWanted;

    /// <summary>Begins to work.</summary>
    public void Start() => _thread.Start();

    /// <summary>Asks for a snapshot soon, however few records there were: the journal has a gap that only a snapshot bridges.</summary>
    public void Want() => _isWanted = true;

    /// <summary>Whether the next tick is to be where a snapshot is cut; the caller says so in the tick, or calls <see cref="TakeBack"/>.</summary>
    /// <param name="now">The time of the tick.</param>
    public bool TryBegin(long now)
    {
        if (_step == Step.Idle && (_isWanted || IsDue()))
        {
            _isWanted = false;
            _step = Step.Preparing;
            _work.Set();
        }

        if (_step != Step.Ready)
        {
            return false;
        }

        _time = now;
        _left = _shards.Length;
        _step = Step.Taking;
        return true;
    }

    /// <summary>The tick did not enter the rings.</summary>
    public void TakeBack() => _step = Step.Ready;

    /// <summary>Does what there is to do besides the copying, for a test that runs everything on one thread.</summary>
    public void Work()
    {
        switch (_step)
        {
            case Step.Preparing:
                Prepare();
                break;
            case Step.Writing when IsJournalSafe():
                Write();
                break;
            default:
                break;
        }
    }

    /// <summary>Ends its thread and gives the memory back; after the loops have ended.</summary>
    public void Dispose()
    {
        _closing.Set();
        _work.Set();
        if (!_thread.ThreadState.HasFlag(ThreadState.Unstarted))
        {
            _thread.Join();
        }

        Array.ForEach(_copies, copy => copy?.Dispose()); // The loops ended, perhaps before they had copied all.
        _closing.Dispose();
        _work.Dispose();
    }

    private bool IsDue()
    {
        for (int lane = 0; lane < _lanes.Length; lane++)
        {
            if (_lanes[lane].WrittenSequence - _takenAt[lane] >= _options.SnapshotEveryEvents)
            {
                return true;
            }
        }

        return false;
    }

    private void Run()
    {
        while (!_closing.IsSet)
        {
            if (_step == Step.Writing && !IsJournalSafe())
            {
                _closing.Wait(LookAgain); // The journal's thread is at it.
            }
            else
            {
                Work();
                _work.WaitOne(_step == Step.Writing ? LookAgain : Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void Prepare()
    {
        for (int lane = 0; lane < _copies.Length; lane++)
        {
            _copies[lane] = new LoopCopy(_sizes[lane].WithSpare(), _shards[lane].Book.Count + 1_024);
        }

        _step = Step.Ready;
    }

    /// <summary>On a loop, at the tick.</summary>
    private void Take(int lane, long sequence)
    {
        _copies[lane]!.Cut(_shards[lane].State);
        _cut[lane] = new SnapshotLane(sequence, _shards[lane].Counters.Decisions);
        _putBefore[lane] = _lanes[lane].PutSequence;
        _rules[lane] = _shards[lane].Loop.Rules;
        _plans[lane] = PlanNote.Of(new(_shards[lane].Loop.Plan, IsNewRollout: false));
        _shards[lane].Loop.CopyMore = _copyMore[lane];
    }

    /// <summary>On a loop, between two batches.</summary>
    private bool CopyMore(int lane)
    {
        if (!_copies[lane]!.CopySome(RegionsAtATime))
        {
            return true;
        }

        if (Interlocked.Decrement(ref _left) == 0)
        {
            _step = Step.Writing;
            _work.Set();
        }

        return false;
    }

    private bool IsJournalSafe()
    {
        for (int lane = 0; lane < _lanes.Length; lane++)
        {
            if (_lanes[lane].SafeSequence < _putBefore[lane])
            {
                _lanes[lane].WantSafe();
                return false;
            }
        }

        return true;
    }

    private void Write()
    {
        try
        {
            if (_audit?.Flush(LongestFlush) == false)
            {
                throw new IOException("The audit log is not safe up to here: a start from this snapshot could not add what it lacks.");
            }

            var notes = new SnapshotNotes
            {
                Terms = _terms,
                Regions = [.. Enumerable.Range(0, _names.Regions.Count).Select(_names.Regions.IdOf)],
                Products = [.. Enumerable.Range(0, _names.Products.Count).Select(number => _names.Products[number])],
                Models = [.. Enumerable.Range(0, _names.Models.Count).Select(number => _names.Models[number])],
                Rules = [.. _rules.Select(rules => rules?.ToJson())],
                Plans = _plans,
                LastRules = _outputs.Rules.Last,
                LastPlan = _outputs.Plans.Last,
            };
            var head = new SnapshotHead(_store.NextNumber, _time, _terms.SchemaHash, [.. _cut]);
            _store.Write(head, notes.ToJson(), [.. _copies.Select(copy => copy!.ToBlocks())]);
            SnapshotLog.Taken(_logger, head.Number);
            PricingMeters.Snapshots.Add(1);
            Volatile.Write(ref _written, _written + 1);
            RetireWhatIsOld();
        }
        catch (IOException failure)
        {
            SnapshotLog.NotTaken(_logger, failure); // The next one is due after as many records again; until then a start reads more of the journal.
        }

        for (int lane = 0; lane < _copies.Length; lane++)
        {
            _sizes[lane] = _copies[lane]!.Size;
            _takenAt[lane] = _cut[lane].Sequence;
            _copies[lane]!.Dispose();
            _copies[lane] = null;
        }

        _step = Step.Idle;
    }

    private void RetireWhatIsOld()
    {
        if (_store.ReadHeads() is [var oldest, ..])
        {
            for (int lane = 0; lane < _lanes.Length; lane++)
            {
                _lanes[lane].Retire(oldest.Lanes[lane].Sequence + 1, _time);
            }
        }
    }
}
