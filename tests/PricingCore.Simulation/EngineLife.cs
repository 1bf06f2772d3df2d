using PricingCore.Events;
using PricingCore.Journal;
using PricingCore.Snapshots;

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
    }

    /// <summary>Ends the engine as a host does.</summary>
    public void End() => _core.Dispose();

    /// <summary>What a loop holds, as bytes.</summary>
    public static byte[] StateOf(EngineCore core, int shard)
    {
        var copy = new LoopCopy(StateWriter.BlockBytes, 64);
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

        return _core.Requests.Publish(accepted) ?? Task.FromResult(_core.Withdraw(accepted));
    }

    /// <summary>Puts an event in that nobody waits for.</summary>
    public Rejection TryPublish(in MarketEvent e)
    {
        Rejection rejection = _core.Accept(e, Now, out AcceptedEvent accepted);
        return rejection == Rejection.None && !_core.TryEnter(accepted) ? _core.Withdraw(accepted) : rejection;
    }
}
