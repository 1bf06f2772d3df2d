using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PricingCore.Sidecar.Tests.Hostile;

/// <summary>A socket that sends whatever it is told to, for as long as the server takes it.</summary>
/// <threadsafety>One thread.</threadsafety>
internal sealed class HostileConnection : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[65_536];

    private HostileConnection()
    {
    }

    public static async Task<HostileConnection> ToAsync(int port, params byte[][] first)
    {
        var connection = new HostileConnection();
        try
        {
            await connection._socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port)).WaitAsync(Limit);
        }
        catch (SocketException reset) when (reset.SocketErrorCode == SocketError.ConnectionReset)
        {
            // Beyond the limit of connections: accepted and cut off before this side has noticed either. From here on it is one that the server has closed.
        }

        foreach (byte[] bytes in first)
        {
            await connection.PumpAsync(bytes, bytes.Length);
        }

        return connection;
    }

    public static Task<HostileConnection> ToAsync(int port, string first) => ToAsync(port, Encoding.Latin1.GetBytes(first));

    public void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Sends the same bytes again and again until the server has closed, or so many are sent.</summary>
    /// <returns>How many it took.</returns>
    public async Task<long> PumpAsync(byte[] bytes, long most)
    {
        long sent = 0;
        try
        {
            while (sent < most)
            {
                sent += await _socket.SendAsync(bytes).WaitAsync(Limit);
            }
        }
        catch (SocketException)
        {
            // It has closed.
        }

        return sent;
    }

    /// <summary>Sends a byte every now and then until the server has closed or answered, and reads what it says.</summary>
    /// <returns>What it said, and how long it bore it.</returns>
    public async Task<(string Answer, TimeSpan Borne)> DripAsync(byte drop)
    {
        long begin = Stopwatch.GetTimestamp();
        Task<string> reading = ReadToEndAsync();
        while (!reading.IsCompleted)
        {
            await PumpAsync([drop], 1);
            await Task.WhenAny(reading, Task.Delay(100)); // It is the attack itself.
            Assert.True(Stopwatch.GetElapsedTime(begin) < Limit, "The server bears it forever.");
        }

        return (await reading, Stopwatch.GetElapsedTime(begin));
    }

    /// <summary>Reads an answer's head and as much as has come with it.</summary>
    /// <returns>The text; empty when the server has closed instead.</returns>
    public async Task<string> ReadAsync()
    {
        var text = new StringBuilder();
        while (!text.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            int read = await ReceiveAsync();
            if (read == 0)
            {
                return text.ToString();
            }

            text.Append(Encoding.Latin1.GetString(_buffer, 0, read));
        }

        return text.ToString();
    }

    /// <summary>Reads until the server closes.</summary>
    public async Task<string> ReadToEndAsync()
    {
        var text = new StringBuilder();
        int read;
        while ((read = await ReceiveAsync()) > 0)
        {
            text.Append(Encoding.Latin1.GetString(_buffer, 0, read));
        }

        return text.ToString();
    }

    /// <summary>The status of an answer; 0 when there is none.</summary>
    public static int StatusOf(string answer) =>
        answer.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) ? int.Parse(answer.AsSpan(9, 3), CultureInfo.InvariantCulture) : 0;

    public void Dispose() => _socket.Dispose();

    private async Task<int> ReceiveAsync()
    {
        try
        {
            return await _socket.ReceiveAsync(_buffer).WaitAsync(Limit);
        }
        catch (SocketException)
        {
            return 0;
        }
    }
}
