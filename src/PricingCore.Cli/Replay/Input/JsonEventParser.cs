using System.Text.Json;
using System.Text.Unicode;
using PricingCore.Events;

namespace PricingCore.Cli.Replay.Input;

/// <summary>Turns one line of JSON into an event, or says what is wrong with it. Allocates only texts not seen before.</summary>
/// <threadsafety>One thread at a time.</threadsafety>
internal sealed class JsonEventParser
{
    private const string KnownFields =
        "type, region_id, occurred_at, received_at, user_id, unit_id, product_type, idempotency_key, value, values";

    private static readonly JsonReaderOptions Options = new() { MaxDepth = 8 };

    private readonly Utf8StringPool _pool = new();
    private readonly EventNumbers _numbers = new();
    private readonly byte[] _unescaped = new byte[512];

    private int _seen;
    private MarketEventKind _kind;
    private string? _region;
    private string? _user;
    private string? _unit;
    private string? _product;
    private string? _key;
    private DateTimeOffset _occurredAt;
    private DateTimeOffset? _receivedAt;
    private Problem _problem;

    public bool TryParse(ReadOnlySpan<byte> line, out MarketEvent marketEvent, out DateTimeOffset receivedAt, out Problem problem)
    {
        Clear();
        if (TryReadLine(line))
        {
            receivedAt = _receivedAt ?? _occurredAt;
            problem = default;
            return TryBuild(out marketEvent, out problem);
        }

        marketEvent = default;
        receivedAt = default;
        problem = _problem;
        return false;
    }

    private void Clear()
    {
        _seen = 0;
        _numbers.Clear();
        _kind = MarketEventKind.None;
        _region = _user = _unit = _product = _key = null;
        _receivedAt = null;
        _occurredAt = default;
    }

