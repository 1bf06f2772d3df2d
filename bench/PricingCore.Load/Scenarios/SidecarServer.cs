using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using PricingCore.Load.Http;

namespace PricingCore.Load.Scenarios;

/// <summary>The sidecar as it is delivered: durable journal, audit log of every quote, credentials and limits, metrics; only the limits of requests a caller may make are raised, since one caller makes them all.</summary>
internal sealed class SidecarServer : MeasuredServer
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    private readonly string _folder;
    private readonly HttpClient _operator;

    private SidecarServer(Process process, string folder, (int Http, int Binary, int Admin) ports)
        : base(process)
    {
        (Port, BinaryPort) = (ports.Http, ports.Binary);
        _operator = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{ports.Admin}") };
        _folder = folder;
    }

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <param name="program">The published program, or PricingCore.Sidecar.dll.</param>
    /// <param name="data">Its data directory, which is kept, so that the next start is a restart; null for an empty one.</param>
    public static SidecarServer Start(string program, string? data)
    {
        string folder = Directory.CreateTempSubdirectory("pricingcore-load-").FullName;
        (int Http, int Binary, int Admin) ports = (FreePort(), FreePort(), FreePort());
        string configuration = Path.Combine(folder, "pricing.json");
        File.WriteAllText(configuration, $$"""
            {
              "Engine": { "DataDirectory": "{{data ?? Path.Combine(folder, "data")}}", "UserEventsPerMinute": 0 },
              "Server": { "Listen": ["http://127.0.0.1:{{ports.Http}}", "binary://127.0.0.1:{{ports.Binary}}"], "Admin": ["http://127.0.0.1:{{ports.Admin}}"] },
              "Security": { "AddressRequestsPerMinute": 1000000000, "TotalRequestsPerSecond": 1000000000 }
            }
            """);
        bool isAssembly = program.EndsWith(".dll", StringComparison.Ordinal);
        var start = new ProcessStartInfo(isAssembly ? "dotnet" : program) { RedirectStandardOutput = true };
        foreach (string argument in (string[])[.. isAssembly ? [program] : Array.Empty<string>(), "--config", configuration])
        {
            start.ArgumentList.Add(argument);
        }

        Process process = Process.Start(start) ?? throw new InvalidOperationException("The sidecar did not start.");
        process.OutputDataReceived += (_, _) => { }; // What it says is not kept, but has to be taken.
        process.BeginOutputReadLine();
        var server = new SidecarServer(process, folder, ports);
        server.WaitUntilReady();
        return server;
    }

    /// <inheritdoc/>
    public override (long HeapBytes, long Gen2, double PauseMillis) Memory()
    {
        string[] metrics = _operator.GetStringAsync(new Uri("/metrics", UriKind.Relative)).GetAwaiter().GetResult().Split('\n');
        return (
            (long)Sum(metrics, "dotnet_gc_last_collection_heap_size_bytes"),
            (long)Sum(metrics, "dotnet_gc_collections_total", "gen2"),
            1_000 * Sum(metrics, "dotnet_gc_pause_time_seconds_total"));
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        using (Process term = Process.Start("kill", ["-TERM", Process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            term.WaitForExit();
        }

        base.Dispose();
        _operator.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static double Sum(string[] metrics, string name, string label = "") => metrics
        .Where(line => line.StartsWith(name, StringComparison.Ordinal) && line.Contains(label, StringComparison.Ordinal))
        .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void WaitUntilReady()
    {
        long begin = Stopwatch.GetTimestamp();
        while (!IsReady())
        {
            if (Process.HasExited || Stopwatch.GetElapsedTime(begin) > StartLimit)
            {
                throw new InvalidOperationException("The sidecar is not ready.");
            }

            Thread.Sleep(10);
        }
    }

    private bool IsReady()
    {
        try
        {
            return _operator.GetStringAsync(new Uri("/readyz", UriKind.Relative)).GetAwaiter().GetResult().Contains("\"healthy\"", StringComparison.Ordinal);
        }
        catch (HttpRequestException)
        {
            return false; // Nobody listens yet, or the engine is not there.
        }
    }
}
