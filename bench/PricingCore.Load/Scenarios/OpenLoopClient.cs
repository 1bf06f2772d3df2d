using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using PricingCore.Load.Measuring;

namespace PricingCore.Load.Scenarios;

/// <summary>
/// Asks for prices at planned times on one connection, whether or not earlier ones were answered: what is due is sent in one piece, and answers come in the order of the
/// requests. A latency is from the planned time to the answer, so that a wait in the client's own queue counts, too.
/// </summary>
/// <threadsafety><see cref="Send"/>: one thread. <see cref="Receive"/>: another.</threadsafety>
internal sealed class OpenLoopClient : IDisposable
{
    private const int MostOutstanding = 1 << 16;
    private const int MostAtOnce = 256;
    private const int LeastBody = 100;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 10_000 };
    private readonly PriceRequests _requests;
    private readonly ulong _ids = PriceRequests.NewIdBase();
    private readonly long[] _planned = new long[MostOutstanding];
    private readonly byte[] _sending;
    private readonly byte[] _receiving = new byte[1 << 18];
    private readonly int _offset;
    private long _sent;
    private long _received;
    private volatile bool _isOver;

    /// <param name="port">Where the service listens.</param>
    /// <param name="requests">What to ask, in turn.</param>
    /// <param name="offset">Where to begin among them.</param>
    public OpenLoopClient(int port, PriceRequests requests, int offset)
    {
        _requests = requests;
        _sending = new byte[MostAtOnce * requests.MostBytes];
        _offset = offset;
        _socket.Connect(IPAddress.Loopback, port);
    }

    /// <summary>From the planned time to the answer.</summary>
    public Latencies Latencies { get; } = new();

    /// <summary>Answers that were not what was asked for, refusals among them.</summary>
    public long Errors { get; private set; }

    /// <summary>Answers with status 429 or 503.</summary>
    public long Refused { get; private set; }

    /// <summary>Answers.</summary>
    public long Received => Volatile.Read(ref _received);

    /// <summary>Sends requests at a rate until the time is over.</summary>
    public void Send(double perSecond, double seconds)
    {
        long begin = Stopwatch.GetTimestamp();
        long all = (long)(perSecond * seconds);
        double ticksApart = Stopwatch.Frequency / perSecond;
        while (_sent < all)
        {
            long due = Math.Min(all, (long)((Stopwatch.GetTimestamp() - begin) / ticksApart) + 1);
            int length = 0;
            for (int i = 0; i < MostAtOnce && _sent < due && _sent - Received < MostOutstanding; i++)
            {
                length += _requests.Write(_offset + _sent, _ids + (ulong)_sent, _sending.AsSpan(length));
                _planned[(int)(_sent % MostOutstanding)] = begin + (long)(_sent * ticksApart);
                Volatile.Write(ref _sent, _sent + 1);
            }

            if (length > 0)
            {
                SendAll(_sending.AsSpan(0, length));
            }
            else
            {
                ShortSleep.For(Math.Max(100_000, (long)(ticksApart * 1e9 / Stopwatch.Frequency)));
            }
        }

        _isOver = true;
    }

    /// <summary>Takes answers until all that was sent is answered.</summary>
    public void Receive()
    {
        int have = 0;
        while (!_isOver || Received < Volatile.Read(ref _sent))
        {
            if (Received == Volatile.Read(ref _sent))
            {
                ShortSleep.For(100_000);
                continue;
            }

            int read = _socket.Receive(_receiving.AsSpan(have));
            if (read == 0)
            {
                throw new InvalidOperationException("The service closed the connection.");
            }

            have += read;
            int used = 0;
            while (TryTake(_receiving.AsSpan(used, have - used), out int length))
            {
                used += length;
            }

            _receiving.AsSpan(used, have - used).CopyTo(_receiving);
            have -= used;
        }
    }

    public void Dispose() => _socket.Dispose();

    private bool TryTake(ReadOnlySpan<byte> bytes, out int length)
    {
        length = 0;
        int head = bytes.IndexOf("\r\n\r\n"u8);
        if (head < 0 || !TryReadLength(bytes[..head], out int body) || bytes.Length < head + 4 + body)
        {
            return false;
        }

        length = head + 4 + body;
        Check(bytes[..length], body);
        Latencies.Record((long)Stopwatch.GetElapsedTime(_planned[(int)(_received % MostOutstanding)]).TotalNanoseconds);
        Volatile.Write(ref _received, _received + 1);
        return true;
    }

    /// <summary>The right status, and the region that was asked for.</summary>
    private void Check(ReadOnlySpan<byte> answer, int body)
    {
        int status = Utf8Parser.TryParse(answer["HTTP/1.1 ".Length..], out int said, out _) ? said : 0;
        bool isRight = status == 200 && body > LeastBody && _requests.IsAnswered(_offset + _received, answer);
        Errors += isRight ? 0 : 1;
        Refused += status is 429 or 503 ? 1 : 0;
    }

    private static bool TryReadLength(ReadOnlySpan<byte> head, out int length)
    {
        ReadOnlySpan<byte> name = "Content-Length: "u8;
        int at = head.IndexOf(name);
        length = 0;
        return at >= 0 && Utf8Parser.TryParse(head[(at + name.Length)..], out length, out _);
    }

    private void SendAll(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[_socket.Send(bytes)..];
        }
    }
}