    private bool TryReadLine(ReadOnlySpan<byte> line)
    {
        if (!Utf8.IsValid(line))
        {
            return Fail(RejectReason.InvalidUtf8, "the line is not UTF-8");
        }

        try
        {
            var reader = new Utf8JsonReader(line, Options);
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                return Fail(RejectReason.WrongType, "the line must be one JSON object");
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (!TryReadField(ref reader))
                {
                    return false;
                }
            }

            return !reader.Read() || Fail(RejectReason.InvalidJson, "only one JSON object fits on a line");
        }
        catch (JsonException exception)
        {
            return Fail(RejectReason.InvalidJson, $"broken at byte {exception.BytePositionInLine}: {FirstSentence(exception.Message)}");
        }
        catch (InvalidOperationException)
        {
            // An escape such as \ud800 that is half a character.
            return Fail(RejectReason.InvalidUtf8, "an escaped character is not valid Unicode");
        }
    }

    private bool TryReadField(ref Utf8JsonReader reader)
    {
        JsonEventField field = FieldOf(ref reader);
        if (field == JsonEventField.Unknown)
        {
            return Fail(RejectReason.UnknownField, $"'{Excerpt.Of(reader.ValueSpan)}' is not a field of an event; known are {KnownFields}");
        }

        int bit = 1 << (int)field;
        if ((_seen & bit) != 0)
        {
            return Fail(RejectReason.RepeatedField, $"'{Excerpt.Of(reader.ValueSpan)}' is given twice");
        }

        _seen |= bit;
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
        {
            return true; // As if it were not there.
        }

        return field switch
        {
            JsonEventField.Value => TryReadNumber(ref reader, slot: 0),
            JsonEventField.Values => TryReadNumbers(ref reader),
            _ => TryReadText(ref reader, field),
        };
    }

    private static JsonEventField FieldOf(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("type"u8))
        {
            return JsonEventField.Type;
        }

        if (reader.ValueTextEquals("region_id"u8))
        {
            return JsonEventField.Region;
        }

        if (reader.ValueTextEquals("occurred_at"u8))
        {
            return JsonEventField.OccurredAt;
        }

        return reader.ValueTextEquals("received_at"u8) ? JsonEventField.ReceivedAt
            : reader.ValueTextEquals("user_id"u8) ? JsonEventField.User
            : reader.ValueTextEquals("unit_id"u8) ? JsonEventField.Unit
            : reader.ValueTextEquals("product_type"u8) ? JsonEventField.Product
            : reader.ValueTextEquals("idempotency_key"u8) ? JsonEventField.Key
            : reader.ValueTextEquals("value"u8) ? JsonEventField.Value
            : reader.ValueTextEquals("values"u8) ? JsonEventField.Values
            : JsonEventField.Unknown;
    }

    private bool TryReadText(ref Utf8JsonReader reader, JsonEventField field)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            return Fail(RejectReason.WrongType, $"{NameOf(field)} must be a text in quotes");
        }

        ReadOnlySpan<byte> text = reader.ValueSpan;
        if (reader.ValueIsEscaped)
        {
            if (text.Length > _unescaped.Length)
            {
                return Fail(RejectReason.WrongType, $"{NameOf(field)} is longer than any id may be");
            }

            text = _unescaped.AsSpan(0, reader.CopyString(_unescaped));
        }

        switch (field)
        {
            case JsonEventField.Type:
                return EventKinds.TryFind(text, out _kind)
                    || Fail(RejectReason.UnknownKind, $"'{Excerpt.Of(text)}' is not a kind of event; known are {EventKinds.Known}");
            case JsonEventField.OccurredAt:
                return TimeText.TryReadInstant(text, "occurred_at", out _occurredAt, out _problem);
            case JsonEventField.ReceivedAt:
                bool read = TimeText.TryReadInstant(text, "received_at", out DateTimeOffset receivedAt, out _problem);
                _receivedAt = receivedAt;
                return read;
            case JsonEventField.Region:
                _region = _pool.Get(text);
                return true;
            case JsonEventField.User:
                _user = _pool.Get(text);
                return true;
            case JsonEventField.Unit:
                _unit = _pool.Get(text);
                return true;
            case JsonEventField.Product:
                _product = _pool.Get(text);
                return true;
            default:
                _key = _pool.Get(text);
                return true;
        }
    }

    private bool TryReadNumbers(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return Fail(RejectReason.WrongType, "values must be an object of named numbers");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            int slot = EventNumbers.SlotOf(reader.ValueSpan);
            if (slot < 0)
            {
                return Fail(
                    RejectReason.UnknownField,
                    $"'{Excerpt.Of(reader.ValueSpan)}' is not a number of an event; known are {string.Join(", ", EventNumbers.Names)}");
            }

            reader.Read();
            if (reader.TokenType != JsonTokenType.Null && !TryReadNumber(ref reader, slot))
            {
                return false;
            }
        }

        return true;
    }

    private bool TryReadNumber(ref Utf8JsonReader reader, int slot)
    {
        string name = EventNumbers.Names[slot];
        if (reader.TokenType != JsonTokenType.Number)
        {
            return Fail(RejectReason.WrongType, $"{name} must be a number without quotes");
        }

        if (_numbers.Has(slot))
        {
            return Fail(RejectReason.RepeatedField, $"'{name}' is given twice");
        }

        return (reader.TryGetDouble(out double number) && _numbers.TrySet(slot, number))
            || Fail(RejectReason.NumberOutOfRange, $"{name} is too large for a number: {Excerpt.Of(reader.ValueSpan)}");
    }

    private bool TryBuild(out MarketEvent marketEvent, out Problem problem)
    {
        marketEvent = default;
        if (_kind == MarketEventKind.None || _region is null || _occurredAt == default)
        {
            string missing = _kind == MarketEventKind.None ? "type" : _region is null ? "region_id" : "occurred_at";
            problem = new Problem(RejectReason.MissingField, $"{missing} is missing");
            return false;
        }

        if (!_numbers.TryResolve(_kind, out EventValues values, out problem))
        {
            return false;
        }

        marketEvent = new MarketEvent(_kind, _region, _occurredAt)
        {
            UserId = _user,
            UnitId = _unit,
            ProductType = _product,
            IdempotencyKey = _key,
            Values = values,
        };
        return true;
    }

    private bool Fail(string reason, string detail)
    {
        _problem = new Problem(reason, detail);
        return false;
    }

    private static string NameOf(JsonEventField field) => field switch
    {
        JsonEventField.Type => "type",
        JsonEventField.Region => "region_id",
        JsonEventField.OccurredAt => "occurred_at",
        JsonEventField.ReceivedAt => "received_at",
        JsonEventField.User => "user_id",
        JsonEventField.Unit => "unit_id",
        JsonEventField.Product => "product_type",
        _ => "idempotency_key",
    };

    private static string FirstSentence(string message)
    {
        int end = message.IndexOf(". ", StringComparison.Ordinal);
        return Excerpt.Of(end < 0 ? message : message[..end]);
    }
}
