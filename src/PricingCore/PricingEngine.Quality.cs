using PricingCore.Quality;

namespace PricingCore;

/// <content>How good its data are.</content>
public sealed partial class PricingEngine
{
    /// <summary>The most regions that a report names.</summary>
    internal const int MostWorstRegions = 1_000;

    /// <summary>Demand spikes, for who tells of them outside the loops.</summary>
    internal SpikeReports Spikes => _core.Spikes;

    /// <summary>The id of a region by its number.</summary>
    internal string RegionOf(int region) => _core.Regions.IdOf(region);

    /// <summary>Says how good the data are that the engine prices by: complete, valid, in time, consistent, and as the model knows them.</summary>
    /// <remarks>The loops measure in passing, once a minute a region; making the report costs its reader time and memory by the region.</remarks>
    /// <param name="worstRegions">The most regions to name, those with the lowest scores: from 0 to 1,000.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="worstRegions"/> is outside its range.</exception>
    public DataQualityReport ReadQuality(int worstRegions = 20)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(worstRegions);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(worstRegions, MostWorstRegions);
        return new QualityReader(_core.Quality!, _options.Quality, _core.Regions).Read(Now, worstRegions);
    }
}
