using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using PricingCore.Forecasts.Models;
using PricingCore.Training.Metrics;

namespace PricingCore.Cli.Training;

/// <summary>Prints how well a model did: a table beside the baselines, or JSON when asked for.</summary>
internal static class ScoreText
{
    public static void Write(ScoredHistory scored, bool json, TextWriter output)
    {
        if (json)
        {
            output.WriteLine(ToJson(scored));
            return;
        }

        ModelManifest model = scored.Manifest;
        output.WriteLine(Text($"{model.ModelVersion} ({model.Status}): schema {model.Schema.Name}, scale {model.HyperParameters.GetValueOrDefault("scale_feature", "-")}, trees {model.HyperParameters.GetValueOrDefault("trees", "-")}"));
        output.WriteLine(Text($"{scored.Rows.Events:N0} events, {scored.Rows.Refused:N0} refused; {scored.Rejects.Counts.Values.Sum():N0} lines not used; {scored.Rows.Count:N0} rows of {scored.Rows.Regions.Count:N0} regions"));
        foreach ((string reason, long count) in scored.Rejects.Counts)
        {
            output.WriteLine(Text($"  not used, {reason}: {count:N0}"));
        }

        output.WriteLine(Text($"Scored from {Local(scored, scored.Report.From)} to {Local(scored, scored.Report.To)} ({scored.Clock.Id})"));
        foreach (HorizonReport horizon in scored.Report.Horizons)
        {
            output.WriteLine();
            output.WriteLine(Text($"{horizon.Metrics.HorizonMinutes} min ahead, {horizon.Metrics.Rows:N0} forecasts; {horizon.Coverage * 100:0.0} % inside the interval of 80 %"));
            output.WriteLine("                          WAPE         MAE        RMSE     RMSLE");
            Line("model", horizon.Metrics.Model);
            foreach ((string name, ForecastErrors errors) in horizon.Metrics.Baselines)
            {
                Line(name.Replace('_', ' '), errors);
            }
        }

        void Line(string name, ForecastErrors errors) => output.WriteLine(
            Text($"  {name,-22} {errors.Wape * 100,6:0.00} % {errors.Mae,11:N3} {errors.Rmse,11:N3} {errors.Rmsle,9:0.0000}"));
    }

    private static string ToJson(ScoredHistory scored)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("model", scored.Manifest.ModelVersion);
            json.WriteString("status", scored.Manifest.Status);
            json.WriteString("path", scored.Path);
            json.WriteBoolean("beats_baselines", scored.Report.BeatsBaselines);
            json.WriteNumber("events", scored.Rows.Events);
            json.WriteNumber("refused_events", scored.Rows.Refused);
            json.WriteStartObject("rejected_lines");
            foreach ((string reason, long count) in scored.Rejects.Counts)
            {
                json.WriteNumber(reason, count);
            }

            json.WriteEndObject();
            json.WriteNumber("rows", scored.Rows.Count);
            json.WriteNumber("units_per_booking", scored.UnitsPerBooking);
            json.WriteString("data_sha256", scored.Rows.DataSha256);
            json.WriteString("scored_from", scored.Report.From);
            json.WriteString("scored_to", scored.Report.To);
            json.WriteStartArray("horizons");
            foreach (HorizonReport horizon in scored.Report.Horizons)
            {
                WriteHorizon(json, horizon);
            }

            json.WriteEndArray();
            json.WriteStartObject("hyper_parameters");
            foreach ((string name, string value) in scored.Manifest.HyperParameters)
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static void WriteHorizon(Utf8JsonWriter json, HorizonReport horizon)
    {
        json.WriteStartObject();
        json.WriteNumber("horizon_minutes", horizon.Metrics.HorizonMinutes);
        json.WriteNumber("forecasts", horizon.Metrics.Rows);
        json.WriteNumber("interval_coverage", horizon.Coverage);
        WriteErrors(json, "model", horizon.Metrics.Model);
        json.WriteStartObject("baselines");
        foreach ((string name, ForecastErrors errors) in horizon.Metrics.Baselines)
        {
            WriteErrors(json, name, errors);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteErrors(Utf8JsonWriter json, string name, ForecastErrors errors)
    {
        json.WriteStartObject(name);
        Write("wape", errors.Wape);
        Write("mae", errors.Mae);
        Write("rmse", errors.Rmse);
        Write("rmsle", errors.Rmsle);
        json.WriteEndObject();

        void Write(string measure, double value)
        {
            if (double.IsFinite(value))
            {
                json.WriteNumber(measure, value);
            }
            else
            {
                json.WriteNull(measure);
            }
        }
    }

    private static string Local(ScoredHistory scored, DateTimeOffset time) =>
        TimeZoneInfo.ConvertTime(time, scored.Clock).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
