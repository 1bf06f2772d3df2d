using System.Globalization;
using System.Text;

namespace PricingCore.Sidecar.Tests.Promises;

/// <summary>The event of a key, as JSON: the same key gives the same event whenever it is sent, but for its time.</summary>
internal static class HttpEvent
{
    private const int Regions = 8;

    /// <summary>Nothing that the service knows.</summary>
    public const string Unknown = """{"type":"sneeze","region_id":"region-0","occurred_at":"2026-01-01T00:00:00Z"}""";

    /// <summary>The event.</summary>
    /// <param name="key">Its idempotency key, which ends in a dash and a number.</param>
    public static string Of(string key)
    {
        int count = CountOf(key);
        string what = (count % 5) switch
        {
            0 or 1 => $"\"booking\",\"user_id\":\"user-{count % 50}\"",
            2 => $"\"search\",\"user_id\":\"user-{count % 70}\"",
            3 => $"\"supply_available\",\"unit_id\":\"driver-{count % 30}\"",
            _ => "\"weather\",\"values\":{\"temperature_c\":10}",
        };
        string now = DateTimeOffset.UtcNow.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);
        return $"{{\"type\":{what},\"region_id\":\"{RegionOf(key)}\",\"occurred_at\":\"{now}\",\"idempotency_key\":\"{key}\"}}";
    }

    /// <summary>An array of events.</summary>
    public static StringContent ArrayOf(IEnumerable<string> events) => new($"[{string.Join(',', events)}]", Encoding.UTF8, "application/json");

    /// <summary>A line for each event.</summary>
    public static StringContent LinesOf(IEnumerable<string> events) => new(string.Join('\n', events) + "\n", Encoding.UTF8, "application/x-ndjson");

    /// <summary>The region of a key.</summary>
    public static string RegionOf(string key) => string.Create(CultureInfo.InvariantCulture, $"region-{CountOf(key) % Regions}");

    private static int CountOf(string key) => int.Parse(key.AsSpan(key.LastIndexOf('-') + 1), CultureInfo.InvariantCulture);
}
