using System.Net;
using System.Net.Sockets;
using PricingCore.Sidecar.Tests.Hostile;
using PricingCore.Tests;

namespace PricingCore.Sidecar.Tests.Promises;

/// <summary>
/// Goal: a sidecar that is told to end while clients are at work answers whole what it has begun, takes no new connection, ends with 0, and the next one knows all that was answered.
/// Method: the real process; SIGTERM among many clients, and while one of them is in the middle of its lines, which keeps the drain from ending until the test wants it to.
/// Control: with PRICINGCORE_CRASH_DURABILITY=None the next life has none of the events.
/// </summary>
[Collection(Processes.Name)]
public sealed class DrainOverHttpTests : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly HttpPromises _promises = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task SigTerm_AmongClients_LosesNothing()
    {
        SmallEngine.Write(_folder.At("pricing.json"));
        using (SidecarProgram sidecar = Start())
        {
            await sidecar.UntilReadyAsync();
            var calls = new HttpCalls(sidecar.Client);
            Task answered = _promises.UntilAnsweredAsync(100, 2);
            Task work = new HttpClientsAtWork(calls, _promises, "1").RunAsync();
            string before = HttpEvent.Of("slow-client-0");
            string after = HttpEvent.Of("slow-client-1");
            using HostileConnection slow = await HostileConnection.ToAsync(
                sidecar.Address.Port,
                $"POST /api/v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\nContent-Length: {before.Length + after.Length + 2}\r\n\r\n{before}\n");
            _promises.Send(["slow-client-0", "slow-client-1"]);
            await Task.WhenAny(work, answered);
            await sidecar.TerminateAsync();
            await UntilRefusedAsync(sidecar.Address.Port);
            await slow.PumpAsync(System.Text.Encoding.ASCII.GetBytes(after + "\n"), 1);
            string answer = await slow.ReadToEndAsync();
            Assert.True(HostileConnection.StatusOf(answer) == 202 && answer.Contains("\"accepted\":2", StringComparison.Ordinal), answer);
            _promises.Acknowledge("slow-client-0");
            _promises.Acknowledge("slow-client-1");
            await work.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
            (int code, string log) = await sidecar.EndedAsync();
            Assert.True(code == 0, $"It ended with {code}:\n{log}");
            Assert.Contains("is drained after", log, StringComparison.Ordinal);
            Assert.DoesNotContain("fail:", log, StringComparison.Ordinal);
        }

        using SidecarProgram next = Start();
        await next.UntilReadyAsync();
        Assert.True(await PromiseCheck.AskAsync(next, new HttpCalls(next.Client), _promises), "The drain took no snapshot.");
        await next.EndAsync();
    }

    private static async Task UntilRefusedAsync(int port)
    {
        while (true)
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
            }
            catch (SocketException refused) when (refused.SocketErrorCode is SocketError.ConnectionRefused or SocketError.ConnectionReset) // Reset: it was still waiting to be accepted.
            {
                return;
            }

            await Task.Delay(5, TestContext.Current.CancellationToken); // There is nothing to wait on in another process but its answer.
        }
    }

    private SidecarProgram Start() => SidecarProgram.Start(_folder.At("data"), "--config", _folder.At("pricing.json"));
}
