using PricingCore.Diagnostics;
using PricingCore.Events;
using PricingCore.Journal;
using PricingCore.Numerics;
using PricingCore.Snapshots;

namespace PricingCore;

/// <summary>The journal of an engine: recovers what was, then keeps what comes.</summary>
/// <threadsafety>Any thread, after <see cref="Recover"/>.</threadsafety>
internal sealed class EngineJournal : IDisposable
{
    private readonly JournalOptions _options;
    private readonly PricingOptions _engine;
    private readonly EngineTerms _terms;
    private readonly bool _isReplay;
    private readonly Shard[] _shards;
    private readonly EngineDirectories _names;
    private readonly LoopOutputs _outputs;
    private readonly EngineAudit? _audit;
    private readonly JournalLane?[] _lanes;
    private readonly IDisposable _lock;
    private volatile string? _failure;

    /// <exception cref="IOException">Another engine uses the directory, or it cannot be used.</exception>
    public EngineJournal(PricingOptions options, bool isReplay, Shard[] shards, EngineDirectories names, LoopOutputs outputs, EngineAudit? audit)
    {
        _isReplay = isReplay;
        _engine = options;
        _options = options.Journal;
        _terms = EngineTerms.Of(options, isReplay);
        _shards = shards;
        _names = names;
        _outputs = outputs;
        _audit = audit;
        _lanes = new JournalLane?[shards.Length];
        _options.Files.CreateDirectory(_options.Directory);
        _lock = _options.Files.Lock(JournalPaths.Lock(_options.Directory));
    }

    /// <summary>Whether nothing can be accepted, since nothing can be made durable.</summary>
    public bool Refuses => _failure is not null && _options.Durability == Durability.Durable;

    /// <summary>Takes snapshots; null in a replay, which begins at the beginning.</summary>
    public SnapshotTaker? Snapshots { get; private set; }

    /// <summary>Why the disk cannot be written at the moment; null when it can.</summary>
    public string? Failure => _failure;

    /// <summary>The lanes, loop by loop, once everything is recovered. For a simulation, which steps them.</summary>
    public ReadOnlySpan<JournalLane?> Lanes => _lanes;

    /// <summary>What the start has found.</summary>
    public RecoveryReport Report { get; private set; } = RecoveryReport.Nothing;

    /// <summary>Brings every loop to where its journal ends, and prepares to go on from there. Before the loops run.</summary>
    /// <exception cref="JournalDamagedException">A journal is damaged, and not just at its end.</exception>
    /// <exception cref="JournalMismatchException">The journal does not fit the options.</exception>
    public void Recover()
    {
        var recoveries = new LaneRecovery[_shards.Length];
        var comparisons = new DecisionComparison[_shards.Length];
        var cut = new long[_shards.Length];
        for (int i = 0; i < _shards.Length; i++)
        {
            comparisons[i] = new DecisionComparison(i, onDecision: null, _audit?.OutletOf(i));
            recoveries[i] = new LaneRecovery(_shards[i].Loop, _names, _outputs, comparisons[i]) { OnRules = rules => _audit?.Log.UseAgain(rules) };
            _shards[i].Loop.Decided = comparisons[i];
        }

        long? snapshot = LoadSnapshot(recoveries, comparisons);
        LaneThreads.Run(_shards.Length, _engine.IsStepped, lane =>
        {
            string directory = JournalPaths.Lane(_options.Directory, lane);
            _options.Files.CreateDirectory(directory);
            cut[lane] = JournalTail.Cut(_options.Files, directory).Torn?.Bytes ?? 0;
            using JournalReader reader = JournalReader.Open(_options.Files, directory, recoveries[lane].Sequence + 1);
            while (recoveries[lane].Step(reader))
            {
                CheckTerms(recoveries[lane].Terms);
                _engine.RecoveryProgress?.Invoke(recoveries.Sum(recovery => recovery.Records));
            }
        });

        Report = RecoveryReport.Of(recoveries, comparisons, cut.Sum()) with { Snapshot = snapshot };
        PricingMeters.RecoveredRecords.Add(Report.Records);
        EngineLog.Recovered(_engine.Logger, Report.Records, _options.Directory);
        for (int i = 0; i < _shards.Length; i++)
        {
            Open(i, recoveries[i], comparisons[i], isNew: snapshot is null && recoveries[i].Records == 0);
        }

        if (!_isReplay)
        {
            IEnumerable<long> takenAt = recoveries.Select(recovery => recovery.Sequence - recovery.Records);
            Snapshots = new SnapshotTaker(_engine, _shards, [.. _lanes.Select(lane => lane!)], _names, _outputs, _terms, _audit?.Log, takenAt);
        }
    }

