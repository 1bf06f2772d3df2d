using System.Globalization;
using PricingCore.Journal;
using PricingCore.Numerics;

namespace PricingCore;

/// <summary>Runs an engine's loops over a journal: the same records under the same terms give the same decisions, byte for byte.</summary>
/// <threadsafety>One thread.</threadsafety>
internal sealed class JournalReplay
{
    private const int ProgressEvery = 65_536;

    private readonly string _directory;
    private readonly JournalReplayOptions _options;
    private readonly EngineTerms _terms;

    private JournalReplay(string directory, JournalReplayOptions options)
    {
        _directory = directory;
        _options = options;
        _terms = ReadTerms();
    }

    /// <summary>Replays a journal from its first record.</summary>
    public static JournalReplayResult Run(string directory, JournalReplayOptions options, CancellationToken cancellationToken) =>
        new JournalReplay(directory, options).Run(cancellationToken);

    private JournalReplayResult Run(CancellationToken cancellationToken)
    {
        PricingOptions options = _terms.ToOptions(_options.Schema);
        options.Forecaster = _options.Forecaster;
        using var core = new EngineCore(options, EngineMode.ReplayOfJournal);
        var decisions = new DecisionComparison[_terms.Shards];
        var recoveries = new LaneRecovery[_terms.Shards];
        var torn = new TornTail?[_terms.Shards];
        long records = 0;
        LaneThreads.Run(_terms.Shards, lane =>
        {
            decisions[lane] = new DecisionComparison(lane, _options.OnDecision);
            PricingLoop loop = core.Shards.At(lane).Loop;
            loop.Decided = decisions[lane];
            recoveries[lane] = new LaneRecovery(loop, core.Names, core.Outputs, decisions[lane]) { Rules = _options.Rules };
            using JournalReader reader = JournalReader.Open(_options.Files, JournalPaths.Lane(_directory, lane));
            if (reader.NextSequence != 1)
            {
                throw new JournalMismatchException(
                    $"The journal in {_directory} begins at record {reader.NextSequence} of loop {lane}: earlier segments were removed. Replay needs the whole; keep segments longer with Journal.KeepFor and KeepBytes.");
            }

            long reported = 0;
            while (recoveries[lane].Step(reader))
            {
                CheckTerms(recoveries[lane].Terms);
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
        };
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

    private void CheckTerms(EngineTerms? terms)
    {
        if (terms is not null && terms != _terms && terms.DifferencesFrom(_terms) is { Count: > 0 } differences)
        {
            throw new JournalMismatchException($"The journal in {_directory} was continued with other options:\n{string.Join('\n', differences)}");
        }
    }
}
