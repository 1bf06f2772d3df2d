using PricingCore.Training.History;
using PricingCore.Training.Xgboost;

namespace PricingCore.Training.Fitting;

/// <summary>Fits the trees of one horizon: for the demand, and for the interval around it.</summary>
/// <threadsafety>One thread at a time.</threadsafety>
internal sealed class HorizonTrainer(
    DemandRows rows, TimeSplit split, TrainingOptions options, TreeGrower grower, int horizon, XgboostMatrix golden)
{
    /// <summary>Trees that a horizon may need, for the progress bar.</summary>
    public static int TreesOf(TrainingOptions options) =>
        options.Trees + (options.Trees * (options.Folds + 1)) + (options.IntervalTrees * (options.Folds + 1));

    /// <summary>The validation error of a scale, in bookings, and the best number of trees with it.</summary>
    public (int Trees, double Error) TryScale(int column)
    {
        UsualDemand usual = UsualDemand.Fit(rows, split.Train, horizon, column);
        float[] actual = DemandOf(split.Validation);
        using TreeMatrix train = MatrixOf(split.Train, usual, DemandOf(split.Train));
        using TreeMatrix validation = MatrixOf(split.Validation, usual, actual);
        return grower.FindTreeCount(train, validation, actual);
    }

    /// <summary>Fits everything, with a scale and a number of trees already chosen.</summary>
    public HorizonFit Fit(int column, int trees)
    {
        string name = $"{rows.HorizonsMinutes[horizon]} min";
        int[] fitted = options.RefitOnValidation ? split.Fitted : split.Train;
        UsualDemand usual = UsualDemand.Fit(rows, fitted, horizon, column);
        grower.Stage = $"{name}: demand";
        using TreeMatrix demand = MatrixOf(fitted, usual, DemandOf(fitted));
        using XgboostBooster level = grower.Grow(demand, trees);

        grower.Stage = $"{name}: errors";
        Dictionary<int, float> errors = OutOfFoldErrors(usual, trees);
        grower.Count((options.Trees - trees) * (options.Folds + 1)); // What early stopping saved.

        grower.Stage = $"{name}: interval";
        double factor = FindIntervalFactor(usual, errors);
        using TreeMatrix error = MatrixOf(split.Fitted, usual, [.. split.Fitted.Select(row => (float)(errors[row] * factor))]);
        using XgboostBooster interval = grower.Grow(error, options.IntervalTrees, isInterval: true);

        double[] gains = new double[rows.Schema.Count];
        return new HorizonFit(
            usual,
            XgboostModelReader.Read(level.ToJson(), trees, target: 2 * horizon, gains),
            XgboostModelReader.Read(interval.ToJson(), options.IntervalTrees, target: (2 * horizon) + 1, new double[rows.Schema.Count]),
            factor,
            GoldenRaw(level, interval),
            gains);
    }

    /// <summary>The error of each row, in bookings, as it was predicted by trees that had not seen its part of the time.</summary>
    private Dictionary<int, float> OutOfFoldErrors(UsualDemand usual, int trees)
    {
        var errors = new Dictionary<int, float>(split.Fitted.Length);
        foreach ((int[] block, int[] others) in split.Folds(options.Folds))
        {
            float[] actual = DemandOf(block);
            using TreeMatrix train = MatrixOf(others, usual, DemandOf(others));
            using TreeMatrix held = MatrixOf(block, usual, actual);
            using XgboostBooster booster = grower.Grow(train, trees);
            var levels = new float[block.Length];
            booster.Predict(held.Native, trees: 0, levels);
            for (int i = 0; i < block.Length; i++)
            {
                errors.Add(block[i], Math.Abs((Math.Max(0, levels[i]) * held.Usual[i]) - actual[i]));
            }
        }

        return errors;
    }

    /// <summary>How many expected errors hold the wanted share of the errors, where the expected error comes from other parts of the time.</summary>
    private double FindIntervalFactor(UsualDemand usual, Dictionary<int, float> errors)
    {
        var ratios = new List<double>(split.Fitted.Length);
        foreach ((int[] block, int[] others) in split.Folds(options.Folds))
        {
            using TreeMatrix train = MatrixOf(others, usual, [.. others.Select(row => errors[row])]);
            using TreeMatrix held = MatrixOf(block, usual, [.. block.Select(row => errors[row])]);
            using XgboostBooster booster = grower.Grow(train, options.IntervalTrees, isInterval: true);
            var widths = new float[block.Length];
            booster.Predict(held.Native, trees: 0, widths);
            for (int i = 0; i < block.Length; i++)
            {
                ratios.Add(Ratio(errors[block[i]], Math.Max(0, widths[i]) * held.Usual[i]));
            }
        }

        // Split conformal: the rank that the wanted share of the next rows does not pass (Lei et al. 2018).
        ratios.Sort();
        int rank = Math.Min(ratios.Count, (int)Math.Ceiling((ratios.Count + 1) * options.Coverage));
        double factor = ratios[rank - 1];
        return double.IsFinite(factor) ? factor : ratios.LastOrDefault(double.IsFinite, 1);
    }

    private static double Ratio(float error, float expected) => error == 0 ? 0 : expected <= 0 ? double.PositiveInfinity : error / (double)expected;

    private float[] GoldenRaw(XgboostBooster level, XgboostBooster interval)
    {
        var levels = new float[golden.Rows];
        var widths = new float[golden.Rows];
        level.Predict(golden, trees: 0, levels);
        interval.Predict(golden, trees: 0, widths);
        var raw = new float[golden.Rows * 2];
        for (int i = 0; i < golden.Rows; i++)
        {
            (raw[2 * i], raw[(2 * i) + 1]) = (levels[i], widths[i]);
        }

        return raw;
    }

    private float[] DemandOf(int[] subset) => [.. subset.Select(row => rows.DemandOf(row, horizon))];

    private TreeMatrix MatrixOf(int[] subset, UsualDemand usual, float[] wanted) =>
        TreeMatrix.Of(rows, subset, [.. subset.Select(row => usual.Of(rows, row))], wanted, options);
}
