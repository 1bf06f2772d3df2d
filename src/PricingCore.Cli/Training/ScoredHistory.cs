using PricingCore.Cli.Replay.Input;
using PricingCore.Forecasts;
using PricingCore.Forecasts.Models;
using PricingCore.Training.History;
using PricingCore.Training.Metrics;

namespace PricingCore.Cli.Training;

/// <summary>A model's errors on a history, and all that is needed to print and to draw them.</summary>
/// <param name="Rows">The rows that were read.</param>
/// <param name="Report">The errors beside the baselines.</param>
/// <param name="Manifest">What the package says of the model.</param>
/// <param name="UnitsPerBooking">How many of the panel's unit a booking stands for.</param>
/// <param name="Clock">The clock that times are shown on.</param>
/// <param name="Forecasts">The forecasts of the scored rows at a horizon, by its index.</param>
internal sealed record ScoredHistory(
    DemandRows Rows,
    ForecastReport Report,
    ModelManifest Manifest,
    double UnitsPerBooking,
    TimeZoneInfo Clock,
    Func<int, IEnumerable<(int Row, Forecast Forecast)>> Forecasts)
{
    /// <summary>The model's folder, as the command line says it.</summary>
    public required string Path { get; init; }

    public required RejectLog Rejects { get; init; }
}
