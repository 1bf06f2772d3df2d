using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PricingCore.Load.Scenarios;

/// <summary>Connections that begin a request and send one byte of its head a second: what holds a careless service's threads and memory.</summary>
/// <threadsafety>One thread.</threadsafety>
internal sealed class SlowClients : IDisposable
{
    private static readonly byte[] Request = Encoding.ASCII.GetBytes("POST /api/v1/pricing/compute HTTP/1.1\r\nHost: localhost\r\nX-Slow: " + new string('x', 4_000));

    private readonly Socket[] _sockets;
    private readonly Timer _timer;
    private int _sent;

    public SlowClients(int port, int count)
    {
        _sockets = [.. Enumerable.Range(0, count).Select(_ => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true })];
        foreach (Socket socket in _sockets)
        {
            socket.Connect(IPAddress.Loopback, port);
        }

        _timer = new Timer(_ => SendByte(), null, TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    public void Dispose()
    {
        using var ended = new ManualResetEvent(initialState: false);
        _timer.Dispose(ended);
        ended.WaitOne();
        Array.ForEach(_sockets, socket => socket.Dispose());
    }

    private void SendByte()
    {
        int at = _sent++ % Request.Length;
        foreach (Socket socket in _sockets)
        {
            try
            {
                socket.Send(Request.AsSpan(at, 1));
            }
            catch (SocketException)
            {
                // The service has had enough of it, which is its right.
            }
        }
    }
}
