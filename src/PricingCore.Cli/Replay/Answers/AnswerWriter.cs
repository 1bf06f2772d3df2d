using System.Text.Encodings.Web;
using System.Text.Json;
using PricingCore.Cli.Replay.Requests;
using PricingCore.Quotes;
using PricingCore.Replay;

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
        QuoteJson.WritePrice(_json, quote);
        _json.WriteString("valid_until"u8, quote.ValidUntil.UtcDateTime);
        QuoteJson.WriteVersions(_json, quote.Decision);
        _json.WriteBoolean("cached"u8, quote.Cached);
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
}
