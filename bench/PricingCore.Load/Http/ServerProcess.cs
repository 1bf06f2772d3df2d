using System.Diagnostics;
using System.Globalization;
using System.Text;
using PricingCore.Load.Suites;

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
        Port = int.TryParse(_process.StandardOutput.ReadLine(), NumberStyles.None, CultureInfo.InvariantCulture, out int port)
            ? port
            : throw new InvalidOperationException("The server did not say its port.");
    }

    public int Port { get; }

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
    public long AllocatedBytes()
    {
        using var connection = new HttpConnection(Port);
        _ = connection.Ask(Encoding.ASCII.GetBytes("GET /allocated HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        return long.Parse(Encoding.ASCII.GetString(connection.Body), CultureInfo.InvariantCulture);
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
