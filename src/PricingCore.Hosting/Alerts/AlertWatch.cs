using System.Globalization;
using PricingCore.Forecasts;
using PricingCore.Hosting.Diagnostics;
using PricingCore.Hosting.Health;
using PricingCore.Numerics;
using PricingCore.Quality;

namespace PricingCore.Hosting.Alerts;

/// <summary>Finds what alerts are about: conditions of health, data beyond a threshold, demand spikes, roll-outs that went back.</summary>
/// <param name="lifetime">The engine.</param>
/// <param name="quality">Its data.</param>
/// <threadsafety>One thread at a time.</threadsafety>
internal sealed class AlertWatch(EngineLifetime lifetime, RecentQuality quality)
{
    private const int MostSpikes = 1_024; // What the engine keeps, so a look ends.

    /// <summary>Conditions that every start and stop has.</summary>
    private static readonly string[] Ordinary = [EngineConditions.NotStarted, EngineConditions.Recovering, EngineConditions.Draining, EngineConditions.Stopped];

    private string? _rolledBack;

    /// <summary>All that lasts, each thing once.</summary>
    public IReadOnlyList<EngineAlert> FindLasting()
    {
        var found = lifetime.Conditions
            .Where(condition => !Ordinary.Contains(condition.Code))
            .GroupBy(condition => condition.Code, StringComparer.Ordinal)
            .Select(same => new EngineAlert(same.Key, "", same.First().Reason))
            .ToList();
        foreach (QualityBreach breach in quality.Read()?.Breaches ?? [])
        {
            string measure = QualityInstruments.NameOf(breach.Measure);
            string reason = string.Create(CultureInfo.InvariantCulture, $"Data quality, {measure}: {breach.Value:G4} where {breach.Threshold:G4} is the threshold.");
            found.Add(new EngineAlert(AlertKinds.DataQuality, measure, reason) { Measure = measure, Value = breach.Value, Threshold = breach.Threshold });
        }

        return found;
    }

    /// <summary>What has happened since the last look.</summary>
    /// <param name="now">The time.</param>
    public IReadOnlyList<EngineAlert> TakeMoments(DateTimeOffset now)
    {
        var found = new List<EngineAlert>();
        if (lifetime.Engine is not { } engine)
        {
            return found;
        }

        engine.Spikes.IsUsed = true;
        for (int i = 0; i < MostSpikes && engine.Spikes.TryTake(out DemandSpike spike); i++)
        {
            string region = engine.RegionOf(spike.Region);
            string reason = string.Create(CultureInfo.InvariantCulture, $"Bookings are {spike.Score:F1} deviations beyond the usual in region {region}.");
            found.Add(new EngineAlert(AlertKinds.DemandSpike, region, reason)
            {
                Region = region,
                Value = spike.Score,
                Threshold = DemandSpikes.SpikeScore,
                StartedAt = UnixMicros.ToTime(spike.At),
            });
        }

        string? rolledBack = engine.Models.Status.RollbackReason;
        if (rolledBack is not null && rolledBack != _rolledBack)
        {
            found.Add(new EngineAlert(AlertKinds.RolledBack, "", $"A model went back: {rolledBack}.") { StartedAt = now });
        }

        _rolledBack = rolledBack;
        return found;
    }
}
