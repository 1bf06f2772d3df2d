using PricingCore.Forecasts.Onnx;
using PricingCore.Tests.Forecasts.Onnx;

namespace PricingCore.StressTests.Forecasts;

/// <summary>
/// Goal: neither loading and unloading graphs nor running them keeps memory, on any thread.
/// Method: 1,000 sessions of 1 MB of trees, each run once, and 1,000,000 runs of batches of many sizes on two threads; the resident
/// memory after the first tenth may grow by no more than a fixed amount to the end.
/// Control: with ReleaseSession left out of OnnxSession, the first test fails; with ReleaseValue left out of OnnxRuntimeApi.Run, the second.
/// </summary>
[Trait("Kind", "Stress")]
[Collection(nameof(AloneInTheProcess))]
public sealed class OnnxSessionStress
{
    private const long AllowedGrowthBytes = 48L << 20;

    [Fact]
    public void Load_AThousandTimes_KeepsNoMemory()
    {
        const int Cycles = 1_000;
        const int Trees = 3_000;
        byte[] graph = OnnxBytes.Stumps(new float[Trees], new float[Trees], Trees);
        float[] row = new float[Trees];
        float[] answers = new float[Trees];
        long early = 0;
        for (int cycle = 0; cycle < Cycles; cycle++)
        {
            using (var session = new OnnxSession(graph))
            {
                session.Run("features\0"u8, row, "forecasts\0"u8, answers, rows: 1);
            }

            if (cycle == Cycles / 10)
            {
                early = ResidentBytes();
            }
        }

        AssertNoGrowth(early);
    }

    [Fact]
    public async Task Run_AMillionTimes_KeepsNoMemory()
    {
        const int Threads = 2;
        const int Runs = 1_000_000 / Threads;
        const int MaxRows = 64;
        using var session = new OnnxSession(OnnxBytes.Stumps(new float[10], new float[10], features: 10));
        using var early = new Barrier(Threads);
        long earlyBytes = 0;

        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Factory.StartNew(
            () =>
            {
                float[] rows = new float[MaxRows * 10];
                float[] answers = new float[MaxRows * 10];
                for (int run = 0; run < Runs; run++)
                {
                    int count = 1 + (run % MaxRows);
                    session.Run("features\0"u8, rows.AsSpan(0, count * 10), "forecasts\0"u8, answers.AsSpan(0, count * 10), count);
                    if (run == Runs / 10)
                    {
                        early.SignalAndWait();
                        Interlocked.Exchange(ref earlyBytes, ResidentBytes());
                    }
                }
            },
            TaskCreationOptions.LongRunning)));

        AssertNoGrowth(earlyBytes);
    }

    private static void AssertNoGrowth(long early)
    {
        long growth = ResidentBytes() - early;
        Assert.True(growth <= AllowedGrowthBytes, $"Resident memory grew from {early >> 20} MB by {growth >> 20} MB.");
    }

    private static long ResidentBytes()
    {
        GC.Collect();
        return Environment.WorkingSet;
    }
}

/// <summary>The process's memory is what is measured: no other test may run beside it.</summary>
[CollectionDefinition(nameof(AloneInTheProcess), DisableParallelization = true)]
public sealed class AloneInTheProcess;
