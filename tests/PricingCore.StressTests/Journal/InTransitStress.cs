namespace PricingCore.StressTests.Journal;

/// <summary>
/// Goal: when several loops read their journals at the same time, each gets the rules that its own journal has, however the others take theirs.
/// Method: two threads restore and take the same numbers, in step by a barrier each so many rounds, so that one often takes the last copy while the other restores it.
/// Control: where the last reader removes whatever is there, and not just what it has seen, a number is "never handed over" within some hundred thousand rounds.
/// </summary>
public sealed class InTransitStress
{
    private const int Rounds = 500_000;
    private const int RoundsInStep = 64;

    [Fact]
    public async Task RestoreAndTake_ByTwoLoops_GiveEachItsOwn()
    {
        var rules = new InTransit<string>();
        using var together = new Barrier(2);
        await Task.WhenAll(Loop(), Loop());

        Task Loop() => Task.Factory.StartNew(
            () =>
            {
                for (int round = 1; round <= Rounds; round++)
                {
                    if (round % RoundsInStep == 0 && !together.SignalAndWait(TimeSpan.FromSeconds(5)))
                    {
                        return; // The other has failed.
                    }

                    rules.Restore(round, "rules");
                    Assert.Equal("rules", rules.Take(round));
                }
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
    }
}
