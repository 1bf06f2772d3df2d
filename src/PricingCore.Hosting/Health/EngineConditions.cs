using System.Globalization;
using PricingCore.Journal;

namespace PricingCore.Hosting.Health;

/// <summary>Finds what is wrong with an engine, from its state and its statistics.</summary>
public static class EngineConditions
{
    internal const string NotStarted = "not_started";
    internal const string Recovering = "recovering";
    internal const string Draining = "draining";
    internal const string Stopped = "stopped";
    internal const string StartFailed = "start_failed";
    internal const string LoopFailed = "loop_failed";
    internal const string JournalFailing = "journal_failing";
    internal const string AuditFailing = "audit_failing";
    internal const string AuditFilling = "audit_filling";
    internal const string RingFilling = "ring_filling";
    internal const string StaleTicks = "stale_ticks";
    internal const string ModelPaused = "model_paused";
    internal const string ModelRefused = "model_refused";
    internal const string RulesRefused = "rules_refused";
    internal const string RecoveryDiffers = "recovery_differs";

    private const double Filling = 0.8;
    private const int TicksMissed = 5;

    /// <summary>Every code that a condition may have, in alphabetical order.</summary>
    public static IReadOnlyList<string> Codes { get; } =
    [
        AuditFailing, AuditFilling, Draining, JournalFailing, LoopFailed, ModelPaused, ModelRefused, NotStarted, RecoveryDiffers, Recovering,
        RingFilling, RulesRefused, StaleTicks, StartFailed, Stopped,
    ];

    internal static IReadOnlyList<EngineCondition> Of(EngineLifetime lifetime)
    {
        var found = new List<EngineCondition>();
        switch (lifetime.State)
        {
            case EngineState.NotStarted:
                found.Add(new(NotStarted, "The engine has not been started.", true));
                break;
            case EngineState.Starting:
                found.Add(new(Recovering, Text($"The engine starts: {lifetime.RecoveredRecords} records of the journal handled again so far."), true));
                break;
            case EngineState.Failed:
                found.Add(new(StartFailed, "The engine could not start; see its log.", true));
                break;
            case EngineState.Stopped:
                found.Add(new(Stopped, "The engine has been stopped.", true));
                break;
            case EngineState.Draining:
                found.Add(new(Draining, "The host stops: what was accepted is finished, nothing new should come.", true));
                break;
            default:
                break;
        }

        if (lifetime is { Engine: { } engine, EngineOptions: { } options })
        {
            FindRunning(lifetime, engine, options, engine.Statistics, found);
        }

        return found;
    }

    private static void FindRunning(EngineLifetime lifetime, PricingEngine engine, PricingOptions options, EngineStatistics statistics, List<EngineCondition> found)
    {
        if (!engine.IsRunning && lifetime.State == EngineState.Running)
        {
            found.Add(new(LoopFailed, "A loop of the engine has ended; everything is refused. Restart the process.", true));
        }

        if (statistics.JournalFailure is { } failure)
        {
            bool refuses = options.Journal.Durability == Durability.Durable;
            found.Add(new(JournalFailing, $"The journal cannot be written{(refuses ? "; events and decisions are refused" : "")}: {failure}", refuses));
        }

        if (statistics.AuditIsFailing)
        {
            found.Add(new(AuditFailing, "The audit log cannot be written; decisions, and quotes that it records, are refused.", true));
        }
        else if (statistics.AuditWaiting > statistics.AuditCapacity * Filling)
        {
            found.Add(new(AuditFilling, Text($"{statistics.AuditWaiting} of {statistics.AuditCapacity} places of the audit log's queue are taken; when all are, quotes are refused."), false));
        }

        FindInLoops(options, statistics.Loops, found);
        if (lifetime.ModelProblem is not null)
        {
            found.Add(new(ModelRefused, "The model of the options was refused; the baseline prices, or the model of the journal. See the log.", false));
        }

        if (lifetime.RulesProblem is not null)
        {
            found.Add(new(RulesRefused, "The rules file is refused; the rules before it are in force. See the log.", false));
        }

        if (engine.Recovery.Difference is not null)
        {
            found.Add(new(RecoveryDiffers, "A decision came out otherwise than before the restart. See the log.", false));
        }
    }

    private static void FindInLoops(PricingOptions options, IReadOnlyList<LoopStatistics> loops, List<EngineCondition> found)
    {
        TimeSpan longest = TimeSpan.FromSeconds(Math.Max(TicksMissed, TicksMissed * options.TickInterval.TotalSeconds));
        for (int i = 0; i < loops.Count; i++)
        {
            LoopStatistics loop = loops[i];
            if (loop.TickAge > longest)
            {
                found.Add(new(StaleTicks, Text($"Loop {i} has handled no tick for {loop.TickAge.Value.TotalSeconds:F0} s; windows do not close, and decisions fall back to the rules."), false));
            }

            if (loop.RingDepth > loop.RingCapacity * Filling)
            {
                found.Add(new(RingFilling, Text($"{loop.RingDepth} of {loop.RingCapacity} places in the ring of loop {i} are taken; when all are, events are refused."), false));
            }

            if (loop.IsModelPaused)
            {
                found.Add(new(ModelPaused, Text($"A model of loop {i} has failed or been late too often; the baseline stands in."), false));
            }
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
