using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PricingCore.AspNetCore.Binary;
using PricingCore.Hosting.Tests;
using PricingCore.Protocol;

namespace PricingCore.Client.Tests.Server;

/// <summary>
/// Goal: whatever a client sends or leaves out, its connection ends with a reason or is cut off, the engine goes on, and other clients notice nothing.
/// Method: raw sockets against a real Kestrel; after each abuse a good client gets its quote, and at the end the server has logged no failure.
/// Seen to fail while the number -1 of a name was compared as unsigned, which checked arithmetic does not allow.
/// </summary>
public sealed class HostileClientTests
{
    private const int CutOff = 4_002; // What is logged of it.

    public static TheoryData<string, byte[], ProtocolErrorCode> BrokenFrames { get; } = new()
    {
        { "longer than allowed", [0xFF, 0xFF, 0xFF, 0x7F], ProtocolErrorCode.TooLong },
        { "shorter than a header", [3, 0, 0, 0, 1, 2, 3], ProtocolErrorCode.Malformed },
        { "flags set", [8, 0, 0, 0, 8, 1, 0, 0, 1, 0, 0, 0], ProtocolErrorCode.Malformed },
        { "a second hello", RawConnection.Hello(), ProtocolErrorCode.HelloExpected },
        { "ping of no bytes", RawConnection.Frame(FrameKind.Ping, 0, 1, []), ProtocolErrorCode.Malformed },
        { "batch that claims more", RawConnection.Frame(FrameKind.QuoteBatch, 1_000, 1, new byte[16]), ProtocolErrorCode.Malformed },
        { "events that claim more", RawConnection.Frame(FrameKind.Publish, 4_000, 1, new byte[16]), ProtocolErrorCode.Malformed },
        { "events cut short", RawConnection.Frame(FrameKind.Publish, 1, 1, [3, 1, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 255, 255]), ProtocolErrorCode.Malformed },
        { "names out of order", RawConnection.Names(5, "a"), ProtocolErrorCode.Names },
        { "a name too long", RawConnection.Names(0, new string('n', 66)), ProtocolErrorCode.Names },
        { "a name that is not UTF-8", RawConnection.Frame(FrameKind.Names, 1, 0, [0, 0, 0, 0, 2, 0, 0xC3, 0x28]), ProtocolErrorCode.Names },
        { "too many names", RawConnection.Names(0, [.. Enumerable.Range(0, 200).Select(i => $"n{i}")]), ProtocolErrorCode.Names },
    };

    [Theory]
    [MemberData(nameof(BrokenFrames))]
    public async Task BrokenFrame_EndsTheConnectionWithItsReason(string what, byte[] frame, ProtocolErrorCode expected)
    {
        Assert.NotEmpty(what);
        await using ProtocolServer server = await ProtocolServer.StartAsync(options => options.MaxNames = 100);
        using RawConnection connection = await RawConnection.ConnectAsync(server.EndPoint);
        await connection.SendAsync(frame);
        Assert.Equal(expected, await connection.ReceiveEndAsync());
        await AssertServes(server);
    }

