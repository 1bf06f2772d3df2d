using System.Net;
using System.Net.Sockets;
using PricingCore.AspNetCore.Binary;
using PricingCore.Protocol;

namespace PricingCore.Client.Tests.Client;

/// <summary>A listener that says welcome and then only what the test tells it to.</summary>
internal sealed class FakeServer : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private Socket? _socket;

    public FakeServer() => _listener.Start();

    public int Available => _socket!.Available;

    public PricingClient Connect(Action<PricingClientOptions>? configure = null)
    {
        var options = new PricingClientOptions { EndPoint = _listener.LocalEndpoint };
        configure?.Invoke(options);
        var client = new PricingClient(options);
        _ = client.ConnectAsync();
        return client;
    }

    public async Task AcceptAsync()
    {
        _socket = await _listener.AcceptSocketAsync().WaitAsync(Limit);
        await ReceiveAsync(FrameKind.Hello);
        byte[] welcome = new byte[WelcomeBody.Size];
        new BinaryProtocolOptions().Welcome(ProtocolFeatures.Subscriptions).Write(welcome);
        await SendAsync(RawConnection.Frame(FrameKind.Welcome, 0, 1, welcome));
    }

    public async Task<FrameHeader> ReceiveAsync(FrameKind kind) => (await ReceiveWithBodyAsync(kind)).Header;

    /// <summary>The next frame of a kind; names before it are passed over.</summary>
    public async Task<(FrameHeader Header, byte[] Body)> ReceiveWithBodyAsync(FrameKind kind)
    {
        while (true)
        {
            FrameHeader.TryRead(await ExactlyAsync(FrameHeader.Size), int.MaxValue, out FrameHeader header);
            byte[] body = await ExactlyAsync(header.BodyLength);
            if (header.Kind == kind)
            {
                return (header, body);
            }

            Assert.Equal(FrameKind.Names, header.Kind);
        }
    }

    public async Task SendAsync(byte[] bytes) => await _socket!.SendAsync(bytes).WaitAsync(Limit);

    public void HangUp() => _socket!.Dispose();

    public void Dispose()
    {
        _socket?.Dispose();
        _listener.Dispose();
    }

    private async Task<byte[]> ExactlyAsync(int count)
    {
        byte[] bytes = new byte[count];
        for (int got = 0; got < count;)
        {
            int more = await _socket!.ReceiveAsync(bytes.AsMemory(got)).AsTask().WaitAsync(Limit);
            Assert.True(more > 0, "The client closed the connection.");
            got += more;
        }

        return bytes;
    }
}
