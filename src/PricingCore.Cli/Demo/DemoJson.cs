using System.Text.Json;
using PricingCore.Rules;
using PricingCore.Testing.Cities;

namespace PricingCore.Cli.Demo;

/// <summary>The result of the demo for machines: one JSON object.</summary>
internal static class DemoJson
{
    private static readonly JsonSerializerOptions Format = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    public static string Of(DemoOutcome outcome, string path) => JsonSerializer.Serialize(
        new
        {
            outcome.Choices.Seed,
            Regions = outcome.City.Regions.Count,
            outcome.Choices.Days,
            Formula = DemoRules.Formula == SurgeFormulaKind.Centred ? "centred" : "reference",
            Model = outcome.ModelVersion,
            outcome.Record.Events,
            outcome.Record.Quotes,
            DuplicatesDropped = outcome.Statistics.Duplicates,
            DuplicatesSent = outcome.WithSurge.Redelivered,
            Rejected = outcome.Record.Rejected.ToDictionary(pair => JsonNamingPolicy.SnakeCaseLower.ConvertName(pair.Key.ToString()), pair => pair.Value),
            WithSurge = Totals(outcome.WithSurge),
            WithoutSurge = Totals(outcome.WithoutSurge),
            BusiestRegions = outcome.Busiest.Take(10).Select(region => new
            {
                RegionId = region.Region.Id,
                region.Searches,
                region.Bookings,
                region.Served,
                region.Unserved,
                region.MeanMultiplier,
                region.MaxMultiplier,
            }),
            QuoteRoundTripUs = new { P50 = outcome.LatencyAt(0.5), P99 = outcome.LatencyAt(0.99), Max = outcome.LatencyAt(1) },
            ElapsedSeconds = outcome.Elapsed.TotalSeconds,
            Report = path,
        },
        Format);

    private static object Totals(CityResult result) => new
    {
        result.Searches,
        result.Bookings,
        result.Served,
        result.Unserved,
        result.RevenueMinorUnits,
        Currency = DemoRules.Currency.Code,
        result.MeanWaitMinutes,
    };
}
