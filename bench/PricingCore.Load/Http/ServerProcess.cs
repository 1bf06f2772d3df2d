using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace PricingCore.Load.Http;

/// <summary>The server in a process of its own.</summary>
internal sealed class ServerProcess : IDisposable
{
    private readonly Process _process;

    public ServerProcess(int regions)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            ArgumentList = { HttpServer.Command, regions.ToString(CultureInfo.InvariantCulture) },
        };
        _process = Process.Start(start) ?? throw new InvalidOperationException("The server did not start.");
        int[] ports = [.. (_process.StandardOutput.ReadLine() ?? "").Split(' ').Select(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int port) ? port : 0)];
        (Port, BinaryPort) = ports is [> 0, > 0] ? (ports[0], ports[1]) : throw new InvalidOperationException("The server did not say its ports.");
    }

    public int Port { get; }

    /// <summary>Where the binary protocol is.</summary>
    public int BinaryPort { get; }

    /// <summary>Bytes of the process that are in memory.</summary>
    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>CPU time that the process has used.</summary>
    public TimeSpan CpuTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Bytes that the process has allocated.</summary>
    public long AllocatedBytes() => long.Parse(Get("/allocated"), CultureInfo.InvariantCulture);

    /// <summary>How its memory stands: bytes of the managed heap, collections of the oldest generation so far, milliseconds of pauses so far.</summary>
    public (long HeapBytes, int Gen2, double PauseMillis) Memory() => Get("/memory").Split(' ') is [var heap, var gen2, var pauses]
        ? (long.Parse(heap, CultureInfo.InvariantCulture), int.Parse(gen2, CultureInfo.InvariantCulture), double.Parse(pauses, CultureInfo.InvariantCulture))
        : throw new InvalidOperationException("The server did not say how its memory stands.");

    private string Get(string path)
    {
        using var connection = new HttpConnection(Port);
        _ = connection.Ask(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        return Encoding.ASCII.GetString(connection.Body);
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(10)))
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
