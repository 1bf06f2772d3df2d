using PricingCore.Events;
using PricingCore.Journal;

namespace PricingCore.Simulation;

/// <summary>An engine from its start to its end, without threads: what its threads would do is done when the simulation says.</summary>
#pragma warning disable CA1001 // An engine that crashes is not disposed: that is the point.
internal sealed class EngineLife
#pragma warning restore CA1001
{
    private readonly EngineCore _core;
    private readonly SimulatedTime _time;
    private readonly long _startedAt;
    private readonly int _shards;
    private readonly List<(Task<Rejection>[] Answers, TaskCompletionSource<Rejection> Whole)> _several = [];

    /// <summary>Starts an engine from what is on the disk.</summary>
    public EngineLife(PricingOptions options, SimulatedTime time)
    {
        _time = time;
        _shards = options.Shards;
        _core = new EngineCore(options, EngineMode.Live, () => Now);
        _core.Recover(time.Micros);
        _startedAt = _core.RecoveredUntil;
        _core.Begin(Now);
    }

    public EngineCore Core => _core;

    public RecoveryReport Recovery => _core.Journal!.Report;

    /// <summary>The time, which does not go back behind what the journal has.</summary>
    public long Now => Math.Max(_time.Micros, _startedAt);

    /// <summary>Whether everything that came in is handled and written.</summary>
    public bool IsAtRest
    {
        get
        {
            bool isWritten = true;
            foreach (JournalLane? lane in _core.Journal!.Lanes)
            {
                isWritten &= !lane!.IsFailing && lane.SafeSequence == lane.PutSequence;
            }

            return isWritten && _core.Shards.AreRingsEmpty;
        }
    }

    /// <summary>Lets one of the engine's parts do a round.</summary>
    public void StepOne(Random random)
    {
        int shard = random.Next(_shards);
        switch (random.Next(8))
        {
            case 0:
                _core.Journal!.Snapshots!.Work();
                break;
            case 1:
                _core.Audit?.Log.Step();
                break;
            case < 5:
                _core.Journal!.Lanes[shard]!.Step();
                break;
            default:
                _core.Shards.At(shard).Loop.DrainBatch();
                break;
        }

        Answer();
    }

    /// <summary>Lets each part do a round.</summary>
    public void StepAll()
    {
        for (int shard = 0; shard < _shards; shard++)
        {
            _core.Shards.At(shard).Loop.DrainBatch();
            _core.Journal!.Lanes[shard]!.Step();
        }

        _core.Journal!.Snapshots!.Work();
        _core.Audit?.Log.Step();
        Answer();
    }

    /// <summary>Ends the engine as a host does.</summary>
    public void End()
    {
        _core.Dispose();
        Answer();
    }

    /// <summary>What a loop holds, as bytes.</summary>
    public static byte[] StateOf(EngineCore core, int shard)
    {
        using var copy = new LoopCopy(default, 64);
        copy.Take(core.Shards.At(shard).State);
        return [.. copy.ToBlocks().SelectMany(block => block.ToArray())];
    }

    /// <summary>The features of a region, as its loop has them.</summary>
    public static float[] RowOf(EngineCore core, int region)
    {
        var row = new float[core.Schema.Count];
        core.ShardOf(region).Reader.ReadRow(region, row);
        return row;
    }

    /// <summary>Puts an event in.</summary>
    /// <returns>The answer to come; completed when it is refused.</returns>
    public Task<Rejection> Publish(in MarketEvent e)
    {
        Rejection rejection = _core.Accept(e, Now, out AcceptedEvent accepted);
        if (rejection != Rejection.None)
        {
            return Task.FromResult(rejection);
        }

        if (_core.Requests.PublishToEach(accepted) is not { } answers)
        {
            return Task.FromResult(_core.Withdraw(accepted));
        }

        if (answers.Length == 1)
        {
            return answers[0];
        }

        var whole = new TaskCompletionSource<Rejection>();
        _several.Add((answers, whole));
        return whole.Task;
    }

    /// <summary>Tells those who wait for several loops, once all of them have answered. Here and not in a continuation: those run on other threads, some time.</summary>
    private void Answer()
    {
        foreach ((Task<Rejection>[] answers, TaskCompletionSource<Rejection> whole) in _several.Where(waiting => Array.TrueForAll(waiting.Answers, answer => answer.IsCompleted)))
        {
            whole.SetResult(answers.Select(answer => answer.Result).FirstOrDefault(outcome => outcome != Rejection.None));
        }

        _several.RemoveAll(waiting => waiting.Whole.Task.IsCompleted);
    }

    /// <summary>Puts an event in that nobody waits for.</summary>
    public Rejection TryPublish(in MarketEvent e)
    {
        Rejection rejection = _core.Accept(e, Now, out AcceptedEvent accepted);
        return rejection == Rejection.None && !_core.TryEnter(accepted) ? _core.Withdraw(accepted) : rejection;
    }
}
