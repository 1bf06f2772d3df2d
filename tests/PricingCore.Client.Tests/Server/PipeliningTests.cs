using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using PricingCore.AspNetCore.Binary;
using PricingCore.Protocol;
using PricingCore.Quotes;

namespace PricingCore.Client.Tests.Server;

/// <summary>
/// Goal: frames sent without waiting are all answered, each under its number, also after the client has closed its half; what is slow
/// holds up nothing behind it; what a caller may not do is refused.
/// Method: many frames in one send, over a raw socket.
/// </summary>
public sealed class PipeliningTests
{
    [Fact]
    public async Task HalfClosedClient_GetsEveryAnswer()
    {
        const int Frames = 2_000;
        await using ProtocolServer server = await ProtocolServer.StartAsync(options => options.MaxInFlight = 50);
        using RawConnection connection = await RawConnection.ConnectAsync(server.EndPoint);
        var bytes = new List<byte>(RawConnection.Names(0, "standard"));
        for (int i = 0; i < 100; i++)
        {
            bytes.AddRange(RawConnection.Names(i + 1, "region-" + i));
        }

        for (uint i = 0; i < Frames; i++)
        {
            bytes.AddRange(RawConnection.Batch(i + 1, (1 + (int)(i % 100), 0), (1, 0)));
        }

        Task sending = Task.Run(async () =>
        {
            await connection.SendAsync([.. bytes]);
            connection.Socket.Shutdown(SocketShutdown.Send);
        });
        var answered = new HashSet<uint>();
        for (int i = 0; i < Frames; i++)
        {
            (FrameHeader header, byte[] body) = await connection.ReceiveAsync();
            Assert.Equal((FrameKind.QuotedBatch, 2), (header.Kind, header.Count));
            Assert.True(answered.Add(header.Correlation));
            Assert.Equal(QuoteRefusal.None, PriceEntry.Read(body).Refusal);
        }

        await sending;
        Assert.True(await connection.IsClosedAsync());
    }

    [Fact]
    public async Task BytesOneByOne_AreTheSameFrames()
    {
        await using ProtocolServer server = await ProtocolServer.StartAsync();
        using RawConnection connection = await RawConnection.ConnectAsync(server.EndPoint);
        byte[] all = [.. RawConnection.Names(0, "a", "standard"), .. RawConnection.Batch(9, (0, 1))];
        foreach (byte one in all)
        {
            await connection.SendAsync([one]);
        }

        Assert.Equal(9u, (await connection.ReceiveAsync()).Header.Correlation);
    }

    [Fact]
    public async Task StoppingServer_SaysSoAndOwesNothing()
    {
        ProtocolServer server = await ProtocolServer.StartAsync();
        using RawConnection connection = await RawConnection.ConnectAsync(server.EndPoint);
        await connection.SendAsync(RawConnection.Names(0, "a", "standard"), RawConnection.Batch(9, (0, 1)));
        Assert.Equal(9u, (await connection.ReceiveAsync()).Header.Correlation);
        Task stopping = server.StopAsync();
        Assert.Equal(ProtocolErrorCode.Stopping, await connection.ReceiveEndAsync());
        await stopping;
        await server.Engine.DisposeAsync();
    }

    [Fact]
    public async Task Callers_DoOnlyWhatTheyMay()
    {
        var gate = new ScriptedAuthenticator();
        await using ProtocolServer server = await ProtocolServer.StartAsync(services: services => services.AddSingleton<IBinaryAuthenticator>(gate));
        await using PricingClient stranger = server.Connect(options => options.Credential = "wrong");
        PricingProtocolException refused = await Assert.ThrowsAsync<PricingProtocolException>(() => stranger.ConnectAsync());
        Assert.Equal(ProtocolErrorCode.Unauthenticated, refused.Code);

        await using PricingClient reader = server.Connect(options => options.Credential = "reader");
        await reader.QuoteAsync(new QuoteRequest("a"));
        PricingProtocolException forbidden = await Assert.ThrowsAsync<PricingProtocolException>(
            async () => await reader.PublishAsync(Events.MarketEvent.Search("a", TimeProvider.System.GetUtcNow())));
        Assert.Equal(ProtocolErrorCode.Forbidden, forbidden.Code);

        gate.Allowance = 0;
        PricingProtocolException limited = await Assert.ThrowsAsync<PricingProtocolException>(async () => await reader.QuoteAsync(new QuoteRequest("a")));
        Assert.Equal((ProtocolErrorCode.RateLimited, TimeSpan.FromSeconds(3)), (limited.Code, limited.RetryAfter));
        gate.Allowance = 1;
        await reader.QuoteAsync(new QuoteRequest("a")); // The connection is none the worse.
    }

    private sealed class ScriptedAuthenticator : IBinaryAuthenticator
    {
        public int Allowance { get; set; } = int.MaxValue;

        public ValueTask<BinaryCaller?> AuthenticateAsync(string credential, System.Net.EndPoint? remote, CancellationToken cancellationToken) =>
            ValueTask.FromResult<BinaryCaller?>(credential == "reader" ? new Reader(this) : null);

        private sealed class Reader(ScriptedAuthenticator owner) : BinaryCaller(mayQuote: true, mayPublish: false)
        {
            public override bool TryTake(int requests, out TimeSpan retryAfter)
            {
                retryAfter = TimeSpan.FromSeconds(3);
                return requests <= owner.Allowance;
            }
        }
    }
}
