using PricingCore.Features;
using PricingCore.Forecasts.Models;

namespace PricingCore.Tests.Forecasts.Models;

/// <summary>A manifest that is right in every field.</summary>
internal static class SampleManifest
{
    private static readonly DateTimeOffset End = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly ForecastErrors Errors = new(Wape: 0.2, Mae: 3.5, Rmse: 4.5, Rmsle: 0.3);

    public static ModelManifest Of(FeatureSchema schema, params int[] horizonsMinutes) => new()
    {
        Name = "demand",
        Version = "1.0.0",
        Status = ModelManifest.Accepted,
        Created = End,
        Schema = new ModelSchema(schema.Name, schema.Hash),
        HorizonsMinutes = horizonsMinutes,
        Training = new ModelTraining(End.AddDays(-30), End, Rows: 1_000, Events: 20_000, new string('a', 64)),
        HyperParameters = new Dictionary<string, string> { ["trees"] = "100", ["depth"] = "6" },
        Metrics = [.. horizonsMinutes.Select(horizon => new HorizonMetrics(horizon, 200, Errors, new Dictionary<string, ForecastErrors>
        {
            ["same_hour_last_week"] = Errors with { Wape = 0.4 },
            ["mean_of_four_weeks"] = Errors with { Wape = 0.3 },
            ["persistence"] = Errors with { Wape = double.NaN },
        }))],
        FeatureImportance = [new FeatureGain(schema.Features[0].Name, 0.75), new FeatureGain(schema.Features[1].Name, 0.25)],
    };
}
