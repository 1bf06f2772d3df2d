using System.Text.Json;
using System.Text.Unicode;
using PricingCore.AspNetCore.Bodies;
using PricingCore.AspNetCore.Problems;
using PricingCore.Events;
using PricingCore.Quotes;

namespace PricingCore.AspNetCore.Compute;

/// <summary>Reads requests for prices straight from the bytes, or says what is wrong with them. Allocates nothing for ids that were seen before.</summary>
/// <threadsafety>Any thread.</threadsafety>
internal sealed class ComputeReader(PricingEndpointOptions options, TextPool pool)
{
    private const string KnownFields = "request_id, region_id, product_type, base_price, currency, user_id";
    private const string LegalName = "a text of 1 to 64 characters without blanks at its ends";
    private const string LegalId = "a text of 1 to 128 characters without blanks at its ends";

    private readonly JsonReaderOptions _format = new() { MaxDepth = options.MaxDepth };
    private readonly bool _ignoresUnknown = options.UnknownFields == UnknownFields.Ignore;
    private readonly int _maxDepth = options.MaxDepth;

    /// <summary>Reads one request.</summary>
    /// <param name="body">The request, and nothing else.</param>
    /// <param name="start">Where in its buffer it begins, for the places of ids.</param>
    /// <param name="request">What it asks for.</param>
    /// <param name="problem">What is wrong with it.</param>
    public bool TryRead(ReadOnlySpan<byte> body, int start, out ComputeRequest request, out Problem problem)
    {
        request = default;
        problem = default;
        if (!Utf8.IsValid(body))
        {
            problem = new Problem(ProblemType.InvalidUtf8, "The body holds bytes that are not UTF-8.");
            return false;
        }

        try
        {
            var reader = new Utf8JsonReader(body, _format);
            return reader.Read() && TryReadObject(ref reader, start, ref request, out problem);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            problem = JsonFault.Of(fault, _maxDepth);
            return false;
        }
    }

    private bool TryReadObject(ref Utf8JsonReader reader, int start, ref ComputeRequest request, out Problem problem)
    {
        problem = default;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            problem = new Problem(ProblemType.WrongType, "The body must be one JSON object.", Legal: "{\"region_id\": \"...\"}");
            return false;
        }

        int seen = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            ComputeField field = FieldOf(ref reader);
            if (field == ComputeField.Unknown)
            {
                if (!_ignoresUnknown)
                {
                    string name = JsonFault.Excerpt(reader.ValueSpan);
                    problem = new Problem(ProblemType.UnknownField, $"'{name}' is not a field of a request for a price.", name, KnownFields);
                    return false;
                }

                reader.Skip();
                continue;
            }

            if ((seen & (1 << (int)field)) != 0)
            {
                problem = new Problem(ProblemType.RepeatedField, $"'{NameOf(field)}' is given twice.", NameOf(field), "each field once");
                return false;
            }

