using PricingCore.Audit;
using PricingCore.Journal;
using PricingCore.Storage;
using PricingCore.Surge;

namespace PricingCore.Simulation;

/// <summary>Compares an engine that has just started with what its journal says, and with what clients were told.</summary>
internal sealed class RestartCheck(SimulationTraits traits, IFileStore files, ClientLedger ledger)
{
    public void Check(EngineLife life)
    {
        Demand(life.Recovery.Difference is null, $"a decision is made otherwise at the start: {life.Recovery.Difference}");
        EngineStatistics engine = life.Core.ReadStatistics();
        ledger.CheckApplied(engine.Applied, isAtRest: false);
        if (HasTerms())
        {
            CheckReplay(engine);
            CheckWitness(life);
        }
    }

    /// <summary>The audit log has every decision once, and nothing in it was changed.</summary>
    public void CheckAudit(EngineLife life)
    {
        if (life.Core.Audit is null)
        {
            return;
        }

        AuditReport report = AuditCheck.Verify(new SegmentFiles(files, SimulationTraits.AuditDirectory), expected: null);
        Demand(report.IsIntact, $"the audit log is not intact: {string.Join("; ", report.Faults)}");
        if (!traits.IsDurable)
        {
            return; // The log may have decisions of a journal that was lost; numbers go on after them, and do not tell any more which it lacks.
        }

        long decisions = life.Core.ReadStatistics().Decisions;
        Demand(report.Decisions == decisions, $"the audit log has {report.Decisions} decisions, and {decisions} were made");
        foreach (DecisionId id in ledger.Decisions.Keys.TakeLast(5))
        {
            Demand(life.Core.Audit.Log.TryFindDecision(id, out _), $"decision {id} is not in the audit log");
        }
    }

    private void CheckReplay(EngineStatistics engine)
    {
        var seen = new Dictionary<DecisionId, SurgeDecision>();
        int twice = 0;
        var gate = new Lock(); // Lanes are replayed side by side.
        var options = new JournalReplayOptions
        {
            Files = files,
            OnDecision = decision =>
            {
                lock (gate)
                {
                    twice += seen.TryAdd(decision.Id, decision) ? 0 : 1;
                }
            },
        };
        JournalReplayResult replay = JournalReplay.Run(SimulationTraits.Directory, options, CancellationToken.None);
        Demand(replay.FirstDifference is null, $"a replay decides otherwise: {replay.FirstDifference}");
        Demand(twice == 0, $"{twice} decisions are made twice");
        Demand(
            replay.Statistics.Applied == engine.Applied && replay.Statistics.Decisions == engine.Decisions && replay.Statistics.Duplicates == engine.Duplicates,
            $"a replay applies {replay.Statistics.Applied} and decides {replay.Statistics.Decisions}, the engine {engine.Applied} and {engine.Decisions}");
        if (traits.Retires)
        {
            return; // Decisions from before the oldest snapshot are not made again.
        }

        foreach ((DecisionId id, SurgeDecision told) in ledger.Decisions)
        {
            Demand(seen.TryGetValue(id, out SurgeDecision? again), $"decision {id}, which a client was told, is not in the journal");
            Demand(Bytes(told).SequenceEqual(Bytes(again!)), $"decision {id} is another one in the journal than the client was told");
        }
    }

    /// <summary>The first group of the first lane is on the disk; before that there is nothing to replay by.</summary>
    private bool HasTerms()
    {
        using JournalReader reader = JournalReader.Open(files, JournalPaths.Lane(SimulationTraits.Directory, 0));
        return reader.TryRead(out _);
    }

    /// <summary>An engine that handles the whole journal in one go is in the same state.</summary>
    private void CheckWitness(EngineLife life)
    {
        if (traits.Retires)
        {
            return;
        }

        PricingOptions options = traits.ToOptions(files, new SimulatedTime());
        using var witness = new EngineCore(options, EngineMode.ReplayOfJournal);
        for (int lane = 0; lane < traits.Shards; lane++)
        {
            var comparison = new DecisionComparison(lane, onDecision: null);
            witness.Shards.At(lane).Loop.Decided = comparison;
            var recovery = new LaneRecovery(witness.Shards.At(lane).Loop, witness.Names, witness.Outputs, comparison);
            using JournalReader reader = JournalReader.Open(files, JournalPaths.Lane(SimulationTraits.Directory, lane));
            while (recovery.Step(reader))
            {
            }
        }

        EngineCore core = life.Core;
        for (int region = 0; region < witness.Regions.Count; region++)
        {
            Demand(witness.Regions.IdOf(region) == core.Regions.IdOf(region), "regions have other numbers");
            float[] expected = EngineLife.RowOf(witness, region);
            float[] actual = EngineLife.RowOf(core, region);
            for (int i = 0; i < expected.Length; i++)
            {
                Demand(
                    BitConverter.SingleToInt32Bits(expected[i]) == BitConverter.SingleToInt32Bits(actual[i]),
                    $"feature {core.Schema.Features[i].Name} of {core.Regions.IdOf(region)} is {actual[i]}, and {expected[i]} without the crash");
            }

            for (int product = 0; product < witness.Products.Count; product++)
            {
                SurgeDecision? held = witness.ShardOf(region).Book.Read(region, product);
                SurgeDecision? holds = core.ShardOf(region).Book.Read(region, product);
                Demand(
                    held is null == holds is null && (held is null || Bytes(held).SequenceEqual(Bytes(holds!))),
                    $"the book has {holds?.Id.ToString() ?? "nothing"} for {core.Regions.IdOf(region)}, and {held?.Id.ToString() ?? "nothing"} without the crash");
            }
        }

        for (int lane = 0; lane < traits.Shards && life.Recovery.Snapshot is null; lane++)
        {
            Demand(
                EngineLife.StateOf(witness, lane).AsSpan().SequenceEqual(EngineLife.StateOf(core, lane)),
                $"the state of loop {lane} is not that of one that handled the same records without the crash");
        }
    }

    private static ReadOnlySpan<byte> Bytes(SurgeDecision decision)
    {
        var bytes = new byte[DecisionCodec.MaxBytes];
        return bytes.AsSpan(0, DecisionCodec.Write(decision, bytes));
    }

    private static void Demand(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new SimulationFailedException(otherwise);
        }
    }
}
