using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;

namespace PricingCore.Load.Http;

/// <summary>A keep-alive connection: one request, then its answer. No client library, so that the generator's share is small and the same for everything measured.</summary>
internal sealed class HttpConnection : IDisposable
{
    private static ReadOnlySpan<byte> HeadEnd => "\r\n\r\n"u8;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 30_000 };
    private readonly byte[] _buffer = new byte[256 * 1_024];
    private int _bodyAt;
    private int _bodyLength;

    public HttpConnection(int port) => _socket.Connect(IPAddress.Loopback, port);

    /// <summary>The last answer's body.</summary>
    public ReadOnlySpan<byte> Body => _buffer.AsSpan(_bodyAt, _bodyLength);

    /// <summary>Sends a request and waits for its answer.</summary>
    /// <returns>The status.</returns>
    public int Ask(ReadOnlySpan<byte> request)
    {
        Send(request);
        return Receive();
    }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[_socket.Send(bytes)..];
        }
    }

    public int Receive()
    {
        int have = 0;
        while (true)
        {
            int read = _socket.Receive(_buffer.AsSpan(have));
            if (read == 0)
            {
                throw new IOException("The server closed the connection.");
            }

            have += read;
            int head = _buffer.AsSpan(0, have).IndexOf(HeadEnd);
            if (head < 0)
            {
                continue;
            }

            _bodyAt = head + HeadEnd.Length;
            _bodyLength = LengthOf(_buffer.AsSpan(0, head));
            if (have >= _bodyAt + _bodyLength)
            {
                return Utf8Parser.TryParse(_buffer.AsSpan("HTTP/1.1 ".Length), out int status, out _) ? status : 0;
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    private static int LengthOf(ReadOnlySpan<byte> head)
    {
        ReadOnlySpan<byte> name = "Content-Length: "u8;
        int at = head.IndexOf(name);
        return at >= 0 && Utf8Parser.TryParse(head[(at + name.Length)..], out int length, out _) ? length : 0;
    }
}
