using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using PricingCore.Load.Http;
using PricingCore.Load.Measuring;

namespace PricingCore.Load.Suites;

/// <summary>Events as lines over one connection, request after request of 20,000 events, each answer checked for its counts.</summary>
internal static class EventLinesLoad
{
    private const int EventsInRequest = 20_000;

    public static HttpRound Run(ServerProcess server, double seconds)
    {
        using var connection = new HttpConnection(server.Port);
        byte[] request = Request();
        WarmUp.Run(() => connection.Ask(request)); // So that code which is not optimized yet is not measured.
        long allocated = server.AllocatedBytes();
        TimeSpan cpu = server.CpuTime;
        long begin = Stopwatch.GetTimestamp();
        long events = 0;
        long errors = 0;
        var latencies = new Latencies();
        while (Stopwatch.GetElapsedTime(begin).TotalSeconds < seconds)
        {
            long sent = Stopwatch.GetTimestamp();
            int status = connection.Ask(request);
            latencies.Record((long)Stopwatch.GetElapsedTime(sent).TotalNanoseconds);
            events += EventsInRequest;
            var reader = new Utf8JsonReader(connection.Body);
            bool isRight = status == 202 && JsonElement.ParseValue(ref reader).GetProperty("accepted").GetInt32() == EventsInRequest;
            errors += isRight ? 0 : 1;
        }

        double took = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        return new HttpRound(events / took, (server.CpuTime - cpu).TotalMicroseconds / events, (server.AllocatedBytes() - allocated) / (double)events, errors, latencies);
    }

    private static byte[] Request()
    {
        string now = DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        var body = new StringBuilder();
        for (int i = 0; i < EventsInRequest; i++)
        {
            body.Append(CultureInfo.InvariantCulture, $$"""{"type":"{{(i % 3 == 0 ? "booking" : "search")}}","region_id":"region-{{i % 1_000}}","occurred_at":"{{now}}","user_id":"user-{{i % 5_000}}"}""").Append('\n');
        }

        return HttpLoad.Post("/api/v1/events", body.ToString(), "application/x-ndjson");
    }
}
