using System.Diagnostics.Metrics;
using PricingCore.Hosting.Health;

namespace PricingCore.Hosting.Diagnostics;

/// <summary>The instruments that are read from an engine's statistics when somebody looks, so that what they count costs the engine nothing.</summary>
/// <remarks>Each measurement has the tag <c>engine</c>: the engine's name, or <c>default</c>. Those of a loop have its number as <c>loop</c>.</remarks>
/// <threadsafety>Any thread.</threadsafety>
internal sealed class EngineInstruments : IDisposable
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "PricingCore";

    private const string DefaultName = "default";

    private readonly Meter _meter;
    private readonly EngineLifetime _lifetime;
    private readonly KeyValuePair<string, object?> _engine;

    /// <param name="lifetime">The engine.</param>
    /// <param name="scope">The host's.</param>
    public EngineInstruments(EngineLifetime lifetime, MeterScope scope)
    {
        _meter = new Meter(new MeterOptions(MeterName) { Scope = scope });
        _lifetime = lifetime;
        _engine = new("engine", lifetime.Name.Length == 0 ? DefaultName : lifetime.Name);
        AddEvents();
        AddDecisions();
        AddLoops();
        AddHealth();
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private void AddEvents()
    {
        _meter.CreateObservableCounter(
            "pricingcore.events.applied",
            () => Each(statistics => statistics.AppliedByKind.Select(counted => Measure(counted.Value, "kind", NameOf(counted.Key)))),
            "{event}",
            "Events applied to the features by this process, by kind.");
        _meter.CreateObservableCounter(
            "pricingcore.events.rejected",
            () => Each(statistics => statistics.Rejected.Select(counted => Measure(counted.Value, "reason", NameOf(counted.Key)))),
            "{event}",
            "Events refused, by reason.");
        Count("pricingcore.events.duplicates", "{event}", "Events dropped because their idempotency key was seen before.", statistics => statistics.Duplicates);
        Count("pricingcore.events.late", "{event}", "Events that happened before the minute they arrived in.", statistics => statistics.Late);
    }

    private void AddDecisions()
    {
        Count("pricingcore.decisions", "{decision}", "Decisions made.", statistics => statistics.Decisions);
        Count("pricingcore.decisions.fallbacks", "{decision}", "Decisions made from the baseline because the model had no valid answer.", statistics => statistics.Fallbacks);
        Count("pricingcore.decisions.stale", "{decision}", "Decisions made from stale features.", statistics => statistics.StaleDecisions);
        Count("pricingcore.demand_spikes", "{spike}", "Demand spikes detected.", statistics => statistics.DemandSpikes);
        _meter.CreateObservableUpDownCounter(
            "pricingcore.regions", () => Each(statistics => Measure(statistics.Regions)), "{region}", "Regions known.");
    }

    private void AddLoops()
    {
        Loop("pricingcore.ring.depth", "{record}", "Records in a loop's ring that it has not finished.", loop => loop.RingDepth);
        Loop("pricingcore.ring.capacity", "{record}", "Records that a loop's ring holds; a full ring refuses.", loop => loop.RingCapacity);
        Loop("pricingcore.loop.lag", "s", "Age of what a loop handled last while something waits, else 0.", loop => loop.Lag.TotalSeconds);
        Loop("pricingcore.tick.age", "s", "Age of the last tick that a loop has handled.", loop => loop.TickAge?.TotalSeconds ?? 0);
        Loop("pricingcore.journal.waiting", "{record}", "Records that wait to be written to the journal.", loop => loop.JournalWaiting);
        Loop("pricingcore.model.paused", "", "1 while a model has missed so often that it is not asked, else 0.", loop => loop.IsModelPaused ? 1 : 0);
        _meter.CreateObservableGauge(
            "pricingcore.audit.waiting", () => Each(statistics => Measure(statistics.AuditWaiting)), "{record}", "Places taken in the audit log's queue.");
        _meter.CreateObservableGauge(
            "pricingcore.audit.capacity", () => Each(statistics => Measure(statistics.AuditCapacity)), "{record}", "Places in the audit log's queue; 0 without an audit log.");
    }

    private void AddHealth()
    {
        _meter.CreateObservableGauge(
            "pricingcore.ready",
            () => new Measurement<int>(_lifetime.Conditions.Any(condition => condition.IsFatalToService) ? 0 : 1, _engine),
            null,
            "1 while the engine takes events and prices, else 0.");
        _meter.CreateObservableGauge(
            "pricingcore.condition",
            () =>
            {
                HashSet<string> present = [.. _lifetime.Conditions.Select(condition => condition.Code)];
                return EngineConditions.Codes.Select(code => new Measurement<int>(present.Contains(code) ? 1 : 0, _engine, new("condition", code)));
            },
            null,
            "1 while an operator should see to a condition or wait for its end, else 0, by condition.");
        _meter.CreateObservableGauge(
            "pricingcore.recovered", () => new Measurement<long>(_lifetime.RecoveredRecords, _engine), "{record}", "Records of the journal that the start has handled again so far.");
    }

    private void Count(string name, string unit, string description, Func<EngineStatistics, long> read) =>
        _meter.CreateObservableCounter(name, () => Each(statistics => Measure(read(statistics))), unit, description);

    private void Loop(string name, string unit, string description, Func<LoopStatistics, double> read) => _meter.CreateObservableGauge(
        name,
        () => Each(statistics => statistics.Loops.Select((loop, number) => new Measurement<double>(read(loop), _engine, new("loop", number)))),
        unit,
        description);

    private IEnumerable<Measurement<long>> Each(Func<EngineStatistics, Measurement<long>> measure) => Each<long>(statistics => [measure(statistics)]);

    /// <summary>Nothing while the engine does not run: what is not known is not 0.</summary>
    private IEnumerable<Measurement<T>> Each<T>(Func<EngineStatistics, IEnumerable<Measurement<T>>> measure)
        where T : struct => _lifetime.Engine is { } engine ? measure(engine.Statistics) : [];

    private Measurement<long> Measure(long value) => new(value, _engine);

    private Measurement<long> Measure(long value, string tag, string text) => new(value, _engine, new(tag, text));

    /// <summary>As names are in JSON: <c>supply_available</c>.</summary>
    private static string NameOf(Enum value) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
