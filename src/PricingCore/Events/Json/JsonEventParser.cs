using System.Text.Json;
using System.Text.Unicode;

namespace PricingCore.Events.Json;

/// <summary>Turns one line of JSON into an event, or says what is wrong with it. Allocates only texts not seen before.</summary>
/// <threadsafety>One thread at a time.</threadsafety>
internal sealed class JsonEventParser
{
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

    /// <summary>Whether fields that are not known are passed over; else they are a problem.</summary>
    public bool IgnoresUnknownFields { get; init; }

    /// <summary>Reads one event.</summary>
    /// <param name="line">The object, and nothing else.</param>
    /// <param name="marketEvent">The event.</param>
    /// <param name="receivedAt">When it says it was received, or else when it happened.</param>
    /// <param name="problem">What is wrong with it.</param>
    /// <param name="defaults">What holds where the object says nothing.</param>
    public bool TryParse(ReadOnlySpan<byte> line, out MarketEvent marketEvent, out DateTimeOffset receivedAt, out Problem problem, in MarketEvent defaults = default)
    {
        Clear();
        if (TryReadLine(line))
        {
            _kind = _kind == MarketEventKind.None ? defaults.Kind : _kind;
            _region ??= defaults.RegionId;
            _key ??= defaults.IdempotencyKey;
            _occurredAt = _occurredAt == default ? defaults.OccurredAt : _occurredAt;
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
        JsonEventField field = JsonEventFields.Of(ref reader);
        if (field == JsonEventField.Unknown)
        {
            if (IgnoresUnknownFields)
            {
                reader.Skip();
                return true;
            }

            return Fail(RejectReason.UnknownField, $"'{Excerpt.Of(reader.ValueSpan)}' is not a field of an event; known are {JsonEventFields.Known}");
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

    private bool TryReadText(ref Utf8JsonReader reader, JsonEventField field)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            return Fail(RejectReason.WrongType, $"{JsonEventFields.NameOf(field)} must be a text in quotes");
        }

        ReadOnlySpan<byte> text = reader.ValueSpan;
        if (reader.ValueIsEscaped)
        {
            if (text.Length > _unescaped.Length)
            {
                return Fail(RejectReason.WrongType, $"{JsonEventFields.NameOf(field)} is longer than any id may be");
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

    private static string FirstSentence(string message)
    {
        int end = message.IndexOf(". ", StringComparison.Ordinal);
        return Excerpt.Of(end < 0 ? message : message[..end]);
    }
}
