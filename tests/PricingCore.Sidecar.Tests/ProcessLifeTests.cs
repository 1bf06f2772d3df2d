using System.Diagnostics;
using System.Globalization;
using PricingCore.Tests;

namespace PricingCore.Sidecar.Tests;

/// <summary>
/// Goal: the process is ready soon on an empty directory, and SIGTERM drains it: exit code 0, a snapshot, the lock free.
/// Method: the built program as its users start it. Where other tests keep the machine busy, no process starts in its own time: of several starts the best counts, with
/// the time that it had a processor for beside it, which is about what it would take alone.
/// </summary>
[Collection(Processes.Name)]
public sealed class ProcessLifeTests : IDisposable
{
    private const int MostStarts = 6;
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Start_OnAnEmptyDirectory_IsReadySoon()
    {
        // A second is the aim and is reported; what fails is five, since other tests share the machine and nothing here is compiled ahead as a published sidecar is.
        TimeSpan best = TimeSpan.MaxValue;
        TimeSpan leastWork = TimeSpan.MaxValue;
        for (int start = 0; start < MostStarts && best >= TimeSpan.FromSeconds(1); start++)
        {
            long begin = Stopwatch.GetTimestamp();
            using var sidecar = SidecarProgram.Start(_folder.At($"data-{start}"));
            await sidecar.UntilReadyAsync();
            TimeSpan taken = Stopwatch.GetElapsedTime(begin);
            TimeSpan work = sidecar.ProcessorTime;
            best = taken < best ? taken : best;
            leastWork = work < leastWork ? work : leastWork;
            await sidecar.EndAsync();
        }

        string measured = string.Create(CultureInfo.InvariantCulture, $"The best start took {best.TotalMilliseconds:F0} ms, and {leastWork.TotalMilliseconds:F0} ms of a processor.");
        TestContext.Current.TestOutputHelper?.WriteLine(measured);
        Assert.True(best < TimeSpan.FromSeconds(5), measured);
    }

    [Fact]
    public async Task SigTerm_DrainsAndEndsWithZero_AndTheNextStartGoesOn()
    {
        string data = _folder.At("data");
        for (int life = 0; life < 2; life++)
        {
            using var sidecar = SidecarProgram.Start(data);
            await sidecar.UntilReadyAsync();
            Assert.Equal(0, await SidecarProcess.RunAsync(["--probe", new Uri(sidecar.Address, "/readyz").ToString()], TextWriter.Null, TextWriter.Null));
            Assert.Equal(1, await SidecarProcess.RunAsync(["--probe", new Uri(sidecar.Address, "/metrics").ToString()], TextWriter.Null, TextWriter.Null));
            string log = await sidecar.EndAsync();
            Assert.Contains("is drained after", log, StringComparison.Ordinal);
            Assert.DoesNotContain("fail:", log, StringComparison.Ordinal);
            Assert.Equal(life + 1, Directory.GetFiles(Path.Combine(data, "journal", "snapshots"), "*.snap").Length);
        }
    }
}
