using PricingCore.Training.History;

namespace PricingCore.Training.Fitting;

/// <summary>Which rows are trained on, which choose, and which only judge: parts of the time, in this order.</summary>
/// <remarks>
/// At each border rows are left out whose demand would be counted inside the next part, so that no part sees another's bookings.
/// </remarks>
/// <threadsafety>Immutable.</threadsafety>
internal sealed class TimeSplit
{
    private const int LeastRows = 50;

    private readonly DemandRows _rows;
    private readonly long _gapMinutes;

    private TimeSplit(DemandRows rows, int validationFrom, int heldOutFrom)
    {
        _rows = rows;
        _gapMinutes = rows.HorizonsMinutes[^1];
        HeldOutFrom = heldOutFrom;
        Train = [.. Enumerable.Range(0, validationFrom).Where(row => EndsBefore(row, validationFrom))];
        Validation = [.. Enumerable.Range(validationFrom, heldOutFrom - validationFrom).Where(row => EndsBefore(row, heldOutFrom))];
        Fitted = [.. Enumerable.Range(0, heldOutFrom).Where(row => EndsBefore(row, heldOutFrom))];
    }

    /// <summary>The rows that trees are grown on.</summary>
    public int[] Train { get; }

    /// <summary>The rows by which the number of trees and the scale are chosen.</summary>
    public int[] Validation { get; }

    /// <summary>Both together: all that a model may ever be fitted on.</summary>
    public int[] Fitted { get; }

    /// <summary>The first row of the held-out part, which goes on to the last.</summary>
    public int HeldOutFrom { get; }

    /// <summary>Splits rows by the options.</summary>
    /// <exception cref="TrainingException">A part would be too small; the message says by how much.</exception>
    public static TimeSplit Of(DemandRows rows, TrainingOptions options)
    {
        if (rows.Count == 0)
        {
            throw new TrainingException(
                $"There is no row to train on: the history goes from {rows.FirstEventAt:O} to {rows.EndsAt:O}, which is not longer than "
                + "warm-up and horizon together. Give a longer history or a shorter warm-up.");
        }

        DateTimeOffset first = rows.TimeOf(0);
        TimeSpan length = rows.TimeOf(rows.Count - 1) - first;
        DateTimeOffset heldOut = options.HeldOutFrom ?? first + (length * (1 - options.HeldOutShare));
        DateTimeOffset validation = first + ((heldOut - first) * (1 - options.ValidationShare));
        var split = new TimeSplit(rows, rows.FirstRowFrom(validation), rows.FirstRowFrom(heldOut));
        Check("training", split.Train.Length);
        Check("validation", split.Validation.Length);
        Check("held-out", rows.Count - split.HeldOutFrom);
        return split;

        void Check(string part, int count)
        {
            if (count < LeastRows)
            {
                throw new TrainingException(
                    $"The {part} part has {count} rows, but needs {LeastRows}; there are {rows.Count} in all, and the held-out part begins at {heldOut:O}. "
                    + "Give a longer history, or sample it more often.");
            }
        }
    }

    /// <summary>Cuts rows into blocks of time: for each block its rows, and all others that do not see its bookings nor it theirs.</summary>
    public IEnumerable<(int[] Block, int[] Others)> Folds(int count)
    {
        for (int fold = 0; fold < count; fold++)
        {
            int from = (int)((long)Fitted.Length * fold / count);
            int to = (int)((long)Fitted.Length * (fold + 1) / count);
            long begin = _rows.MinuteOf(Fitted[from]) - _gapMinutes;
            long end = _rows.MinuteOf(Fitted[to - 1]) + _gapMinutes;
            yield return (Fitted[from..to], [.. Fitted.Where(row => _rows.MinuteOf(row) <= begin || _rows.MinuteOf(row) >= end)]);
        }
    }

    private bool EndsBefore(int row, int border) =>
        border >= _rows.Count || _rows.MinuteOf(row) + _gapMinutes <= _rows.MinuteOf(border);
}
