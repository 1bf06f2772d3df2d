using System.Diagnostics;
using System.Globalization;
using PricingCore.Audit;
using PricingCore.Tests;

namespace PricingCore.Sidecar.Tests.Promises;

/// <summary>
/// Goal: what the service has answered over HTTP holds when its process is killed with SIGKILL at any moment: every event that was answered 202, or accepted in a 207, is in, and
/// once; every quote's decision is in the audit log, and every quote that was explained once is explained with the same price again; what is redeemed stays so.
/// Method: one directory, many lives of the real process. Clients send single events, arrays and lines, some of them wrong, ask for prices, explain and redeem until it is killed:
/// mostly at work, sometimes while it starts. Each life is asked first for what the lives before have promised. The count of applied events must be that of the
/// acknowledged ones exactly, once those in doubt were sent again. At the end a life ends in peace; its journal is replayed from the first record, and its audit log checked.
/// Control: with PRICINGCORE_CRASH_DURABILITY=None nothing was left after the first kill, and with =Buffered 8 acknowledged events of 1,934 were lost within 8 rounds.
/// Rounds: as many as begin within eight seconds, or PRICINGCORE_CRASH_HTTP_ROUNDS. The seed is printed; PRICINGCORE_CRASH_SEED repeats its moments, as far as the machine does.
/// </summary>
[Collection(Processes.Name)]
public sealed class KillOverHttpTests(ITestOutputHelper output) : IDisposable
{
    private const int LeastRounds = 4;
    private static readonly TimeSpan TimeForRounds = TimeSpan.FromSeconds(8);

    private readonly ScratchFolder _folder = new();
    private readonly HttpPromises _promises = new();
    private int _fromSnapshots;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task WhatWasAnswered_SurvivesSigKill()
    {
        int? rounds = Setting("PRICINGCORE_CRASH_HTTP_ROUNDS");
        int seed = Setting("PRICINGCORE_CRASH_SEED") ?? Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        SmallEngine.Write(_folder.At("pricing.json"));
        long begin = Stopwatch.GetTimestamp();
        int round = 0;
        while (rounds is { } all ? round < all : round < LeastRounds || Stopwatch.GetElapsedTime(begin) < TimeForRounds)
        {
            await LiveAsync(++round, random);
        }

        await EndInPeaceAsync();
        CompareFiles();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{round} rounds in {Stopwatch.GetElapsedTime(begin).TotalSeconds:F0} s: {_promises.Events} events, {_promises.Quotes} quotes and {_promises.Redemptions} redemptions answered; {_fromSnapshots} starts from a snapshot"));
        Assert.True(_promises.Events > 10 * round && _promises.Quotes >= round / 2 && _promises.Redemptions >= round / 2, "Too little was answered to tell anything.");
        Assert.True(round < 50 || _fromSnapshots > 0, "No life began with a snapshot.");
    }

    private static int? Setting(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? int.Parse(value, CultureInfo.InvariantCulture) : null;

    private SidecarProgram Start() => SidecarProgram.Start(_folder.At("data"), "--config", _folder.At("pricing.json"));

    private async Task LiveAsync(int round, Random random)
    {
        using SidecarProgram sidecar = Start();
        if (round % 7 == 0)
        {
            await Task.Delay(random.Next(100, 900), TestContext.Current.CancellationToken); // Killed while it starts, most likely.
            await KillAsync(sidecar, round);
            return;
        }

        await sidecar.UntilReadyAsync();
        var calls = new HttpCalls(sidecar.Client);
        _fromSnapshots += await PromiseCheck.AskAsync(sidecar, calls, _promises) ? 1 : 0;

        // By what was answered and not by the clock, so that a busy machine does as much before it as an idle one; then at any moment of what comes next.
        Task moment = round % 3 == 0 ? _promises.UntilAnsweredAsync(random.Next(1, 50), 0) : _promises.UntilAnsweredAsync(random.Next(50, 1_500), random.Next(1, 10));
        Task work = new HttpClientsAtWork(calls, _promises, string.Create(CultureInfo.InvariantCulture, $"{round}")).RunAsync();
        await Task.WhenAny(work, moment);
        await Task.Delay(random.Next(0, 20), TestContext.Current.CancellationToken);
        await KillAsync(sidecar, round);
        await work.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
    }

    private static async Task KillAsync(SidecarProgram sidecar, int round)
    {
        (int code, string log) = await sidecar.KillAsync();
        Assert.True(code == SidecarProgram.KilledCode, $"Round {round}: it ended by itself with {code}.\n{log}");
    }

    private async Task EndInPeaceAsync()
    {
        using SidecarProgram sidecar = Start();
        await sidecar.UntilReadyAsync();
        await PromiseCheck.AskAsync(sidecar, new HttpCalls(sidecar.Client), _promises);
        await sidecar.EndAsync();
    }

    private void CompareFiles()
    {
        JournalReplayResult replayed = PricingEngine.Replay(_folder.At("data", "journal"), new JournalReplayOptions());
        Assert.Null(replayed.FirstDifference);
        Assert.Equal(_promises.Events, replayed.Statistics.Applied);
        AuditReport report = AuditCheck.Verify(_folder.At("data", "audit"));
        Assert.True(report.IsIntact, string.Join('\n', report.Faults));
    }
}
