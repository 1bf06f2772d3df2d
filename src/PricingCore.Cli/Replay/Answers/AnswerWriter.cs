using System.Buffers.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using PricingCore.Cli.Replay.Input;
using PricingCore.Cli.Replay.Requests;
using PricingCore.Money;
using PricingCore.Quotes;
using PricingCore.Replay;
using PricingCore.Surge;

namespace PricingCore.Cli.Replay.Answers;

/// <summary>Writes answers as JSON Lines: fixed order of fields, exact decimals, LF, so that equal answers are equal bytes.</summary>
/// <threadsafety>One thread at a time.</threadsafety>
internal sealed class AnswerWriter : IDisposable
{
    private static readonly string[] Refusals = [.. Enum.GetValues<QuoteRefusal>().Select(refusal => RejectReason.SnakeCase(refusal.ToString()))];

    private readonly Stream _output;
    private readonly Utf8JsonWriter _json;
    private readonly JsonEncodedText[] _featureNames;

    /// <param name="output">Where the lines go.</param>
    /// <param name="featureNames">The names of the features in schema order; empty when answers carry none.</param>
    public AnswerWriter(Stream output, IReadOnlyList<string> featureNames)
    {
        _output = output;
        _json = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });
        _featureNames = [.. featureNames.Select(name => JsonEncodedText.Encode(name))];
    }

    public static string NameOf(QuoteRefusal refusal) => Refusals[(int)refusal];

    public void Write(in ReplayRequest request, in ReplayAnswer answer)
    {
        _json.WriteStartObject();
        _json.WriteString("request_id"u8, request.RequestId);
        _json.WriteString("region_id"u8, request.RegionId);
        _json.WriteString("product_type"u8, request.ProductType);
        if (answer.Refusal == QuoteRefusal.None)
        {
            WriteQuote(answer.Quote);
            WriteFeatures(answer.Features.Span);
        }
        else
        {
            _json.WriteString("refused"u8, NameOf(answer.Refusal));
        }

        _json.WriteEndObject();
        _json.Flush();
        _json.Reset();
        _output.WriteByte((byte)'\n');
    }

    public void Dispose() => _json.Dispose();

    private void WriteQuote(in Quote quote)
    {
        SurgeDecision decision = quote.Decision;
        WriteAmount("price"u8, quote.Price);
        _json.WriteString("currency"u8, quote.Price.Currency.Code);
        WriteAmount("base_price"u8, quote.BasePrice);
        WriteSteps("surge_multiplier"u8, quote.Multiplier.Steps);
        WriteNumber("demand_score"u8, decision.Inputs.DemandScore);
        WriteNumber("confidence"u8, decision.Forecast.Confidence);
        WriteFactors(decision.Outcome.Factors);
        WriteLimits(decision.Outcome.Limits);
        WriteInputs(decision);
        WriteBreakdown(quote.Breakdown);
        _json.WriteString("valid_until"u8, quote.ValidUntil.UtcDateTime);
        _json.WriteString("decision_id"u8, decision.Id.ToString());
        _json.WriteString("model_version"u8, decision.ModelVersion);
        _json.WriteString("rules_version"u8, decision.RulesVersion);
        _json.WriteBoolean("cached"u8, quote.Cached);
    }

    private void WriteFactors(in SurgeFactors factors)
    {
        _json.WriteStartObject("factors"u8);
        WriteSteps("demand"u8, factors.Demand);
        WriteSteps("supply"u8, factors.Supply);
        WriteSteps("time_of_day"u8, factors.TimeOfDay);
        WriteSteps("weather"u8, factors.Weather);
        WriteSteps("events"u8, factors.Events);
        _json.WriteEndObject();
    }

    private void WriteLimits(in SurgeLimitChanges limits)
    {
        _json.WriteStartObject("limits"u8);
        WriteSteps("clip"u8, limits.Clip);
        WriteSteps("smoothing"u8, limits.Smoothing);
        WriteSteps("step"u8, limits.Step);
        WriteSteps("hysteresis"u8, limits.Hysteresis);
        WriteSteps("experiment"u8, limits.Experiment);
        WriteSteps("rule_bounds"u8, limits.RuleBounds);
        WriteSteps("emergency_cap"u8, limits.EmergencyCap);
        _json.WriteEndObject();
    }

    private void WriteInputs(SurgeDecision decision)
    {
        SurgeInputs inputs = decision.Inputs;
        _json.WriteStartObject("inputs"u8);
        WriteNumber("demand"u8, inputs.Demand);
        WriteNumber("available_supply"u8, inputs.AvailableSupply);
        _json.WriteNumber("hour"u8, inputs.Hour);
        WriteNumber("nearby_event_score"u8, inputs.NearbyEventScore);
        WriteNumber("weather_score"u8, inputs.WeatherScore);
        WriteNumber("threshold"u8, decision.Rule.Threshold);
        WriteOptionalSteps("neighbour_multiplier"u8, inputs.NeighbourSteps);
        WriteOptionalSteps("previous_multiplier"u8, inputs.PreviousSteps);
        _json.WriteNumber("since_previous_us"u8, inputs.SincePreviousMicros);
        _json.WriteBoolean("stale"u8, inputs.IsStale);
        WriteNumber("demand_low"u8, decision.Forecast.Low);
        WriteNumber("demand_high"u8, decision.Forecast.High);
        _json.WriteNumber("horizon_minutes"u8, decision.Forecast.HorizonMinutes);
        _json.WriteString("forecast_source"u8, RejectReason.SnakeCase(decision.ForecastSource.ToString()));
        _json.WriteEndObject();
    }

    private void WriteBreakdown(IReadOnlyList<PriceComponent> lines)
    {
        _json.WriteStartArray("breakdown"u8);
        foreach (PriceComponent line in lines)
        {
            _json.WriteStartObject();
            _json.WriteString("component"u8, line.Component);
            _json.WriteNumber("amount"u8, line.MinorUnits);
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
    }

    private void WriteFeatures(ReadOnlySpan<float> features)
    {
        if (_featureNames.Length == 0)
        {
            return;
        }

        _json.WriteStartObject("features"u8);
        for (int i = 0; i < features.Length; i++)
        {
            if (float.IsFinite(features[i]))
            {
                _json.WriteNumber(_featureNames[i], features[i]);
            }
            else
            {
                _json.WriteNull(_featureNames[i]);
            }
        }

        _json.WriteEndObject();
    }

    /// <summary>A missing forecast has no numbers; JSON has no word for them but null.</summary>
    private void WriteNumber(ReadOnlySpan<byte> name, double number)
    {
        if (double.IsFinite(number))
        {
            _json.WriteNumber(name, number);
        }
        else
        {
            _json.WriteNull(name);
        }
    }

    // A float keeps its own shortest form: 0.7, not 0.699999988079071.
    private void WriteNumber(ReadOnlySpan<byte> name, float number)
    {
        if (float.IsFinite(number))
        {
            _json.WriteNumber(name, number);
        }
        else
        {
            _json.WriteNull(name);
        }
    }

    private void WriteOptionalSteps(ReadOnlySpan<byte> name, int? steps)
    {
        if (steps is { } known)
        {
            WriteSteps(name, known);
        }
        else
        {
            _json.WriteNull(name);
        }
    }

    private void WriteSteps(ReadOnlySpan<byte> name, int steps) => WriteScaled(name, steps, unitsPerOne: 10_000, decimals: 4);

    private void WriteAmount(ReadOnlySpan<byte> name, Amount amount) =>
        WriteScaled(name, amount.MinorUnits, amount.Currency.MinorUnitsPerMajor, amount.Currency.Decimals);

    /// <summary>Writes an integer number of small units as a decimal, with every decimal: 1250 cents are 12.50.</summary>
    private void WriteScaled(ReadOnlySpan<byte> name, long units, int unitsPerOne, int decimals)
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

        _json.WritePropertyName(name);
        _json.WriteRawValue(text[..length], skipInputValidation: true);
    }
}
