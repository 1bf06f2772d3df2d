using System.Net;
using System.Net.Sockets;
using PricingCore.Protocol;

namespace PricingCore.Client.Tests;

/// <summary>A socket that sends and receives frames as they are, so that a test can do what the client never would.</summary>
internal sealed class RawConnection : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private RawConnection(Socket socket) => Socket = socket;

    public Socket Socket { get; }

    public static async Task<RawConnection> ConnectAsync(EndPoint endPoint, bool greet = true, int receiveBuffer = 0)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBuffer > 0)
        {
            socket.ReceiveBufferSize = receiveBuffer;
        }

        await socket.ConnectAsync(endPoint);
        var connection = new RawConnection(socket);
        if (greet)
        {
            await connection.SendAsync(Hello());
            Assert.Equal(FrameKind.Welcome, (await connection.ReceiveAsync()).Header.Kind);
        }

        return connection;
    }

    public static byte[] Frame(FrameKind kind, int count, uint correlation, ReadOnlySpan<byte> body)
    {
        byte[] frame = new byte[FrameHeader.Size + body.Length];
        new FrameHeader(kind, count, correlation, body.Length).Write(frame);
        body.CopyTo(frame.AsSpan(FrameHeader.Size));
        return frame;
    }

    public static byte[] Hello(string credential = "", ushort least = 1, ushort most = 1)
    {
        var hello = new HelloBody(least, most, ProtocolFeatures.Subscriptions, "test", credential);
        byte[] body = new byte[hello.MaxBytes];
        return Frame(FrameKind.Hello, 0, 1, body.AsSpan(0, hello.Write(body)));
    }

    public static byte[] Names(int first, params string[] names)
    {
        byte[] body = new byte[4 + names.Sum(BodyWriter.MaxTextBytes)];
        var writer = new BodyWriter(body);
        writer.Write(first);
        foreach (string name in names)
        {
            writer.WriteText(name);
        }

        return Frame(FrameKind.Names, names.Length, 0, body.AsSpan(0, writer.Length));
    }

    public static byte[] Batch(uint correlation, params (int Region, int Product)[] lanes)
    {
        byte[] body = new byte[lanes.Length * LaneEntry.Size];
        for (int i = 0; i < lanes.Length; i++)
        {
            new LaneEntry(lanes[i].Region, lanes[i].Product, ProtocolConstants.NotGiven).Write(body.AsSpan(i * LaneEntry.Size));
        }

        return Frame(FrameKind.QuoteBatch, lanes.Length, correlation, body);
    }

    public async Task SendAsync(params byte[][] frames)
    {
        foreach (byte[] frame in frames)
        {
            await Socket.SendAsync(frame).WaitAsync(Limit);
        }
    }

    public async Task<(FrameHeader Header, byte[] Body)> ReceiveAsync()
    {
        byte[] head = await ExactlyAsync(FrameHeader.Size);
        Assert.Equal(FrameStatus.Complete, FrameHeader.TryRead(head, int.MaxValue, out FrameHeader header));
        return (header, await ExactlyAsync(header.BodyLength));
    }

    /// <summary>The error that ends the connection, and its end.</summary>
    public async Task<ProtocolErrorCode> ReceiveEndAsync()
    {
        (FrameHeader header, byte[] body) = await ReceiveAsync();
        Assert.Equal((FrameKind.Error, 0u), (header.Kind, header.Correlation));
        Assert.True(ErrorBody.TryRead(body, out ErrorBody error));
        Socket.Shutdown(SocketShutdown.Send);
        Assert.True(await IsClosedAsync());
        return error.Code;
    }

    /// <summary>Waits for the other side to close; bytes before that are dropped.</summary>
    public async Task<bool> IsClosedAsync()
    {
        byte[] rest = new byte[65_536];
        try
        {
            while (await Socket.ReceiveAsync(rest).WaitAsync(Limit) > 0)
            {
            }

            return true;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    public void Dispose() => Socket.Dispose();

    private async Task<byte[]> ExactlyAsync(int count)
    {
        byte[] bytes = new byte[count];
        for (int got = 0; got < count;)
        {
            int more = await Socket.ReceiveAsync(bytes.AsMemory(got)).AsTask().WaitAsync(Limit);
            Assert.True(more > 0, "The server closed the connection in the middle of a frame.");
            got += more;
        }

        return bytes;
    }
}
