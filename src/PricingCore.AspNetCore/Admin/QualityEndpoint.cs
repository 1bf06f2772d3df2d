using System.Text.Json;
using Microsoft.AspNetCore.Http;
using PricingCore.AspNetCore.Bodies;
using PricingCore.Quality;
using Problem = PricingCore.AspNetCore.Problems.Problem;

namespace PricingCore.AspNetCore.Admin;

/// <summary><c>GET /api/v1/admin/quality?worst=20</c>: how good the data are, of all regions and of the worst.</summary>
/// <threadsafety>Any thread.</threadsafety>
internal sealed class QualityEndpoint(EngineSource engines)
{
    private const int WorstUnlessAsked = 20;

    /// <summary>Answers a request.</summary>
    public Task InvokeAsync(HttpContext context) => AdminAnswer.RunAsync(context, engines, engine =>
    {
        if (!QueryText.TryGetNumber(context, "worst", 0, PricingEngine.MostWorstRegions, WorstUnlessAsked, out int worst, out Problem problem))
        {
            return Task.FromResult(problem);
        }

        context.Response.Headers.CacheControl = "no-store";
        DataQualityReport report = engine.ReadQuality(worst);
        JsonText.Answer(context, json => Write(json, report));
        return Task.FromResult<Problem>(default);
    });

    private static void Write(Utf8JsonWriter json, DataQualityReport report)
    {
        JsonText.WriteTime(json, "at", report.At);
        json.WriteNumber("regions", report.Regions);
        json.WriteNumber("regions_below", report.RegionsBelow);
        WriteScores(json, report.Scores);
        WriteNumber(json, "fresh_share", report.FreshShare);
        WriteNumber(json, "oldest_freshness_s", report.OldestFreshness?.TotalSeconds);
        WriteNumber(json, "late_share", report.LateShare);
        WriteBreaches(json, report.Breaches);
        json.WriteStartArray("worst");
        foreach (RegionQuality region in report.Worst)
        {
            json.WriteStartObject();
            json.WriteString("region_id", region.RegionId);
            WriteScores(json, region.Scores);
            WriteBreaches(json, region.Breaches);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("drift_model", report.DriftModel);
        json.WriteStartArray("drift");
        foreach (FeatureDrift drift in report.Drift)
        {
            json.WriteStartObject();
            json.WriteString("feature", drift.Feature);
            WriteNumber(json, "index", drift.Index);
            WriteNumber(json, "missing_share", drift.MissingShare);
            WriteNumber(json, "missing_share_in_training", drift.MissingShareInTraining);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteScores(Utf8JsonWriter json, QualityScores scores)
    {
        WriteNumber(json, "score", scores.Score);
        WriteNumber(json, "completeness", scores.Completeness);
        WriteNumber(json, "validity", scores.Validity);
        WriteNumber(json, "timeliness", scores.Timeliness);
        WriteNumber(json, "consistency", scores.Consistency);
        WriteNumber(json, "accuracy", scores.Accuracy);
        WriteNumber(json, "freshness_s", scores.Freshness?.TotalSeconds);
    }

    private static void WriteBreaches(Utf8JsonWriter json, IReadOnlyList<QualityBreach> breaches)
    {
        json.WriteStartArray("breaches");
        foreach (QualityBreach breach in breaches)
        {
            json.WriteStartObject();
            json.WriteString("measure", JsonText.Word(breach.Measure));
            WriteNumber(json, "value", breach.Value);
            WriteNumber(json, "threshold", breach.Threshold);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>To six decimals, which is more than is measured; null when it is not known.</summary>
    private static void WriteNumber(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } known)
        {
            json.WriteNumber(name, Math.Round(known, 6));
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
