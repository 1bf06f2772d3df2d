namespace PricingCore.Training;

/// <summary>How a model is trained: range and default of each choice. docs/training.md says what each is for.</summary>
/// <threadsafety>Immutable.</threadsafety>
public sealed record TrainingOptions
{
    /// <summary>The most trees for the demand of a horizon; early stopping usually takes fewer.</summary>
    /// <value>From 1 to 2,000; 600 unless set.</value>
    public int Trees { get; init; } = 600;

    /// <summary>Splits from the root of a tree to a leaf, at most.</summary>
    /// <value>From 1 to 10; 6 unless set.</value>
    public int Depth { get; init; } = 6;

    /// <summary>How much of what it found each tree adds.</summary>
    /// <value>From 0.001 to 1; 0.03 unless set.</value>
    public double LearningRate { get; init; } = 0.03;

    /// <summary>The share of the rows that each tree is grown on.</summary>
    /// <value>From 0.1 to 1; 0.8 unless set.</value>
    public double Subsample { get; init; } = 0.8;

    /// <summary>The share of the features that each tree may split by.</summary>
    /// <value>From 0.1 to 1; 0.4 unless set: many features say much the same.</value>
    public double ColumnSample { get; init; } = 0.4;

    /// <summary>The least weight of the rows in a leaf; a usual row weighs 1.</summary>
    /// <value>From 0 to 1,000,000; 2 unless set.</value>
    public double MinChildWeight { get; init; } = 2;

    /// <summary>How strongly leaves are pulled towards 0 (L2).</summary>
    /// <value>From 0 to 1,000,000; 1 unless set.</value>
    public double Lambda { get; init; } = 1;

    /// <summary>Trees without a smaller validation error after which no more are grown.</summary>
    /// <value>From 1 to 1,000; 30 unless set.</value>
    public int EarlyStopRounds { get; init; } = 30;

    /// <summary>Trees for the interval of a horizon.</summary>
    /// <value>From 1 to 2,000; 80 unless set.</value>
    public int IntervalTrees { get; init; } = 80;

    /// <summary>Splits from the root of an interval tree to a leaf, at most.</summary>
    /// <value>From 1 to 10; 4 unless set.</value>
    public int IntervalDepth { get; init; } = 4;

    /// <summary>The share of what happens that the interval from low to high is to hold.</summary>
    /// <value>From 0.5 to 0.99; 0.8 unless set, which is what <see cref="Forecasts.Forecast"/> promises.</value>
    public double Coverage { get; init; } = 0.8;

    /// <summary>Blocks of time for the residuals that the interval is learned from: each is predicted by trees that have not seen it.</summary>
    /// <value>From 2 to 10; 4 unless set.</value>
    public int Folds { get; init; } = 4;

    /// <summary>The last part of the time, which is never trained on and which the metrics are from.</summary>
    /// <value>From 0.05 to 0.5; 0.2 unless set. Not used when <see cref="HeldOutFrom"/> is set.</value>
    public double HeldOutShare { get; init; } = 0.2;

    /// <summary>When the held-out part begins.</summary>
    /// <value>By <see cref="HeldOutShare"/> unless set.</value>
    public DateTimeOffset? HeldOutFrom { get; init; }

    /// <summary>The last part of the time before the held-out part, by which the number of trees and the scale are chosen.</summary>
    /// <value>From 0.05 to 0.5; 0.2 unless set.</value>
    public double ValidationShare { get; init; } = 0.2;

    /// <summary>Whether the trees are grown anew on training and validation part together once their number is chosen.</summary>
    /// <value><see langword="true"/> unless set.</value>
    public bool RefitOnValidation { get; init; } = true;

    /// <summary>The feature that says how much demand is usual; the trees predict shares of it.</summary>
    /// <value>A feature of the schema in bookings; chosen on the validation part unless set.</value>
    public string? ScaleFeature { get; init; }

    /// <summary>Features that trees do not split by; a name, or the beginning of names and <c>*</c>.</summary>
    /// <value>None unless set. Of use where a schema has counts only to relate them: trees do not reach beyond the counts they have seen.</value>
    public IReadOnlyList<string> IgnoredFeatures { get; init; } = [];

    /// <summary>How much more a row weighs whose usual demand is larger: the weight is the usual demand to this power.</summary>
    /// <value>From 0 (every relative error counts the same) to 2 (every squared booking does); 1 unless set.</value>
    public double WeightPower { get; init; } = 1;

    /// <summary>Rows that the package carries with the trainer's own answers.</summary>
    /// <value>From 16 to 100,000; 2,048 unless set.</value>
    public int GoldenRows { get; init; } = 2_048;

    /// <summary>Picks the rows and features that each tree sees.</summary>
    /// <value>From 0 to 2,147,483,647; 1 unless set.</value>
    public int Seed { get; init; } = 1;

    /// <summary>Threads that XGBoost may use.</summary>
    /// <value>From 1 to 256; 1 unless set. Sums in another order may differ in their last bits, so give a number, not the machine's.</value>
    public int Threads { get; init; } = 1;

    /// <summary>Checks every option.</summary>
    /// <returns>All errors, each naming the option, its value and its legal range; empty when there are none.</returns>
    public IReadOnlyList<string> Validate()
    {
        List<string> errors = [];
        Range(nameof(Trees), Trees, 1, 2_000);
        Range(nameof(Depth), Depth, 1, 10);
        Range(nameof(LearningRate), LearningRate, 0.001, 1);
        Range(nameof(Subsample), Subsample, 0.1, 1);
        Range(nameof(ColumnSample), ColumnSample, 0.1, 1);
        Range(nameof(MinChildWeight), MinChildWeight, 0, 1_000_000);
        Range(nameof(Lambda), Lambda, 0, 1_000_000);
        Range(nameof(EarlyStopRounds), EarlyStopRounds, 1, 1_000);
        Range(nameof(IntervalTrees), IntervalTrees, 1, 2_000);
        Range(nameof(IntervalDepth), IntervalDepth, 1, 10);
        Range(nameof(Coverage), Coverage, 0.5, 0.99);
        Range(nameof(Folds), Folds, 2, 10);
        Range(nameof(HeldOutShare), HeldOutShare, 0.05, 0.5);
        Range(nameof(ValidationShare), ValidationShare, 0.05, 0.5);
        Range(nameof(WeightPower), WeightPower, 0, 2);
        Range(nameof(GoldenRows), GoldenRows, 16, 100_000);
        Range(nameof(Seed), Seed, 0, int.MaxValue);
        Range(nameof(Threads), Threads, 1, 256);
        return errors;

        void Range<T>(string name, T value, T low, T high)
            where T : IComparable<T>
        {
            if (!(value.CompareTo(low) >= 0 && value.CompareTo(high) <= 0))
            {
                errors.Add(FormattableString.Invariant($"{name} is {value}, but must be from {low} to {high}."));
            }
        }
    }
}
