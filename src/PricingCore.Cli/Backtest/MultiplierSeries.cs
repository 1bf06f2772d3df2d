using PricingCore.Cli.Report.Charts;
using PricingCore.Numerics;

namespace PricingCore.Cli.Backtest;

/// <summary>Mean multipliers of both policies over the time of the journal, and by local hour.</summary>
internal sealed record MultiplierSeries(TimeAxis Axis, double[] A, double[] B, double[] HoursOfA, double[] HoursOfB)
{
    private const int MostSteps = 400;
    private static readonly double[] StepMinutes = [1, 5, 15, 60, 180, 360, 1_440, 7 * 1_440];

    public static MultiplierSeries Of(PolicyRun a, PolicyRun b)
    {
        long[] times = [.. a.Lanes.Values.Concat(b.Lanes.Values).SelectMany(lane => (long[])[lane[0].AtMicros, lane[^1].AtMicros])];
        DateTime first = UnixMicros.ToTime(times.DefaultIfEmpty().Min()).UtcDateTime;
        DateTime last = UnixMicros.ToTime(times.DefaultIfEmpty().Max()).UtcDateTime;
        double minutes = (last - first).TotalMinutes;
        var step = TimeSpan.FromMinutes(StepMinutes.FirstOrDefault(candidate => minutes / candidate < MostSteps, StepMinutes[^1]));
        var start = new DateTime(first.Ticks - (first.Ticks % step.Ticks), DateTimeKind.Unspecified);
        var axis = new TimeAxis(start, step, 1 + (int)((last.Ticks - start.Ticks) / step.Ticks));

        int StepOf(PricedDecision decision) => (int)((UnixMicros.ToTime(decision.AtMicros).UtcTicks - start.Ticks) / step.Ticks);
        return new MultiplierSeries(
            axis, Means(a, axis.Count, StepOf), Means(b, axis.Count, StepOf), Means(a, 24, decision => decision.Hour), Means(b, 24, decision => decision.Hour));
    }

    private static double[] Means(PolicyRun run, int count, Func<PricedDecision, int> stepOf)
    {
        double[] sums = new double[count];
        long[] counts = new long[count];
        foreach (PricedDecision decision in run.Lanes.Values.SelectMany(lane => lane))
        {
            int step = stepOf(decision);
            sums[step] += decision.Multiplier;
            counts[step]++;
        }

        return [.. sums.Zip(counts, (sum, decisions) => decisions == 0 ? double.NaN : sum / decisions)];
    }
}