    [Fact]
    public async Task FirstFrame_MustBeAHelloOfAVersionInCommon()
    {
        await using ProtocolServer server = await ProtocolServer.StartAsync();
        (byte[] Frame, ProtocolErrorCode Code)[] cases =
        [
            (RawConnection.Frame(FrameKind.Ping, 0, 1, new byte[8]), ProtocolErrorCode.HelloExpected),
            (RawConnection.Hello(least: 2, most: 9), ProtocolErrorCode.VersionNotSupported),
            (RawConnection.Frame(FrameKind.Hello, 0, 1, new byte[16]), ProtocolErrorCode.HelloExpected),
            ([.. "GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8], ProtocolErrorCode.TooLong),
            (RawConnection.Frame(FrameKind.Hello, 0, 1, new byte[20_000]), ProtocolErrorCode.TooLong),
        ];
        foreach ((byte[] frame, ProtocolErrorCode code) in cases)
        {
            using RawConnection connection = await RawConnection.ConnectAsync(server.EndPoint, greet: false);
            await connection.SendAsync(frame);
            Assert.Equal(code, await connection.ReceiveEndAsync());
        }

        await AssertServes(server);
    }

    [Fact]
    public async Task RequestErrors_LeaveTheConnectionOpen()
    {
        await using ProtocolServer server = await ProtocolServer.StartAsync(options => options.MaxQuotesInBatch = 2);
        using RawConnection connection = await RawConnection.ConnectAsync(server.EndPoint);
        await connection.SendAsync(
            RawConnection.Batch(11, (0, 1)), RawConnection.Batch(12, (0, 0), (0, 0), (0, 0)), RawConnection.Batch(13), RawConnection.Frame((FrameKind)77, 0, 14, []),
            RawConnection.Frame(FrameKind.Unsubscribe, 0, 15, new byte[4]), RawConnection.Frame(FrameKind.Ping, 0, 16, new byte[8]));
        (uint, ProtocolErrorCode)[] expected =
        [
            (11, ProtocolErrorCode.UnknownName), (12, ProtocolErrorCode.TooMany), (13, ProtocolErrorCode.TooMany), (14, ProtocolErrorCode.UnknownKind),
            (15, ProtocolErrorCode.Subscription),
        ];
        foreach ((uint correlation, ProtocolErrorCode code) in expected)
        {
            (FrameHeader header, byte[] body) = await connection.ReceiveAsync();
            Assert.True(ErrorBody.TryRead(body, out ErrorBody error));
            Assert.Equal((FrameKind.Error, correlation, code), (header.Kind, header.Correlation, error.Code));
        }

        Assert.Equal(FrameKind.Pong, (await connection.ReceiveAsync()).Header.Kind);
    }

    [Fact]
    public async Task SilentClients_AreCutOff()
    {
        var time = new ManualTime();
        await using ProtocolServer server = await ProtocolServer.StartAsync(services: services => services.AddSingleton<TimeProvider>(time));
        using RawConnection mute = await RawConnection.ConnectAsync(server.EndPoint, greet: false);
        await mute.SendAsync(RawConnection.Hello()[..7]); // Drops in, as a slow-loris does.
        using RawConnection idle = await RawConnection.ConnectAsync(server.EndPoint);
        time.Advance(TimeSpan.FromSeconds(7));
        Assert.True(await mute.IsClosedAsync());
        await idle.SendAsync(RawConnection.Frame(FrameKind.Ping, 0, 2, new byte[8]));
        Assert.Equal(FrameKind.Pong, (await idle.ReceiveAsync()).Header.Kind);
        Task<bool> closed = idle.IsClosedAsync();
        while (!closed.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(5)); // The server may not yet have begun to wait when the first of these passes.
            await Task.Yield();
        }

        Assert.True(await closed);
        await AssertServes(server);
    }

    [Fact]
    public async Task ClientThatDoesNotRead_IsCutOffAndCostsLittle()
    {
        var time = new ManualTime();
        var log = new KeptLog();
        await using ProtocolServer server = await ProtocolServer.StartAsync(services: services =>
            services.AddSingleton<TimeProvider>(time).AddLogging(logging => logging.AddProvider(log)));
        using RawConnection slow = await RawConnection.ConnectAsync(server.EndPoint, receiveBuffer: 4_096);
        await server.Engine.QuoteAsync(new Quotes.QuoteRequest("a"));
        byte[] batch = RawConnection.Batch(1, [.. Enumerable.Repeat((0, 1), 1_000)]);
        await slow.SendAsync(RawConnection.Names(0, "a", "standard"));
        slow.Socket.SendTimeout = 1_000;
        slow.Socket.Blocking = true;
        long sent = 0;
        while (slow.Socket.Poll(300_000, SelectMode.SelectWrite) && sent < 200_000_000)
        {
            slow.Socket.Blocking = false;
            try
            {
                sent += slow.Socket.Send(batch);
            }
            catch (SocketException full) when (full.SocketErrorCode == SocketError.WouldBlock)
            {
            }
        }

        Assert.True(sent < 50_000_000, $"The server took {sent:N0} bytes of requests from a client that does not read.");
        await AssertServes(server);
        slow.Socket.Blocking = true;
        Task<string> cutOff = log.UntilAsync(CutOff);
        while (!cutOff.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(10)); // A server that got no CPU for a while may still be answering, and wait for the client only later.
            await Task.Yield();
        }

        await cutOff;
        Assert.True(await slow.IsClosedAsync());
        await AssertServes(server);
    }

    [Fact]
    public async Task MoreConnectionsThanAllowed_AreClosed()
    {
        await using ProtocolServer server = await ProtocolServer.StartAsync(options => options.MaxConnections = 1);
        using RawConnection one = await RawConnection.ConnectAsync(server.EndPoint);
        try
        {
            using RawConnection two = await RawConnection.ConnectAsync(server.EndPoint, greet: false);
            Assert.True(await two.IsClosedAsync());
        }
        catch (SocketException)
        {
            // Closed as early as that.
        }

        await one.SendAsync(RawConnection.Frame(FrameKind.Ping, 0, 2, new byte[8]));
        Assert.Equal(FrameKind.Pong, (await one.ReceiveAsync()).Header.Kind);
    }

    [Fact]
    public async Task MutatedFrames_LeaveTheServerServing()
    {
        await using ProtocolServer server = await ProtocolServer.StartAsync();
        var draw = new Random(7);
        byte[] good =
        [
            .. RawConnection.Names(0, "a", "standard"), .. RawConnection.Batch(2, (0, 1), (0, 1)),
            .. RawConnection.Frame(FrameKind.Publish, 1, 3, [3, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 0, 0]),
            .. RawConnection.Frame(FrameKind.Subscribe, 1, 4, new byte[16]), .. RawConnection.Frame(FrameKind.Unsubscribe, 0, 5, [4, 0, 0, 0]),
        ];
        for (int i = 0; i < 300; i++)
        {
            byte[] bytes = [.. good];
            for (int flips = draw.Next(1, 6); flips > 0; flips--)
            {
                bytes[draw.Next(bytes.Length)] = (byte)draw.Next(256);
            }

            using RawConnection connection = await RawConnection.ConnectAsync(server.EndPoint);
            await connection.SendAsync(bytes);
            connection.Socket.Shutdown(SocketShutdown.Send);
            Assert.True(await connection.IsClosedAsync());
        }

        await AssertServes(server);
    }

    [Fact]
    public async Task Strangers_AreRefusedWithoutAnAuthenticator()
    {
        var authenticator = new LoopbackAuthenticator();
        Assert.Null(await authenticator.AuthenticateAsync("", new IPEndPoint(IPAddress.Parse("192.0.2.1"), 1), default));
        Assert.Null(await authenticator.AuthenticateAsync("", null, default));
        Assert.NotNull(await authenticator.AuthenticateAsync("", new IPEndPoint(IPAddress.IPv6Loopback, 1), default));
    }

    private static async Task AssertServes(ProtocolServer server)
    {
        await using PricingClient client = server.Connect();
        Assert.Equal("USD", (await client.QuoteAsync(new Quotes.QuoteRequest("a"))).Price.Currency.Code);
    }
}