    /// <summary>Begins to write. The loops may run from here on.</summary>
    public void Start()
    {
        if (_engine.IsStepped)
        {
            return;
        }

        Array.ForEach(_lanes, lane => lane!.Start());
        Snapshots?.Start();
    }

    /// <summary>Before the loops are told to end: what a failing disk keeps them from is given up.</summary>
    public void BeginClose() => Array.ForEach(_lanes, lane => lane?.BeginEnd());

    /// <summary>Writes what the loops have put in to the last record. After they have ended.</summary>
    public void Close() => Array.ForEach(_lanes, lane => lane?.Close());

    public void Dispose()
    {
        Snapshots?.Dispose();
        Array.ForEach(_lanes, lane => lane?.Dispose());
        _lock.Dispose();
    }

    /// <returns>The number of the snapshot; null when there is none.</returns>
    private long? LoadSnapshot(LaneRecovery[] recoveries, DecisionComparison[] comparisons)
    {
        var store = new SnapshotStore(_options.Files, JournalPaths.Snapshots(_options.Directory));
        using SnapshotReader? snapshot = store.OpenNewest((path, reason) => SnapshotLog.Skipped(_engine.Logger, path, reason));
        if (snapshot is null)
        {
            return null;
        }

        SnapshotNotes notes = SnapshotRestore.ReadNotes(snapshot);
        CheckTerms(notes.Terms);
        SnapshotRestore.Load(snapshot, notes, _shards, _names, _outputs);
        for (int lane = 0; lane < _shards.Length; lane++)
        {
            if (_shards[lane].Loop.Rules is { } rules)
            {
                _audit?.Log.Use(rules);
            }

            recoveries[lane].Sequence = snapshot.Head.Lanes[lane].Sequence;
            recoveries[lane].Noted = (notes.Regions.Count, notes.Products.Count, notes.Models.Count);
            comparisons[lane].StartAfter(snapshot.Head.Lanes[lane].DecisionOrdinal);
        }

        SnapshotLog.Begun(_engine.Logger, snapshot.Head.Number);
        return snapshot.Head.Number;
    }

    private void Open(int number, LaneRecovery recovery, DecisionComparison decisions, bool isNew)
    {
        Shard shard = _shards[number];
        var writer = new JournalWriter(
            _options.Files,
            JournalPaths.Lane(_options.Directory, number),
            new JournalSettings
            {
                Lane = number,
                Codec = _options.Codec,
                SegmentBytes = _options.SegmentBytes,
                SegmentAgeMicros = UnixMicros.From(_options.SegmentAge),
                KeepMicros = UnixMicros.From(_options.KeepFor),
                KeepBytes = _options.KeepBytes,
            },
            recovery.Sequence + 1);
        if (isNew)
        {
            writer.AppendNote(JournalNoteKind.Terms, _terms.ToJson());
        }

        var notes = new JournalNotes(_names, _outputs);
        notes.StartAfter(recovery.Noted); // Not what other lanes have: each is read on a thread of its own.

        bool isDurable = _options.Durability == Durability.Durable;
        var lane = new JournalLane(number, writer, notes, isDurable, shard.Idle, failure => OnFailure(failure));
        _lanes[number] = lane;
        foreach (AcceptedEvent decision in decisions.Unconfirmed)
        {
            lane.Put(new ReadOnlySpan<AcceptedEvent>(in decision));
        }

        shard.Loop.WriteAhead = new WriteAhead(shard.Ring, lane, writesAfter: _isReplay);
        shard.Loop.RecordInline(_isReplay ? forecast => lane.Put(new ReadOnlySpan<AcceptedEvent>(in forecast)) : null);
        shard.Loop.Decided = new DecisionOutlet(lane, _audit?.OutletOf(number));
        shard.Loop.Answers.ArmAgain();
    }

    private void CheckTerms(EngineTerms? written)
    {
        if (written is not null && _terms.DifferencesFrom(written) is { Count: > 0 } differences)
        {
            throw new JournalMismatchException(
                $"The journal in {_options.Directory} was written with other options. Set them back, or start with an empty directory:\n{string.Join('\n', differences)}");
        }
    }

    private void OnFailure(IOException? failure)
    {
        _failure = failure?.Message;
        if (failure is null)
        {
            EngineLog.JournalWorks(_engine.Logger);
            if (_options.Durability == Durability.Buffered)
            {
                Snapshots?.Want(); // What came meanwhile is not in the journal.
            }
        }
        else
        {
            EngineLog.JournalFails(_engine.Logger, failure, _options.Durability);
        }
    }
}
