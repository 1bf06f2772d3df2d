using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace PricingCore.Hosting.Alerts;

/// <summary>An alert as it is sent: a CloudEvents 1.0 event in structured JSON, signed as the Standard Webhooks have it.</summary>
internal static class AlertMessage
{
    /// <summary>The type of the body.</summary>
    public const string ContentType = "application/cloudevents+json";

    /// <summary>The body.</summary>
    /// <param name="alert">The alert.</param>
    /// <param name="engine">The engine's name.</param>
    public static byte[] BodyOf(EngineAlert alert, string engine)
    {
        var bytes = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("specversion", "1.0");
            json.WriteString("id", alert.IdFor(engine));
            json.WriteString("source", "/pricingcore/engines/" + Uri.EscapeDataString(engine));
            json.WriteString("type", alert.ResolvedAt is null ? "pricingcore.alert.raised" : "pricingcore.alert.resolved");
            json.WriteString("time", TimeOf(alert.ResolvedAt ?? alert.StartedAt));
            json.WriteString("datacontenttype", "application/json");
            json.WriteStartObject("data");
            json.WriteString("kind", alert.Kind);
            json.WriteString("engine", engine);
            json.WriteString("region_id", alert.Region);
            json.WriteString("measure", alert.Measure);
            Write(json, "value", alert.Value);
            Write(json, "threshold", alert.Threshold);
            json.WriteString("reason", alert.Reason);
            json.WriteString("started_at", TimeOf(alert.StartedAt));
            json.WriteString("resolved_at", alert.ResolvedAt is { } resolved ? TimeOf(resolved) : null);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>The header <c>webhook-signature</c>: <c>v1,</c> and HMAC-SHA-256 of id, time and body in base64.</summary>
    /// <param name="secret">The secret.</param>
    /// <param name="id">The header <c>webhook-id</c>.</param>
    /// <param name="unixSeconds">The header <c>webhook-timestamp</c>.</param>
    /// <param name="body">The body.</param>
    public static string Sign(ReadOnlySpan<byte> secret, string id, long unixSeconds, ReadOnlySpan<byte> body)
    {
        byte[] head = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{unixSeconds}."));
        return "v1," + Convert.ToBase64String(HMACSHA256.HashData(secret, [.. head, .. body]));
    }

    private static void Write(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } known && double.IsFinite(known))
        {
            json.WriteNumber(name, Math.Round(known, 6));
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static string TimeOf(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
