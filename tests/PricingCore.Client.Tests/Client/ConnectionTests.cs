using System.Net;
using System.Net.Sockets;
using PricingCore.Events;
using PricingCore.Protocol;
using PricingCore.Quotes;

namespace PricingCore.Client.Tests.Client;

/// <summary>
/// Goal: lost connections, cancelled calls, silent servers and disposal end calls in the way that is promised, and only those.
/// Method: servers that stop and come back on the same port, and a listener that does what a broken server would.
/// </summary>
public sealed class ConnectionTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task ServerThatComesBack_IsFoundAgain()
    {
        ProtocolServer first = await ProtocolServer.StartAsync();
        int port = ((IPEndPoint)first.EndPoint).Port;
        await using PricingClient client = first.Connect(options => options.LeastReconnectDelay = TimeSpan.FromMilliseconds(5));
        await client.QuoteAsync(new QuoteRequest("a"));
        await first.StopAsync();
        Assert.False(client.IsConnected && await CanPing(client));
        Task<RemoteQuote> waiting = client.QuoteAsync(new QuoteRequest("b")).AsTask(); // Waits for the server rather than failing.
        await using ProtocolServer second = await ProtocolServer.StartAsync(port: port, engine: first.Engine);
        Assert.Equal("b", (await waiting.WaitAsync(Limit)).Request.RegionId);
        Assert.Equal(Rejection.None, await client.PublishAsync(MarketEvent.Booking("a", TimeProvider.System.GetUtcNow())));
    }

    [Fact]
    public async Task NoServer_FailsWhenTheCallsTimeIsOver()
    {
        var time = new ManualTime();
        await using PricingClient client = ToNobody(time);
        Task quote = client.QuoteAsync(new QuoteRequest("a")).AsTask();
        Task connect = client.ConnectAsync();
        time.Advance(TimeSpan.FromMilliseconds(199));
        Assert.False(quote.IsCompleted || connect.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(1));
        await Assert.ThrowsAsync<PricingConnectionException>(() => quote.WaitAsync(Limit));
        await Assert.ThrowsAsync<PricingConnectionException>(() => connect.WaitAsync(Limit));
    }

    [Fact]
    public async Task NoServer_CallEndsWhenItsCallerSaysSo()
    {
        await using PricingClient client = ToNobody(new ManualTime()); // Its time never ends: a stalled machine would have both end at once.
        using var cancellation = new CancellationTokenSource();
        Task ping = client.PingAsync(cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ping.WaitAsync(Limit));
    }

    [Fact]
    public async Task CancelledCall_EndsAtOnceAndOthersGoOn()
    {
        using var server = new FakeServer();
        await using PricingClient client = server.Connect();
        await server.AcceptAsync();
        using var cancellation = new CancellationTokenSource();
        var quotes = new RemoteQuote[1];
        Task cancelled = client.QuoteAsync(new[] { new QuoteRequest("a") }, quotes, cancellation.Token).AsTask();
        FrameHeader first = await server.ReceiveAsync(FrameKind.QuoteBatch);
        Task<TimeSpan> other = client.PingAsync().AsTask();
        (FrameHeader ping, byte[] token) = await server.ReceiveWithBodyAsync(FrameKind.Ping);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.WaitAsync(Limit));

        byte[] late = new byte[PriceEntry.Size];
        new PriceEntry { MinorUnits = 77, MultiplierSteps = 10_000, PackedCurrency = 4_725 }.Write(late);
        await server.SendAsync(RawConnection.Frame(FrameKind.QuotedBatch, 1, first.Correlation, late)); // Nobody waits for it any more.
        await server.SendAsync(RawConnection.Frame(FrameKind.Pong, 0, ping.Correlation, token));
        await other.WaitAsync(Limit);
        Assert.Equal(default, quotes[0]);
    }

    [Theory]
    [InlineData("0C0000008500000001000000")] // Cut in the middle of a body.
    [InlineData("FFFFFFFF8500000001000000")]
    [InlineData("00000000")]
    [InlineData("0800000085000300FFFFFFFF")] // An answer to nobody: ignored, then the end.
    public async Task NonsenseFromTheServer_FailsCallsAndNothingElse(string hex)
    {
        using var server = new FakeServer();
        await using PricingClient client = server.Connect(options => options.CallTimeout = TimeSpan.FromSeconds(2));
        await server.AcceptAsync();
        Task<Rejection> publish = client.PublishAsync(MarketEvent.Booking("a", TimeProvider.System.GetUtcNow())).AsTask();
        await server.ReceiveAsync(FrameKind.Publish);
        await server.SendAsync(Convert.FromHexString(hex));
        server.HangUp();
        await Assert.ThrowsAsync<PricingConnectionException>(() => publish.WaitAsync(Limit));
    }

    [Fact]
    public async Task WrongAnswer_FailsTheCall()
    {
        using var server = new FakeServer();
        await using PricingClient client = server.Connect();
        await server.AcceptAsync();
        Task<Rejection> publish = client.PublishAsync(MarketEvent.Booking("a", TimeProvider.System.GetUtcNow())).AsTask();
        FrameHeader asked = await server.ReceiveAsync(FrameKind.Publish);
        await server.SendAsync(RawConnection.Frame(FrameKind.Pong, 0, asked.Correlation, new byte[8]));
        await Assert.ThrowsAsync<PricingConnectionException>(() => publish.WaitAsync(Limit));
    }

    [Fact]
    public async Task SilentServer_IsTakenForDead()
    {
        var time = new ManualTime();
        using var server = new FakeServer();
        await using PricingClient client = server.Connect(options =>
        {
            options.TimeProvider = time;
            options.KeepAliveInterval = TimeSpan.FromSeconds(1);
        });
        await server.AcceptAsync();
        await client.ConnectAsync().WaitAsync(Limit);
        Task publish = client.PublishAsync(MarketEvent.Booking("a", time.GetUtcNow())).AsTask();
        await server.ReceiveAsync(FrameKind.Publish);
        time.Advance(TimeSpan.FromSeconds(1));
        await server.ReceiveAsync(FrameKind.Ping); // It asks before it gives up.
        time.Advance(TimeSpan.FromSeconds(2));
        await Assert.ThrowsAsync<PricingConnectionException>(() => publish.WaitAsync(Limit));
    }

    [Fact]
    public async Task Disposed_EndsWhatIsUnderWay()
    {
        using var server = new FakeServer();
        PricingClient client = server.Connect();
        await server.AcceptAsync();
        Task publish = client.PublishAsync(MarketEvent.Booking("a", TimeProvider.System.GetUtcNow())).AsTask();
        await server.ReceiveAsync(FrameKind.Publish);
        await client.DisposeAsync();
        await Assert.ThrowsAsync<PricingConnectionException>(() => publish.WaitAsync(Limit));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await client.PingAsync());
        await client.DisposeAsync();
    }

    [Fact]
    public async Task InFlightLimit_MakesCallsWait()
    {
        using var server = new FakeServer();
        await using PricingClient client = server.Connect(options => options.MaxInFlight = 2);
        await server.AcceptAsync();
        Task<TimeSpan>[] pings = [.. Enumerable.Range(0, 3).Select(_ => client.PingAsync().AsTask())];
        (FrameHeader one, byte[] token) = await server.ReceiveWithBodyAsync(FrameKind.Ping);
        await server.ReceiveAsync(FrameKind.Ping);
        Assert.Equal(0, server.Available);
        await server.SendAsync(RawConnection.Frame(FrameKind.Pong, 0, one.Correlation, token));
        await server.ReceiveAsync(FrameKind.Ping); // The third comes only now.
        await Task.WhenAny(pings).WaitAsync(Limit);
    }

    /// <summary>A client of a port that nothing listens on, whose calls may take 200 ms.</summary>
    private static PricingClient ToNobody(TimeProvider time)
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        EndPoint nobody = taken.LocalEndpoint;
        taken.Stop();
        return new PricingClient(new PricingClientOptions { EndPoint = nobody, CallTimeout = TimeSpan.FromMilliseconds(200), TimeProvider = time });
    }

    private static async Task<bool> CanPing(PricingClient client)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        try
        {
            await client.PingAsync(limit.Token);
            return true;
        }
        catch (Exception gone) when (gone is OperationCanceledException or PricingConnectionException or PricingProtocolException)
        {
            return false;
        }
    }
}
