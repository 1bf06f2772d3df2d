using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PricingCore.AspNetCore.Tests;

/// <summary>HTTP over a socket without a client in between: sends the bytes it is told to, and reads answers that have a length.</summary>
internal sealed class RawHttp : IDisposable
{
    private static readonly byte[] HeadEnd = "\r\n\r\n"u8.ToArray();
    private static readonly byte[] LengthName = "Content-Length: "u8.ToArray();

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 20_000, SendTimeout = 20_000 };
    private readonly byte[] _buffer = new byte[1 << 20];

    public RawHttp(Uri address) => _socket.Connect(new IPEndPoint(IPAddress.Loopback, address.Port));

    /// <summary>A request as bytes.</summary>
    public static byte[] Post(string path, string body, string headers = "") => Encoding.UTF8.GetBytes(
        $"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{headers}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");

    public void Send(ReadOnlySpan<byte> bytes) => _socket.Send(bytes);

    public void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Sends a request and reads its answer; allocates nothing.</summary>
    /// <returns>The status.</returns>
    public int Ask(ReadOnlySpan<byte> request)
    {
        Send(request);
        return ReadAnswer(out _);
    }

    /// <summary>Reads an answer that has a length; 0 when the server closed the connection instead.</summary>
    public int ReadAnswer(out ReadOnlySpan<byte> body)
    {
        body = default;
        int have = 0;
        while (true)
        {
            int read = Receive(have);
            if (read == 0)
            {
                return 0;
            }

            have += read;
            int head = _buffer.AsSpan(0, have).IndexOf(HeadEnd);
            if (head < 0)
            {
                continue;
            }

            int at = _buffer.AsSpan(0, head).IndexOf(LengthName);
            int length = at < 0 ? 0 : Number(_buffer.AsSpan(at + LengthName.Length));
            if (have >= head + HeadEnd.Length + length)
            {
                body = _buffer.AsSpan(head + HeadEnd.Length, length);
                return Number(_buffer.AsSpan("HTTP/1.1 ".Length));
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    private int Receive(int have)
    {
        try
        {
            return _socket.Receive(_buffer.AsSpan(have));
        }
        catch (SocketException reset) when (reset.SocketErrorCode == SocketError.ConnectionReset)
        {
            return 0;
        }
    }

    private static int Number(ReadOnlySpan<byte> text)
    {
        int number = 0;
        foreach (byte digit in text)
        {
            if (digit is < (byte)'0' or > (byte)'9')
            {
                break;
            }

            number = (number * 10) + digit - '0';
        }

        return number;
    }
}
