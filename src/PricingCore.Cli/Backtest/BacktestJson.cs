using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using PricingCore.Surge;

namespace PricingCore.Cli.Backtest;

/// <summary>A back-test for machines. Money is in major units with the currency's decimals.</summary>
internal static class BacktestJson
{
    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(BacktestSettings settings, BacktestOutcome outcome, JournalReplayResult replay)
    {
        BookingPrices bookings = outcome.Bookings;
        return new JsonObject
        {
            ["records"] = replay.Records,
            ["until"] = replay.Until.UtcDateTime,
            ["first_difference"] = replay.FirstDifference,
            ["torn_at"] = replay.TornAt,
            ["elasticity"] = settings.Elasticity,
            ["bookings"] = new JsonObject
            {
                ["counted"] = bookings.Counted,
                ["priced"] = bookings.Priced,
                ["only_a"] = bookings.OnlyA,
                ["only_b"] = bookings.OnlyB,
                ["pay_more"] = bookings.All.More,
                ["pay_less"] = bookings.All.Less,
                ["mean_change_percent"] = Number(bookings.All.MeanPercent),
            },
            ["revenue"] = new JsonArray([.. bookings.Revenue.Select(Of)]),
            ["policies"] = new JsonObject { ["a"] = Of(outcome.A), ["b"] = Of(outcome.B) },
            ["decisions"] = new JsonObject
            {
                ["paired"] = outcome.Pairs.Paired,
                ["higher"] = outcome.Pairs.Higher,
                ["lower"] = outcome.Pairs.Lower,
                ["same"] = outcome.Pairs.Same,
                ["other"] = outcome.Pairs.Other,
                ["only_a"] = outcome.Pairs.OnlyA,
                ["only_b"] = outcome.Pairs.OnlyB,
            },
            ["regions"] = new JsonArray([.. bookings.Regions.Select(region => Of("region_id", region.Key, region.Value))]),
            ["hours"] = new JsonArray([.. bookings.Hours.Select((hour, index) => Of("hour", index, hour))]),
            ["notes"] = new JsonArray([.. BacktestText.Notes(outcome, replay).Select(note => (JsonNode)note)]),
        }.ToJsonString(Format);
    }

    private static JsonNode Of(CurrencyRevenue revenue) => new JsonObject
    {
        ["currency"] = revenue.Currency.Code,
        ["a"] = revenue.Major(revenue.A),
        ["b"] = revenue.Major(revenue.B),
        ["b_at_elasticity"] = revenue.Major(revenue.BAtElasticity),
        ["bookings_a"] = revenue.BookingsOfA,
        ["bookings_b"] = revenue.BookingsOfB,
        ["bookings_b_at_elasticity"] = Number(revenue.BookingsAtElasticity),
    };

    private static JsonObject Of(PolicyFigures policy) => new()
    {
        ["rules"] = new JsonArray([.. policy.RulesVersions.Select(version => (JsonNode)version)]),
        ["models"] = new JsonArray([.. policy.ModelVersions.Select(version => (JsonNode)version)]),
        ["decisions"] = policy.Decisions,
        ["multiplier_mean"] = Number(policy.MeanMultiplier),
        ["multiplier_p50"] = Number(policy.At(0.5)),
        ["multiplier_p90"] = Number(policy.At(0.9)),
        ["multiplier_p99"] = Number(policy.At(0.99)),
        ["multiplier_max"] = Number(policy.At(1)),
        ["cap_hits"] = policy.CapHits,
        ["limits"] = new JsonObject(SurgeLimitChanges.Names.Select((name, index) => new KeyValuePair<string, JsonNode?>(
            name, new JsonObject { ["lowered"] = policy.Lowered[index], ["raised"] = policy.Raised[index] }))),
        ["volatility"] = Number(policy.Volatility),
        ["largest_change"] = Number(policy.LargestChange),
    };

    private static JsonObject Of(string key, JsonNode value, PaidChange change) => new JsonObject
    {
        [key] = value,
        ["bookings"] = change.Bookings,
        ["pay_more"] = change.More,
        ["pay_less"] = change.Less,
        ["mean_change_percent"] = Number(change.MeanPercent),
    };

    private static JsonNode? Number(double value) => double.IsFinite(value) ? Math.Round(value, 6) : null;
}
