using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using PricingCore.Money;

namespace PricingCore.AspNetCore.Bodies;

/// <summary>Answers that are written field by field, where no rate depends on it.</summary>
internal static class JsonText
{
    private static readonly JsonWriterOptions Format = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Answers with an object.</summary>
    /// <param name="context">The request.</param>
    /// <param name="fields">Writes its fields.</param>
    /// <param name="status">The status.</param>
    public static void Answer(HttpContext context, Action<Utf8JsonWriter> fields, int status = StatusCodes.Status200OK)
    {
        var bytes = new ArrayBufferWriter<byte>(1_024);
        using (var json = new Utf8JsonWriter(bytes, Format))
        {
            json.WriteStartObject();
            fields(json);
            json.WriteEndObject();
        }

        JsonAnswer.Write(context, bytes.WrittenSpan, status);
    }

    /// <summary>A time to the microsecond, in UTC; null when there is none.</summary>
    public static void WriteTime(Utf8JsonWriter json, string name, DateTimeOffset? time) =>
        json.WriteString(name, time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));

    /// <summary>An amount in major units, with every decimal of its currency.</summary>
    public static void WriteAmount(Utf8JsonWriter json, string name, Amount amount)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(amount.Major.ToString("F" + amount.Currency.Decimals, CultureInfo.InvariantCulture));
    }

    /// <summary>A word of an enumeration, in snake_case.</summary>
    public static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
