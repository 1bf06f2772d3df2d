using System.Text.Json;
using PricingCore.Events;

namespace PricingCore.Cli.Simulate;

/// <summary>Writes events as JSON Lines, in the form that replay and training read.</summary>
/// <threadsafety>One thread at a time.</threadsafety>
internal sealed class EventLines(Stream output) : IDisposable
{
    private readonly Utf8JsonWriter _json = new(output);

    /// <summary>Events written.</summary>
    public long Count { get; private set; }

    public void Write(in MarketEvent e)
    {
        _json.WriteStartObject();
        _json.WriteString("type"u8, RejectReason.SnakeCase(e.Kind.ToString()));
        _json.WriteString("region_id"u8, e.RegionId);
        _json.WriteString("occurred_at"u8, e.OccurredAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", null));
        WriteText("user_id", e.UserId);
        WriteText("unit_id", e.UnitId);
        WriteText("product_type", e.ProductType);
        WriteText("idempotency_key", e.IdempotencyKey);
        WriteNumbers(e);
        _json.WriteEndObject();
        _json.Flush();
        _json.Reset();
        output.WriteByte((byte)'\n');
        Count++;
    }

    public void Dispose() => _json.Dispose();

    private void WriteText(string name, string? text)
    {
        if (text is not null)
        {
            _json.WriteString(name, text);
        }
    }

    private void WriteNumbers(in MarketEvent e)
    {
        string[] names = e.Kind switch
        {
            MarketEventKind.Weather => EventNumbers.Names[1..5],
            MarketEventKind.CityEvent => EventNumbers.Names[5..],
            _ => EventNumbers.Names[..1],
        };
        ReadOnlySpan<float> numbers = [e.Values.First, e.Values.Second, e.Values.Third, e.Values.Fourth];
        if (names.Length == 1)
        {
            if (!float.IsNaN(numbers[0]))
            {
                _json.WriteNumber("value"u8, numbers[0]);
            }

            return;
        }

        _json.WriteStartObject("values"u8);
        for (int i = 0; i < names.Length; i++)
        {
            if (!float.IsNaN(numbers[i]))
            {
                _json.WriteNumber(names[i], numbers[i]);
            }
        }

        _json.WriteEndObject();
    }
}
