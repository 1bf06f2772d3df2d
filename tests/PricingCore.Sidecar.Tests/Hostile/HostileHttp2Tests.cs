using System.Net;
using System.Text;

namespace PricingCore.Sidecar.Tests.Hostile;

/// <summary>
/// Goal: what HTTP/2 alone makes possible (streams opened and reset at once, more streams than allowed, header lists without end or unpacked from little, floods of pings)
/// ends at a limit, in bounded memory, and others notice nothing.
/// Method: frames made by hand against the real process.
/// Control: with MaxStreams at 10,000 none of the streams too many is refused. Without AbandonedConnections the drain at the end takes 35 seconds and fails, whenever Kestrel does not
/// come to the end of the streams that were reset, which is every other time.
/// </summary>
[Collection(Attacks.Name)]
public sealed class HostileHttp2Tests(AttackedSidecar sidecar)
{
    private const int RefusedStream = 7;

    [Fact]
    public async Task StreamsThatAreResetAtOnce_EndTheConnection()
    {
        const int Streams = 50_000;
        using HostileConnection client = await ConnectAsync();
        Task<string> reading = client.ReadToEndAsync();
        long sent = 0;
        for (int first = 1; first < 2 * Streams; first += 200)
        {
            byte[] burst = [.. Enumerable.Range(0, 100).SelectMany(i => (byte[])
            [
                .. Http2Frames.Frame(Http2Frames.Headers, Http2Frames.EndHeaders | Http2Frames.EndStream, first + (2 * i), Http2Frames.Question), .. Http2Frames.Reset(first + (2 * i)),
            ])];
            if (await client.PumpAsync(burst, 1) == 0)
            {
                break;
            }

            sent += 100;
        }

        await client.PumpAsync(Http2Frames.Farewell, 1);
        await reading;
        TestContext.Current.TestOutputHelper?.WriteLine($"{sent} streams");
        await AssertServesAsync();
    }

    [Fact]
    public async Task StreamsBeyondTheLimit_AreRefused_AndTheOthersAreServed()
    {
        const int TooMany = 5;
        using HostileConnection client = await ConnectAsync();
        Task<string> reading = client.ReadToEndAsync();
        for (int i = 0; i < AttackedSidecar.MaxStreams + TooMany; i++)
        {
            await SendAsync(client, Http2Frames.Frame(Http2Frames.Headers, Http2Frames.EndHeaders, (2 * i) + 1, Http2Frames.Question));
        }

        for (int i = 0; i < AttackedSidecar.MaxStreams; i++)
        {
            await SendAsync(client, Http2Frames.Frame(Http2Frames.Data, Http2Frames.EndStream, (2 * i) + 1, """{"region_id":"a"}"""u8));
        }

        await SendAsync(client, Http2Frames.Farewell);
        List<(byte Kind, int Stream, int Code)> frames = Http2Frames.Read(await reading);
        int[] refused = [.. frames.Where(frame => frame.Kind == Http2Frames.ResetStream && frame.Code == RefusedStream).Select(frame => frame.Stream)];
        Assert.Equal(Enumerable.Range(AttackedSidecar.MaxStreams, TooMany).Select(i => (2 * i) + 1), refused);
        await AssertServesAsync();
    }

    [Fact]
    public async Task HeadersThatNeverEnd_EndTheConnection()
    {
        using HostileConnection client = await ConnectAsync();
        Task<string> reading = client.ReadToEndAsync();
        await SendAsync(client, Http2Frames.Frame(Http2Frames.Headers, 0, 1, Http2Frames.Question));
        byte[] more = Http2Frames.Frame(Http2Frames.Continuation, 0, 1, [.. Enumerable.Range(0, 100).SelectMany(i => Http2Frames.Field($"x-{i}", new string('v', 100)))]);

        long taken = await client.PumpAsync(more, 64 << 20);

        string said = await reading;
        Assert.True(taken < 8 << 20, $"The server took {taken:N0} bytes of headers.");
        Assert.True(said.Length == 0 || Http2Frames.Read(said).Any(frame => frame.Kind is Http2Frames.GoAway or Http2Frames.ResetStream));
        await AssertServesAsync();
    }

    [Fact]
    public async Task HeadersThatUnpackToMuch_AreRefused()
    {
        // One header of 3,000 bytes, and 10,000 times the byte that means it again: 30 MB in one small request.
        byte[] bomb = [.. Http2Frames.Question, .. Http2Frames.Field("x-bomb", new string('b', 3_000), isKept: true), .. Enumerable.Repeat((byte)0xBE, 10_000)];
        for (int i = 0; i < 20; i++)
        {
            using HostileConnection client = await ConnectAsync();
            await SendAsync(client, Http2Frames.Frame(Http2Frames.Headers, Http2Frames.EndHeaders | Http2Frames.EndStream, 1, bomb));
            await client.PumpAsync(Http2Frames.Farewell, 1);
            await client.ReadToEndAsync();
        }

        await AssertServesAsync();
    }

    [Fact]
    public async Task FloodOfPingsAndSettings_WhoseAnswersNobodyReads_TakesNoMemory()
    {
        using HostileConnection client = await ConnectAsync();
        byte[] flood = [.. Enumerable.Repeat((byte[])[.. Http2Frames.Frame(Http2Frames.Ping, 0, 0, new byte[8]), .. Http2Frames.Frame(Http2Frames.Settings, 0, 0, [])], 500).SelectMany(frames => frames)];
        using var enough = new CancellationTokenSource(TimeSpan.FromSeconds(1));

        await Task.WhenAny(client.PumpAsync(flood, 32 << 20), Task.Delay(Timeout.Infinite, enough.Token)); // Nobody reads: the server may stop to take any.

        await AssertServesAsync();
    }

    private static async Task SendAsync(HostileConnection client, byte[] frame) => Assert.Equal(frame.Length, await client.PumpAsync(frame, frame.Length));

    private Task<HostileConnection> ConnectAsync() => HostileConnection.ToAsync(sidecar.Http2Port, Http2Frames.Preface);

    private async Task AssertServesAsync()
    {
        using var client = new HttpClient();
        using var question = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{sidecar.Http2Port}/api/v1/pricing/compute")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new StringContent("""{"region_id":"a"}""", Encoding.UTF8, "application/json"),
        };
        Assert.Equal(HttpStatusCode.OK, (await client.SendAsync(question, TestContext.Current.CancellationToken)).StatusCode);
        await sidecar.AssertServesAsync();
    }
}
