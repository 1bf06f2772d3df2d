using System.Text.Json;

namespace PricingCore.Events.Json;

/// <summary>The names of an event's fields.</summary>
internal static class JsonEventFields
{
    /// <summary>Every name, for messages.</summary>
    public const string Known =
        "type, region_id, occurred_at, received_at, user_id, unit_id, product_type, idempotency_key, value, values";

    /// <summary>The field whose name the reader is at.</summary>
    public static JsonEventField Of(ref Utf8JsonReader reader)
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

    /// <summary>The name of a field that holds a text.</summary>
    public static string NameOf(JsonEventField field) => field switch
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
}
