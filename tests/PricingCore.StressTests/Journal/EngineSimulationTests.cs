using System.Diagnostics;
using PricingCore.Simulation;

namespace PricingCore.StressTests.Journal;

/// <summary>
/// Goal: whatever the disk does and whenever the machine or the process dies, the engine starts again, has once what it acknowledged, and is where an engine would be that never died.
/// Method: <see cref="EngineSimulation"/>, seed after seed for 60 s (15 s in a debug build, or as the environment variable <c>PRICINGCORE_SIMULATION_SECONDS</c> says), each day from
/// another seed on; one line says from where. For hours: <c>dotnet run --project tests/PricingCore.Simulation -c Release -- --seed 1 --hours 8</c>.
/// Control: a disk that lies about syncs is found out by the second test. It failed on seven faults of the engine that docs/simulation.md lists.
/// </summary>
public sealed class EngineSimulationTests
{
    private const int Steps = 1_500;
#if DEBUG
    private const int Seconds = 15;
#else
    private const int Seconds = 60;
#endif

    [Fact]
    public void Seeds_KeepEveryPromise()
    {
        double seconds = double.TryParse(Environment.GetEnvironmentVariable("PRICINGCORE_SIMULATION_SECONDS"), out double wanted) ? wanted : Seconds;
        int first = (DateTime.UtcNow.Date - DateTime.UnixEpoch).Days * 10_000;
        var sum = new SimulationReport();
        var clock = Stopwatch.StartNew();
        for (int seed = first; clock.Elapsed.TotalSeconds < seconds; seed++)
        {
            sum.Add(new EngineSimulation(seed).Run(Steps));
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"commit {SourceCommit.Find()}, seeds from {first} on: {sum}");
        Assert.True(sum.PowerFailures > 0 && sum.DiskFaults > 0 && sum.Acknowledged > 0);
    }

    /// <remarks>
    /// 37: a snapshot was taken for connected to a journal that did not have the decisions before its cut yet; fails at step 2,747 where that is so again.
    /// 207780009: a replay looked at the first lane to know whether the beginning is there, and another lane had retired its own; fails at step 1,203.
    /// </remarks>
    [Theory]
    [InlineData(37, 4_000)]
    [InlineData(207_780_009, 1_500)]
    public void ASeedThatFoundAFault_KeepsEveryPromise(int seed, int steps) => Assert.Equal(steps, new EngineSimulation(seed).Run(steps).Steps);

    [Fact]
    public void ADiskThatLies_IsFoundOut()
    {
        int found = Enumerable.Range(1, 8).Count(seed =>
            Record.Exception(() => new EngineSimulation(seed, PlantedFault.DiskLies).Run(400)) is SimulationFailedException);
        Assert.InRange(found, 4, 8); // A seed may be of an engine that is not durable, or lose nothing in so few steps.
    }

    [Fact]
    public void TheSameSeed_DoesTheSame()
    {
        for (int seed = 1; seed <= 4; seed++)
        {
            Assert.Equal(new EngineSimulation(seed).Run(300), new EngineSimulation(seed).Run(300));
        }
    }
}
