using PricingCore.Events;
using PricingCore.Forecasts;
using PricingCore.Numerics;
using PricingCore.Regions;

namespace PricingCore;

public sealed partial class PricingEngine
{
    /// <summary>Forecasts the demand of a region, by the model that prices it; by the seasonal baseline when there is none or it has no answer in time.</summary>
    /// <param name="regionId">The region.</param>
    /// <param name="horizonMinutes">How far ahead: one of the model's horizons, or for the baseline 1 to 60 minutes; for decisions see <see cref="PricingOptions.Horizon"/>.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="horizonMinutes"/> is outside 1 to 10,080, or no model predicts so far ahead.</exception>
    /// <exception cref="ArgumentException">The region is not known.</exception>
    /// <exception cref="InvalidOperationException">The engine has stopped, or too many wait: try again.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async ValueTask<DemandForecast> ForecastAsync(string regionId, int horizonMinutes, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(regionId);
        ArgumentOutOfRangeException.ThrowIfLessThan(horizonMinutes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(horizonMinutes, DemandForecast.MaxHorizonMinutes);
        int region = _core.Regions.Find(regionId);
        if (region == NameTable.Unknown)
        {
            throw new ArgumentException($"Region '{regionId}' is not known: publish an event of it first, or list it in PricingOptions.Regions.", nameof(regionId));
        }

        Task<ForecastAnswer> asked = _core.Requests.AskForecast(region, horizonMinutes, Now)
            ?? throw new InvalidOperationException(_core.IsClosed ? "The engine has been stopped." : "Too many forecasts wait; try again.");
        ForecastAnswer answer = await asked.WaitAsync(cancellationToken).ConfigureAwait(false);
        return answer.ToDemandForecast(regionId, horizonMinutes);
    }

    /// <summary>Copies the features of a region, as of the last tick, without locks and without tearing.</summary>
    /// <param name="regionId">The region.</param>
    /// <param name="row">Where to: as long as <see cref="Schema"/> has features. Missing features are not a number.</param>
    /// <param name="asOf">When they held.</param>
    /// <returns><see langword="false"/> when the region has no features yet.</returns>
    /// <exception cref="ArgumentException"><paramref name="row"/> is not as long as a row.</exception>
    public bool TryReadFeatures(string regionId, Span<float> row, out DateTimeOffset asOf)
    {
        ArgumentNullException.ThrowIfNull(regionId);
        if (row.Length != _core.Rows.Width)
        {
            throw new ArgumentException($"The row has {row.Length} features, but the schema has {_core.Rows.Width}.", nameof(row));
        }

        asOf = default;
        int region = _core.Regions.Find(regionId);
        if (region == NameTable.Unknown || !_core.Rows.TryRead(region, row, out long micros))
        {
            return false;
        }

        asOf = UnixMicros.ToTime(micros);
        return true;
    }

    /// <summary>Hands in the answer of a forecaster that runs outside the loop.</summary>
    /// <remarks>The next decisions of the region use it until it is older than <see cref="PricingOptions.ForecastValidity"/>.</remarks>
    /// <param name="regionId">The region it is about.</param>
    /// <param name="forecast">The answer; one that is not valid makes the baseline stand in.</param>
    /// <param name="modelVersion">The version to name in decisions; 1 to 64 characters.</param>
    /// <returns><see langword="false"/> when the region or the version is not known and cannot be added, or the ring is full.</returns>
    public bool TryPublishForecast(string regionId, in Forecast forecast, string modelVersion)
    {
        ArgumentNullException.ThrowIfNull(regionId);
        ArgumentException.ThrowIfNullOrWhiteSpace(modelVersion);
        int region = _core.Regions.Find(regionId);
        int model = modelVersion.Length <= EventGate.MaxNameLength ? _core.Models.FindOrAdd(modelVersion) : NameTable.Unknown;
        return region != NameTable.Unknown
            && model != NameTable.Unknown
            && !_core.IsClosed
            && _core.TryEnter(AcceptedEvent.ForecastReady(
                region, model, forecast.HorizonMinutes, forecast.DemandScore, forecast.Confidence, forecast.ExpectedDemand, forecast.Low, forecast.High, Now));
    }
}
