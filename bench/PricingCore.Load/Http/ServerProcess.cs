using System.Diagnostics;
using System.Globalization;
using System.Text;
using PricingCore.Load.Measuring;

namespace PricingCore.Load.Http;

/// <summary>An engine behind HTTP and the binary protocol and nothing else: no credentials, no limits, no journal; with a bare endpoint beside it.</summary>
internal sealed class ServerProcess : MeasuredServer
{
    public ServerProcess(int regions)
        : base(Start(regions))
    {
        int[] ports = [.. (Process.StandardOutput.ReadLine() ?? "").Split(' ').Select(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int port) ? port : 0)];
        (Port, BinaryPort) = ports is [> 0, > 0] ? (ports[0], ports[1]) : throw new InvalidOperationException("The server did not say its ports.");
    }

    /// <summary>Bytes that the process has allocated.</summary>
    public long AllocatedBytes() => long.Parse(Get("/allocated"), CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public override (long HeapBytes, long Gen2, double PauseMillis) Memory() => Get("/memory").Split(' ') is [var heap, var gen2, var pauses]
        ? (long.Parse(heap, CultureInfo.InvariantCulture), long.Parse(gen2, CultureInfo.InvariantCulture), double.Parse(pauses, CultureInfo.InvariantCulture))
        : throw new InvalidOperationException("The server did not say how its memory stands.");

    /// <inheritdoc/>
    public override void Dispose()
    {
        Process.StandardInput.Close(); // Ends it.
        base.Dispose();
    }

    private string Get(string path)
    {
        using var connection = new HttpConnection(Port);
        _ = connection.Ask(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        return Encoding.ASCII.GetString(connection.Body);
    }

    private static Process Start(int regions)
    {
        ProcessStartInfo start = ThisProgram.With(HttpServer.Command, regions.ToString(CultureInfo.InvariantCulture));
        start.RedirectStandardInput = true;
        return Process.Start(start) ?? throw new InvalidOperationException("The server did not start.");
    }
}
