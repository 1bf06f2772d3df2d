using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PricingCore.Events;
using PricingCore.Events.Json;
using EventProblem = PricingCore.Events.Json.Problem;

namespace PricingCore.AspNetCore.Events;

/// <summary>Reads an event out of a CloudEvent (1.0, JSON format): its <c>data</c> is the event, and its attributes say what the data leaves out.</summary>
/// <remarks>
/// <c>type</c>: its last part is the kind, as in <c>com.example.booking</c>. <c>subject</c>: the region. <c>time</c>: when it happened. <c>source</c> and <c>id</c> together: the
/// idempotency key, so that a broker may deliver it twice. Other attributes are extensions, which are ignored.
/// </remarks>
internal static class CloudEventReader
{
    private const string SpecVersion = "1.0";
    private const int MaxKey = 128;

    /// <summary>Reads one CloudEvent, which is known to be JSON.</summary>
    public static bool TryRead(ReadOnlySpan<byte> json, JsonEventParser parser, out MarketEvent marketEvent, out EventProblem problem)
    {
        marketEvent = default;
        try
        {
            var reader = new Utf8JsonReader(json);
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                problem = new EventProblem(RejectReason.WrongType, "a CloudEvent must be an object");
                return false;
            }

            var envelope = new Envelope();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                envelope.Take(ref reader);
            }

            return TryOpen(json, envelope, parser, out marketEvent, out problem);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            problem = new EventProblem(RejectReason.InvalidUtf8, "an escaped character is not valid Unicode");
            return false;
        }
    }

    private static bool TryOpen(ReadOnlySpan<byte> json, in Envelope envelope, JsonEventParser parser, out MarketEvent marketEvent, out EventProblem problem)
    {
        marketEvent = default;
        if (envelope.SpecVersion != SpecVersion || envelope.Id is null || envelope.Source is null || envelope.Type is null)
        {
            problem = new EventProblem(RejectReason.MissingField, "a CloudEvent needs specversion 1.0, id, source and type");
            return false;
        }

        if (envelope.Data.Equals(default(Range)))
        {
            problem = new EventProblem(RejectReason.MissingField, "data is missing; it must be an object in JSON");
            return false;
        }

        var defaults = new MarketEvent(MarketEventKind.None, envelope.Subject!, default) { IdempotencyKey = KeyOf(envelope.Source, envelope.Id) };
        string kindName = envelope.Type[(envelope.Type.LastIndexOf('.') + 1)..];
        if (EventKinds.TryFind(Encoding.UTF8.GetBytes(kindName), out MarketEventKind kind))
        {
            defaults = defaults with { Kind = kind };
        }

        if (envelope.Time is { } time)
        {
            if (!TimeText.TryReadInstant(Encoding.UTF8.GetBytes(time), "time", out DateTimeOffset at, out problem))
            {
                return false;
            }

            defaults = defaults with { OccurredAt = at };
        }

        return parser.TryParse(json[envelope.Data], out marketEvent, out _, out problem, defaults);
    }

    private static string KeyOf(string source, string id)
    {
        string key = source + "#" + id;
        return key.Length <= MaxKey && !char.IsWhiteSpace(key[0]) && !char.IsWhiteSpace(key[^1]) ? key : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
    }

    private ref struct Envelope
    {
        public string? SpecVersion { get; private set; }

        public string? Id { get; private set; }

        public string? Source { get; private set; }

        public string? Type { get; private set; }

        public string? Subject { get; private set; }

        public string? Time { get; private set; }

        public Range Data { get; private set; }

        public void Take(ref Utf8JsonReader reader)
        {
            string name = reader.GetString()!;
            reader.Read();
            string? text = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
            switch (name)
            {
                case "specversion":
                    SpecVersion = text;
                    break;
                case "id":
                    Id = text;
                    break;
                case "source":
                    Source = text;
                    break;
                case "type":
                    Type = text;
                    break;
                case "subject":
                    Subject = text;
                    break;
                case "time":
                    Time = text;
                    break;
                case "data" when reader.TokenType == JsonTokenType.StartObject:
                    int start = (int)reader.TokenStartIndex;
                    reader.Skip();
                    Data = start..(int)reader.BytesConsumed;
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
    }
}
