using System.Buffers.Text;
using System.Text.Json;
using PricingCore.Money;
using PricingCore.Surge;

namespace PricingCore.Quotes;

/// <summary>Writes what a quote says as JSON: snake_case, fixed order, exact decimals, so that equal quotes are equal bytes.</summary>
/// <threadsafety>Pure functions; the writer is the caller's.</threadsafety>
internal static class QuoteJson
{
    private const int DecimalsOfSteps = 4;

    /// <summary>Price, multiplier, factors, limits, inputs and breakdown, into an object that is open.</summary>
    public static void WritePrice(Utf8JsonWriter json, in Quote quote)
    {
        SurgeDecision decision = quote.Decision;
        WriteAmount(json, "price"u8, quote.Price);
        json.WriteString("currency"u8, quote.Price.Currency.Code);
        WriteAmount(json, "base_price"u8, quote.BasePrice);
        WriteSteps(json, "surge_multiplier"u8, quote.Multiplier.Steps);
        WriteNumber(json, "demand_score"u8, decision.Inputs.DemandScore);
        WriteNumber(json, "confidence"u8, decision.Forecast.Confidence);
        WriteFactors(json, decision.Outcome.Factors);
        WriteLimits(json, decision.Outcome.Limits);
        WriteInputs(json, decision);
        WriteBreakdown(json, quote.Breakdown);
    }

    /// <summary>What the quote follows: decision, model and rules.</summary>
    public static void WriteVersions(Utf8JsonWriter json, SurgeDecision decision)
    {
        json.WriteString("decision_id"u8, decision.Id.ToString());
        json.WriteString("model_version"u8, decision.ModelVersion);
        json.WriteString("rules_version"u8, decision.RulesVersion);
    }

    /// <summary>An amount in major units, with every decimal of its currency.</summary>
    public static void WriteAmount(Utf8JsonWriter json, ReadOnlySpan<byte> name, Amount amount) =>
        WriteScaled(json, name, amount.MinorUnits, amount.Currency.MinorUnitsPerMajor, amount.Currency.Decimals);

    /// <summary>Steps of 1/10,000 as a decimal.</summary>
    public static void WriteSteps(Utf8JsonWriter json, ReadOnlySpan<byte> name, int steps) =>
        WriteScaled(json, name, steps, unitsPerOne: 10_000, DecimalsOfSteps);

    /// <summary>A number that may be missing; JSON has no word for that but null.</summary>
    public static void WriteNumber(Utf8JsonWriter json, ReadOnlySpan<byte> name, double number)
    {
        if (double.IsFinite(number))
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    /// <summary>A number that may be missing. A float keeps its own shortest form: 0.7, not 0.699999988079071.</summary>
    public static void WriteNumber(Utf8JsonWriter json, ReadOnlySpan<byte> name, float number)
    {
        if (float.IsFinite(number))
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void WriteFactors(Utf8JsonWriter json, in SurgeFactors factors)
    {
        json.WriteStartObject("factors"u8);
        WriteSteps(json, "demand"u8, factors.Demand);
        WriteSteps(json, "supply"u8, factors.Supply);
        WriteSteps(json, "time_of_day"u8, factors.TimeOfDay);
        WriteSteps(json, "weather"u8, factors.Weather);
        WriteSteps(json, "events"u8, factors.Events);
        json.WriteEndObject();
    }

    private static void WriteLimits(Utf8JsonWriter json, in SurgeLimitChanges limits)
    {
        json.WriteStartObject("limits"u8);
        WriteSteps(json, "clip"u8, limits.Clip);
        WriteSteps(json, "smoothing"u8, limits.Smoothing);
        WriteSteps(json, "step"u8, limits.Step);
        WriteSteps(json, "hysteresis"u8, limits.Hysteresis);
        WriteSteps(json, "experiment"u8, limits.Experiment);
        WriteSteps(json, "rule_bounds"u8, limits.RuleBounds);
        WriteSteps(json, "emergency_cap"u8, limits.EmergencyCap);
        json.WriteEndObject();
    }

    private static void WriteInputs(Utf8JsonWriter json, SurgeDecision decision)
    {
        SurgeInputs inputs = decision.Inputs;
        json.WriteStartObject("inputs"u8);
        WriteNumber(json, "demand"u8, inputs.Demand);
        WriteNumber(json, "available_supply"u8, inputs.AvailableSupply);
        json.WriteNumber("hour"u8, inputs.Hour);
        WriteNumber(json, "nearby_event_score"u8, inputs.NearbyEventScore);
        WriteNumber(json, "weather_score"u8, inputs.WeatherScore);
        WriteNumber(json, "threshold"u8, decision.Rule.Threshold);
        WriteOptionalSteps(json, "neighbour_multiplier"u8, inputs.NeighbourSteps);
        WriteOptionalSteps(json, "previous_multiplier"u8, inputs.PreviousSteps);
        json.WriteNumber("since_previous_us"u8, inputs.SincePreviousMicros);
        json.WriteBoolean("stale"u8, inputs.IsStale);
        WriteNumber(json, "demand_low"u8, decision.Forecast.Low);
        WriteNumber(json, "demand_high"u8, decision.Forecast.High);
        json.WriteNumber("horizon_minutes"u8, decision.Forecast.HorizonMinutes);
        json.WriteString("forecast_source"u8, JsonNamingPolicy.SnakeCaseLower.ConvertName(decision.ForecastSource.ToString()));
        json.WriteEndObject();
    }

    private static void WriteBreakdown(Utf8JsonWriter json, IReadOnlyList<PriceComponent> lines)
    {
        json.WriteStartArray("breakdown"u8);
        foreach (PriceComponent line in lines)
        {
            json.WriteStartObject();
            json.WriteString("component"u8, line.Component);
            json.WriteNumber("amount"u8, line.MinorUnits);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteOptionalSteps(Utf8JsonWriter json, ReadOnlySpan<byte> name, int? steps)
    {
        if (steps is { } known)
        {
            WriteSteps(json, name, known);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    /// <summary>Writes an integer number of small units as a decimal, with every decimal: 1250 cents are 12.50.</summary>
    private static void WriteScaled(Utf8JsonWriter json, ReadOnlySpan<byte> name, long units, int unitsPerOne, int decimals)
    {
        Span<byte> text = stackalloc byte[32];
        int length = 0;
        if (units < 0)
        {
            text[length++] = (byte)'-';
        }

        UInt128 size = UInt128.CreateChecked(Int128.Abs(units)); // The smallest long has no positive twin.
        Utf8Formatter.TryFormat((ulong)(size / (uint)unitsPerOne), text[length..], out int written);
        length += written;
        if (decimals > 0)
        {
            text[length++] = (byte)'.';
            uint fraction = (uint)(size % (uint)unitsPerOne);
            for (int i = decimals - 1; i >= 0; i--)
            {
                text[length + i] = (byte)('0' + (fraction % 10));
                fraction /= 10;
            }

            length += decimals;
        }

        json.WritePropertyName(name);
        json.WriteRawValue(text[..length], skipInputValidation: true);
    }
}
