using System.Globalization;
using System.Text;
using PricingCore.Forecasts.Models;

namespace PricingCore.Cli.Models;

/// <summary>A model package as plain lines for a person to read.</summary>
internal static class ModelText
{
    private const int FeaturesShown = 15;

    public static string Of(ModelPackage package)
    {
        ModelManifest manifest = package.Manifest;
        ModelTraining training = manifest.Training;
        var text = new StringBuilder();
        Line(text, "model", $"{manifest.ModelVersion} ({manifest.Status})");
        Line(text, "created", Time(manifest.Created));
        Line(text, "schema", $"{manifest.Schema.Name}, hash {manifest.Schema.Hash}");
        Line(text, "horizons", $"{string.Join(", ", manifest.HorizonsMinutes)} min");
        Line(text, "trained on", $"{Time(training.From)} to {Time(training.To)}: {Count(training.Rows)} rows of {Count(training.Events)} events, hash {training.DataSha256}");
        Line(text, "settings", string.Join(", ", manifest.HyperParameters.Select(setting => $"{setting.Key} {setting.Value}")));
        Line(text, "graph", $"{manifest.Graph.File}, {Count(package.GraphBytes)} bytes");
        Line(text, "golden", $"{manifest.Golden.File}, {Count(manifest.Golden.Rows)} rows");
        Errors(text, manifest.Metrics);
        Features(text, manifest.FeatureImportance);
        return text.ToString().TrimEnd();
    }

    private static void Errors(StringBuilder text, IReadOnlyList<HorizonMetrics> metrics)
    {
        text.Append("\nErrors on held-out rows\n");
        text.Append(CultureInfo.InvariantCulture, $"{"horizon",-9}{"rows",10}  {"forecast",-22}{"WAPE",9}{"MAE",10}{"RMSE",10}{"RMSLE",9}\n");
        foreach (HorizonMetrics horizon in metrics)
        {
            string label = string.Create(CultureInfo.InvariantCulture, $"{horizon.HorizonMinutes + " min",-9}{Count(horizon.Rows),10}");
            Row(text, label, "this model", horizon.Model);
            foreach ((string name, ForecastErrors errors) in horizon.Baselines)
            {
                Row(text, new string(' ', label.Length), name.Replace('_', ' '), errors);
            }
        }
    }

    private static void Row(StringBuilder text, string label, string name, ForecastErrors errors) => text.Append(
        CultureInfo.InvariantCulture, $"{label}  {name,-22}{errors.Wape,9:0.0000}{errors.Mae,10:0.000}{errors.Rmse,10:0.000}{errors.Rmsle,9:0.0000}\n");

    private static void Features(StringBuilder text, IReadOnlyList<FeatureGain> features)
    {
        text.Append("\nFeatures by what they gained\n");
        foreach (FeatureGain feature in features.Take(FeaturesShown))
        {
            text.Append(CultureInfo.InvariantCulture, $"{feature.Gain,7:P1}  {feature.Feature}\n");
        }

        if (features.Count > FeaturesShown)
        {
            text.Append(CultureInfo.InvariantCulture, $"         and {features.Count - FeaturesShown} more\n");
        }
    }

    private static void Line(StringBuilder text, string name, string value) => text.Append(CultureInfo.InvariantCulture, $"{name,-11} {value}\n");

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