            seen |= 1 << (int)field;
            reader.Read();
            if (reader.TokenType != JsonTokenType.Null && !TryReadField(ref reader, field, start, ref request, out problem))
            {
                return false;
            }
        }

        reader.Read(); // Refuses what follows the object.
        request.ProductType ??= QuoteRequest.StandardProduct;
        if (request.RegionId is null)
        {
            problem = new Problem(ProblemType.MissingField, "region_id is missing.", "region_id", LegalName);
            return false;
        }

        return true;
    }

    private bool TryReadField(ref Utf8JsonReader reader, ComputeField field, int start, ref ComputeRequest request, out Problem problem)
    {
        problem = default;
        if (field == ComputeField.BasePrice)
        {
            return TryReadPrice(ref reader, ref request, out problem);
        }

        if (reader.TokenType != JsonTokenType.String)
        {
            problem = new Problem(ProblemType.WrongType, $"{NameOf(field)} must be a text in quotes.", NameOf(field), LegalOf(field));
            return false;
        }

        switch (field)
        {
            case ComputeField.RequestId:
                return TryReadId(ref reader, field, start, out request.RequestId, out problem);
            case ComputeField.UserId:
                return TryReadId(ref reader, field, start, out request.UserId, out problem);
            case ComputeField.Currency:
                request.Currency = TextOf(ref reader);
                return true;
            case ComputeField.RegionId:
                request.RegionId = TextOf(ref reader);
                return IsName(request.RegionId, field, out problem);
            default:
                request.ProductType = TextOf(ref reader);
                return IsName(request.ProductType, field, out problem);
        }
    }

    private static bool TryReadPrice(ref Utf8JsonReader reader, ref ComputeRequest request, out Problem problem)
    {
        problem = default;
        if (reader.TokenType != JsonTokenType.Number)
        {
            problem = new Problem(ProblemType.WrongType, "base_price must be a number without quotes.", "base_price", BasePrices.Legal);
            return false;
        }

        if (reader.TryGetDecimal(out decimal price))
        {
            request.BasePrice = price;
            return true;
        }

        problem = new Problem(ProblemType.OutOfRange, $"base_price is {JsonFault.Excerpt(reader.ValueSpan)}.", "base_price", BasePrices.Legal);
        return false;
    }

    private static bool TryReadId(ref Utf8JsonReader reader, ComputeField field, int start, out IdInBody id, out Problem problem)
    {
        problem = default;
        ReadOnlySpan<byte> raw = reader.ValueSpan;
        string? unescaped = reader.ValueIsEscaped ? reader.GetString()! : null;
        id = new IdInBody(start + (int)reader.TokenStartIndex + 1, raw.Length, unescaped);
        bool isLegal = unescaped is not null ? EventGate.IsText(unescaped, EventGate.MaxIdLength) : IsText(raw);
        if (!isLegal)
        {
            problem = new Problem(ProblemType.OutOfRange, $"{NameOf(field)} is blank, too long, or has blanks at its ends.", NameOf(field), LegalId);
        }

        return isLegal;
    }

    private static bool IsText(ReadOnlySpan<byte> utf8) =>
        !utf8.IsEmpty && utf8.Length <= EventGate.MaxIdLength && utf8[0] is > (byte)' ' and < 0x7f && utf8[^1] is > (byte)' ' and < 0x7f
        || (utf8.Length <= 4 * EventGate.MaxIdLength && EventGate.IsText(System.Text.Encoding.UTF8.GetString(utf8), EventGate.MaxIdLength));

    private static bool IsName(string name, ComputeField field, out Problem problem)
    {
        bool isLegal = EventGate.IsText(name, EventGate.MaxNameLength) && name != MarketEvent.AllRegions;
        problem = isLegal
            ? default
            : new Problem(ProblemType.OutOfRange, $"{NameOf(field)} is blank, too long, has blanks at its ends, or is '*'.", NameOf(field), LegalName);
        return isLegal;
    }

    private string TextOf(ref Utf8JsonReader reader) => reader.ValueIsEscaped ? reader.GetString()! : pool.Get(reader.ValueSpan);

    private static ComputeField FieldOf(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("request_id"u8) ? ComputeField.RequestId
        : reader.ValueTextEquals("region_id"u8) ? ComputeField.RegionId
        : reader.ValueTextEquals("product_type"u8) ? ComputeField.ProductType
        : reader.ValueTextEquals("base_price"u8) ? ComputeField.BasePrice
        : reader.ValueTextEquals("currency"u8) ? ComputeField.Currency
        : reader.ValueTextEquals("user_id"u8) ? ComputeField.UserId
        : ComputeField.Unknown;

    private static string NameOf(ComputeField field) => field switch
    {
        ComputeField.RequestId => "request_id",
        ComputeField.RegionId => "region_id",
        ComputeField.ProductType => "product_type",
        ComputeField.BasePrice => "base_price",
        ComputeField.Currency => "currency",
        _ => "user_id",
    };

    private static string LegalOf(ComputeField field) => field switch
    {
        ComputeField.RequestId or ComputeField.UserId => LegalId,
        ComputeField.Currency => "an ISO 4217 code in capitals, such as USD",
        _ => LegalName,
    };
}
