using PricingCore.Quality;

namespace PricingCore.Hosting.Diagnostics;

/// <summary>The report on data quality that several look at: made again when it is a second old, so that a scrape of many gauges makes one.</summary>
/// <param name="lifetime">The engine.</param>
/// <threadsafety>Any thread.</threadsafety>
internal sealed class RecentQuality(EngineLifetime lifetime)
{
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(1);

    private readonly Lock _making = new();
    private PricingEngine? _engine;
    private DataQualityReport? _report;
    private long _madeAt;

    /// <summary>The report; null while the engine does not run.</summary>
    public DataQualityReport? Read()
    {
        if (lifetime is not { Engine: { } engine, EngineOptions.TimeProvider: { } time })
        {
            return null;
        }

        lock (_making)
        {
            if (_report is null || _engine != engine || time.GetElapsedTime(_madeAt) >= Age)
            {
                _report = engine.ReadQuality(worstRegions: 0);
                _engine = engine;
                _madeAt = time.GetTimestamp();
            }

            return _report;
        }
    }
}
