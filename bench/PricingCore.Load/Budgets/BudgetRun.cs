using System.Diagnostics;
using PricingCore.Load.Binary;
using PricingCore.Load.Measuring;
using PricingCore.Load.Suites;

namespace PricingCore.Load.Budgets;

/// <summary>
/// Checks every budget in a short run: bytes exactly, ratios with their slack. A suite whose ratio misses runs again, three times at
/// most, and the best counts: a neighbour on the machine can only make a ratio worse than it is, most of the time. Nanoseconds never fail.
/// </summary>
internal static class BudgetRun
{
    private const int MaxAttempts = 3;

    private static readonly Func<LoadOptions, IReadOnlyList<Measurement>>[] Suites =
        [RingSuite.Run, PublishLoad.Run, LoopLoad.Run, RowLoad.Run, QuoteLoad.Run, KernelLoad.Run, ForecastLoad.Run, MemoryLoad.Run, HttpLoad.Run, BinaryLoad.Run];

    /// <returns>0 when nothing failed, 1 when a budget did.</returns>
    public static int Run(string[] args)
    {
        var options = new LoadOptions(args) { IsShort = true };
        BudgetList budgets = BudgetList.Load(options.BudgetsFile ?? throw new ArgumentException("--budgets FILE is missing."));
        TimeSpan limit = TimeSpan.FromSeconds(options.Number("--limit-seconds", full: 180, brief: 180));
        long begin = Stopwatch.GetTimestamp();
        var results = new List<Measurement>();
        foreach (Func<LoadOptions, IReadOnlyList<Measurement>> suite in Suites)
        {
            results.AddRange(Attempt(suite, options, budgets, () => Stopwatch.GetElapsedTime(begin) < limit));
        }

        var report = new LoadReport(Machine.Here(), "PricingCore.Load budget", results);
        Output.Write(report, options);
        string[] unmeasured = [.. budgets.Budgets.Where(budget => budget.CanFail).Select(budget => budget.Name).Except(results.Select(result => result.Name))];
        string[] failed = [.. results.Where(result => result.Pass == false).Select(result => result.Name)];
        if (unmeasured.Length > 0)
        {
            Console.WriteLine("Not measured, though budgets name them: " + string.Join(", ", unmeasured));
        }

        Console.WriteLine(failed.Length == 0 ? "All budgets that can fail are met." : "MISSED: " + string.Join(", ", failed));
        Console.WriteLine($"Took {Stopwatch.GetElapsedTime(begin).TotalSeconds:F0} s.");
        return failed.Length + unmeasured.Length == 0 ? 0 : 1;
    }

    private static List<Measurement> Attempt(
        Func<LoadOptions, IReadOnlyList<Measurement>> suite, LoadOptions options, BudgetList budgets, Func<bool> hasTime)
    {
        var best = new List<Measurement>();
        for (int attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            Measurement[] results = [.. budgets.Judge(suite(options))];
            best = best.Count == 0 ? [.. results] : [.. best.Zip(results, (old, fresh) => Better(budgets.Find(old.Name), old, fresh))];
            string[] missed = [.. best.Where(m => m.Pass == false && budgets.Find(m.Name)!.IsRatio).Select(m => m.Name)];
            if (missed.Length == 0 || attempt == MaxAttempts || !hasTime())
            {
                break;
            }

            Console.WriteLine($"Again, since the ratio missed its budget: {string.Join(", ", missed)}");
        }

        return best;
    }

    private static Measurement Better(Budget? budget, Measurement old, Measurement fresh) =>
        budget is { IsRatio: true } && budget.IsBetter(fresh, old) ? fresh : old;
}
