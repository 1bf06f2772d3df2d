using System.Text.Json;
using PricingCore.Forecasts.Rollouts;
using PricingCore.Journal;
using PricingCore.Rules;
using PricingCore.Snapshots;

namespace PricingCore;

/// <summary>Puts a snapshot into an engine whose loops have handled nothing yet.</summary>
internal static class SnapshotRestore
{
    /// <summary>Reads what must be known before the state.</summary>
    /// <exception cref="JournalMismatchException">It cannot be read.</exception>
    public static SnapshotNotes ReadNotes(SnapshotReader snapshot)
    {
        try
        {
            return SnapshotNotes.Parse(snapshot.ReadNotes());
        }
        catch (Exception wrong) when (wrong is JsonException or SnapshotException)
        {
            throw new JournalMismatchException($"Snapshot {snapshot.Head.Number} cannot be read: {wrong.Message} Remove it, to start from an older one and the journal.");
        }
    }

    /// <summary>Loads names, rules, plans and the state of every loop.</summary>
    /// <exception cref="JournalMismatchException">The snapshot does not fit the engine.</exception>
    public static void Load(SnapshotReader snapshot, SnapshotNotes notes, Shard[] shards, EngineDirectories names, LoopOutputs outputs, RuleSet? rulesInstead = null)
    {
        Restore(notes.Regions, names.Regions.TryRestore, "region");
        Restore(notes.Products, names.Products.TryRestore, "product");
        Restore(notes.Models, names.Models.TryRestore, "model");
        outputs.Rules.StartAfter(notes.LastRules);
        outputs.Plans.StartAfter(notes.LastPlan);
        try
        {
            for (int lane = 0; lane < shards.Length; lane++)
            {
                RuleSet? rules = notes.Rules[lane] is { } json ? rulesInstead ?? RuleSet.Parse(json) : null;
                RolloutPlan plan = notes.Plans[lane].ToPlan().Plan;
                shards[lane].State.Load(snapshot.OpenLane(lane), rules, plan);
            }
        }
        catch (SnapshotException wrong)
        {
            throw new JournalMismatchException($"Snapshot {snapshot.Head.Number} does not fit this engine: {wrong.Message}");
        }
    }

    private static void Restore(IReadOnlyList<string> known, Func<int, string, bool> tryRestore, string what)
    {
        for (int number = 0; number < known.Count; number++)
        {
            if (!tryRestore(number, known[number]))
            {
                throw new JournalMismatchException(
                    $"The snapshot has the {what} '{known[number]}' as number {number}, which is another one by the engine's options, or there is no room for it: start with the regions and limits of before, or with another directory.");
            }
        }
    }
}
