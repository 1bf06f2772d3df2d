using System.Globalization;
using System.Text;
using PricingCore.Bench.Workload;
using PricingCore.Load.Http;
using PricingCore.Load.Measuring;

namespace PricingCore.Load.Suites;

/// <summary>
/// Questions: what does a price over HTTP cost beside a bare minimal API that returns the same bytes, and how many events a second come in as lines?
/// Method: a server process with an engine of 200 regions (--regions), all of which are asked for in turn; this process drives both endpoints over keep-alive connections, one request at a time on each, in turns (A B A B ...) on the
/// same connections. Every answer is checked: its status and its length, and one in a hundred what it is for. CPU time is the server process's own. The bare endpoint returns one answer out of the
/// cache again and again; an engine has one for each region, so with many regions it pays for memory that the bare endpoint does not touch.
/// <code>
/// this process: threads, a socket each -> server process: Kestrel -> /bare, or compute -> quote book
///                                      -> server process: Kestrel -> events as lines -> ring -> loop
/// </code>
/// </summary>
internal static class HttpLoad
{
    public static IReadOnlyList<Measurement> Run(LoadOptions options)
    {
        int rounds = options.Number("--rounds", full: 20, brief: 4);
        int seconds = options.Number("--seconds", full: 1, brief: 1);
        int connections = options.Number("--connections", full: 16, brief: 16);
        int regions = options.Number("--regions", full: 200, brief: 200);
        using var server = new ServerProcess(regions);
        byte[][] requests = [.. new MarketStream(regions).Regions.Select(region => Post("/api/v1/pricing/compute", $$"""{"region_id":"{{region.Id}}","product_type":"standard"}"""))];
        byte[][] bareRequests = [.. new MarketStream(regions).Regions.Select(region => Post("/bare", $$"""{"region_id":"{{region.Id}}","product_type":"standard"}"""))];
        GiveAnswer(server.Port, requests);

        var drive = new HttpDrive(server, connections);
        _ = drive.Run(requests, 1.0);
        _ = drive.Run(bareRequests, 1.0);
        var pairs = new List<(HttpRound Compute, HttpRound Bare)>();
        for (int round = 0; round < rounds; round++)
        {
            // By turns who is first, so that what comes and goes on the machine counts for neither.
            bool isBareFirst = (round & 1) != 0;
            HttpRound first = drive.Run(isBareFirst ? bareRequests : requests, seconds);
            HttpRound second = drive.Run(isBareFirst ? requests : bareRequests, seconds);
            pairs.Add(isBareFirst ? (second, first) : (first, second));
        }

        HttpRound compute = pairs[^1].Compute;
        HttpRound bare = pairs[^1].Bare;
        Console.WriteLine($"http: compute {compute}");
        Console.WriteLine($"http: bare    {bare}");
        double ratio = Median.Of(pairs.Select(pair => pair.Compute.PerSecond / pair.Bare.PerSecond));
        double cpuRatio = Median.Of(pairs.Select(pair => pair.Bare.CpuMicros / pair.Compute.CpuMicros));
        HttpRound lines = EventLinesLoad.Run(server, seconds);
        Console.WriteLine($"http: events  {lines}");
        return
        [
            new Measurement("http_compute", Median.Of(pairs.Select(pair => pair.Compute.PerSecond)), "requests/s")
            {
                Rival = "bare minimal API, same bytes", RivalValue = Median.Of(pairs.Select(pair => pair.Bare.PerSecond)), Ratio = ratio,
                Note = string.Create(CultureInfo.InvariantCulture, $"{pairs.Sum(pair => pair.Compute.Errors + pair.Bare.Errors)} errors"),
            },
            new Measurement("http_compute_cpu", Median.Of(pairs.Select(pair => pair.Compute.CpuMicros)), "us/request")
            {
                Rival = "bare minimal API, same bytes", RivalValue = Median.Of(pairs.Select(pair => pair.Bare.CpuMicros)), Ratio = cpuRatio, Note = "CPU time of the server process",
            },
            new Measurement("http_compute_bytes", compute.AllocatedBytes, "B/request")
            {
                Rival = "bare minimal API, same bytes", RivalValue = bare.AllocatedBytes, Note = "allocated by the server process",
            },
            .. LatencyRows.Of("http_compute_latency", compute.Latencies),
            .. LatencyRows.Of("http_bare_latency", bare.Latencies),
            new Measurement("http_events", lines.PerSecond, "events/s") { Note = string.Create(CultureInfo.InvariantCulture, $"as lines, one connection; {lines.CpuMicros:F2} us of CPU an event; {lines.Errors} errors") },
        ];
    }

    internal static byte[] Post(string path, string body, string mediaType = "application/json") => Encoding.UTF8.GetBytes(
        $"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {mediaType}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");

    /// <summary>Has every region decided, and tells the bare endpoint what an answer is.</summary>
    private static void GiveAnswer(int port, byte[][] requests)
    {
        using var connection = new HttpConnection(port);
        foreach (byte[] request in requests)
        {
            int status = connection.Ask(request);
            if (status != 200)
            {
                throw new InvalidOperationException($"The server answered {status}: {Encoding.UTF8.GetString(connection.Body)}");
            }
        }

        string answer = Encoding.UTF8.GetString(connection.Body);
        _ = connection.Ask(Post("/answer", answer));
    }
}
