using System.Globalization;
using PricingCore.Events;
using PricingCore.Journal;
using PricingCore.Numerics;
using PricingCore.Snapshots;

namespace PricingCore;

/// <summary>Runs an engine's loops over a journal: the same records under the same terms give the same decisions, byte for byte.</summary>
/// <threadsafety>One thread.</threadsafety>
internal sealed class JournalReplay
{
    private const int ProgressEvery = 65_536;

    private readonly string _directory;
    private readonly JournalReplayOptions _options;

    private JournalReplay(string directory, JournalReplayOptions options)
    {
        _directory = directory;
        _options = options;
    }

    /// <summary>Replays a journal from its first record, or from the oldest snapshot when that is gone.</summary>
    public static JournalReplayResult Run(string directory, JournalReplayOptions options, CancellationToken cancellationToken) =>
        new JournalReplay(directory, options).Run(cancellationToken);

    private JournalReplayResult Run(CancellationToken cancellationToken)
    {
        using SnapshotReader? snapshot = IsWhole() ? null : OpenOldestSnapshot();
        SnapshotNotes? notes = snapshot is null ? null : SnapshotRestore.ReadNotes(snapshot);
        EngineTerms terms = notes?.Terms ?? ReadTerms();
        PricingOptions options = terms.ToOptions(_options.Schema);
        options.Forecaster = _options.Forecaster;
        using var core = new EngineCore(options, EngineMode.ReplayOfJournal);
        if (notes is not null)
        {
            SnapshotRestore.Load(snapshot!, notes, [.. Enumerable.Range(0, terms.Shards).Select(core.Shards.At)], core.Names, core.Outputs, _options.Rules);
        }

        var decisions = new DecisionComparison[terms.Shards];
        var recoveries = new LaneRecovery[terms.Shards];
        var torn = new TornTail?[terms.Shards];
        long records = 0;
        LaneThreads.Run(terms.Shards, lane =>
        {
            decisions[lane] = new DecisionComparison(lane, _options.OnDecision);
            PricingLoop loop = core.Shards.At(lane).Loop;
            loop.Decided = decisions[lane];
            recoveries[lane] = new LaneRecovery(loop, core.Names, core.Outputs, decisions[lane]) { Rules = _options.Rules, OnBooking = Telling(core.Names) };
            if (snapshot is not null)
            {
                recoveries[lane].Sequence = snapshot.Head.Lanes[lane].Sequence;
                decisions[lane].StartAfter(snapshot.Head.Lanes[lane].DecisionOrdinal);
            }

            using var reader = new JournalReadAhead(
                JournalReader.Open(_options.Files, JournalPaths.Lane(_directory, lane), snapshot is null ? 0 : recoveries[lane].Sequence + 1));
            long reported = 0;
            EngineTerms? compared = null;
            while (reader.TryRead(out JournalBlock block))
            {
                recoveries[lane].Take(block);
                if (recoveries[lane].Terms is { } noted && !ReferenceEquals(noted, compared))
                {
                    CheckTerms(noted, terms); // Once a note: it compares every region.
                    compared = noted;
                }

                cancellationToken.ThrowIfCancellationRequested();
                if (recoveries[lane].Records - reported >= ProgressEvery)
                {
                    _options.OnProgress?.Invoke(Interlocked.Add(ref records, recoveries[lane].Records - reported));
                    reported = recoveries[lane].Records;
                }
            }

            torn[lane] = reader.Torn;
        });

        return new JournalReplayResult
        {
            Records = recoveries.Sum(recovery => recovery.Records),
            Decisions = decisions.Sum(comparison => comparison.Made),
            Confirmed = decisions.Sum(comparison => comparison.Confirmed),
            Unconfirmed = decisions.Sum(comparison => comparison.Unconfirmed.LongCount()),
            FirstDifference = decisions.Select(comparison => comparison.FirstDifference).FirstOrDefault(difference => difference is not null)?.ToString(),
            TornAt = Array.Find(torn, tail => tail is not null) is { } tail
                ? string.Create(CultureInfo.InvariantCulture, $"{tail.File}: {tail.Bytes} bytes after byte {tail.Offset}")
                : null,
            Until = UnixMicros.ToTime(core.RecoveredUntil),
            Statistics = core.ReadStatistics(),
            Rules = core.Shards.At(0).Loop.Rules,
        };
    }

    private Action<AcceptedEvent>? Telling(EngineDirectories names) => _options.OnBooking is not { } tell
        ? null
        : e => tell(names.Regions.IdOf(e.Region), e.Product == AcceptedEvent.NoProduct ? null : names.Products[e.Product], UnixMicros.ToTime(e.ReceivedAt));

    /// <summary>Whether every lane begins with its first record. Lanes retire their segments each by itself; without a snapshot none does.</summary>
    private bool IsWhole()
    {
        int lanes = Snapshots().ReadHeads() is [var oldest, ..] ? oldest.Lanes.Count : 1;
        for (int lane = 0; lane < lanes; lane++)
        {
            using JournalReader reader = JournalReader.Open(_options.Files, JournalPaths.Lane(_directory, lane));
            if (reader.NextSequence != 1)
            {
                return false;
            }
        }

        return true;
    }

    private SnapshotStore Snapshots() => new(_options.Files, JournalPaths.Snapshots(_directory));

    private SnapshotReader OpenOldestSnapshot()
    {
        SnapshotStore store = Snapshots();
        return store.ReadHeads() is [var oldest, ..]
            ? new SnapshotReader(_options.Files.Open(store.PathOf(oldest.Number)))
            : throw new JournalMismatchException($"The first segments of the journal in {_directory} are gone, and there is no snapshot to begin with.");
    }

    /// <summary>What the journal was written under: the first note of the first lane.</summary>
    private EngineTerms ReadTerms()
    {
        using JournalReader reader = JournalReader.Open(_options.Files, JournalPaths.Lane(_directory, 0));
        while (reader.TryRead(out JournalBlock block) && block.IsNote)
        {
            if (block.NoteKind == JournalNoteKind.Terms)
            {
                return EngineTerms.Parse(block.Payload);
            }
        }

        throw new JournalMismatchException($"There is no journal in {_directory}: it must be the directory of JournalOptions.Directory, with lane-00 in it.");
    }

    private void CheckTerms(EngineTerms now, EngineTerms then)
    {
        if (now.DifferencesFrom(then) is { Count: > 0 } differences)
        {
            throw new JournalMismatchException($"The journal in {_directory} was continued with other options:\n{string.Join('\n', differences)}");
        }
    }
}
