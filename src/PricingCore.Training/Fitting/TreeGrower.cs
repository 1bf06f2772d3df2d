using PricingCore.Training.Xgboost;

namespace PricingCore.Training.Fitting;

/// <summary>Grows trees, and counts them for the progress bar.</summary>
/// <threadsafety>One thread at a time.</threadsafety>
internal sealed class TreeGrower(TrainingOptions options, int totalTrees, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
{
    private int _done;

    /// <summary>What is being done, for the progress bar.</summary>
    public string Stage { get; set; } = "";

    /// <summary>Grows so many trees.</summary>
    public XgboostBooster Grow(TreeMatrix train, int trees, bool isInterval = false)
    {
        var booster = new XgboostBooster(SettingsOf(train, isInterval), train.Native);
        for (int i = 0; i < trees; i++)
        {
            booster.Grow(i, train.Native);
            Count(1);
        }

        return booster;
    }

    /// <summary>Grows trees until the error on other rows has stopped to fall.</summary>
    /// <param name="train">What to grow them on.</param>
    /// <param name="validation">The other rows.</param>
    /// <param name="actual">The demand of the other rows.</param>
    /// <returns>How many trees are best, and the sum of the absolute errors with them, in bookings.</returns>
    public (int Trees, double Error) FindTreeCount(TreeMatrix train, TreeMatrix validation, float[] actual)
    {
        using var booster = new XgboostBooster(SettingsOf(train, isInterval: false), train.Native, validation.Native);
        var levels = new float[actual.Length];
        (int bestTrees, double bestError) = (1, double.PositiveInfinity);
        int grown = 0;
        while (grown < options.Trees && grown - bestTrees < options.EarlyStopRounds)
        {
            booster.Grow(grown, train.Native);
            grown++;
            Count(1);
            booster.Predict(validation.Native, trees: 0, levels);
            double error = 0;
            for (int i = 0; i < levels.Length; i++)
            {
                error += Math.Abs((Math.Max(0, levels[i]) * validation.Usual[i]) - actual[i]);
            }

            if (error < bestError)
            {
                (bestTrees, bestError) = (grown, error);
            }
        }

        Count(options.Trees - grown);
        return (bestTrees, bestError);
    }

    /// <summary>Counts trees that will not be grown.</summary>
    public void Count(int trees)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _done += trees;
        progress?.Report(new TrainingProgress(Stage, _done, totalTrees));
    }

    private XgboostSettings SettingsOf(TreeMatrix train, bool isInterval) => new()
    {
        Depth = isInterval ? options.IntervalDepth : options.Depth,
        LearningRate = options.LearningRate,
        Subsample = options.Subsample,
        ColumnSample = options.ColumnSample,
        MinChildWeight = options.MinChildWeight,
        Lambda = options.Lambda,
        Seed = options.Seed,
        Threads = options.Threads,
        BaseScore = train.BaseScore,
    };
}
