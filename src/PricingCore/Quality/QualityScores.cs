namespace PricingCore.Quality;

/// <summary>How good the data are, of one region or of all. What is not known yet is null.</summary>
/// <threadsafety>Immutable.</threadsafety>
public sealed record QualityScores
{
    /// <summary>The share of features that are there, of those that were there before in this process; 0 to 1.</summary>
    public double? Completeness { get; init; }

    /// <summary>The share of events taken, of those taken or refused for what is wrong with them, over about an hour; 0 to 1. Null below 100 events.</summary>
    public double? Validity { get; init; }

    /// <summary>1 while the latest event is younger than <see cref="QualityOptions.MaxFreshness"/>, then that over its age; of all regions the mean; 0 to 1.</summary>
    public double? Timeliness { get; init; }

    /// <summary>The share of cross-checks that hold, over about an hour; 0 to 1. Null below 30 checks.</summary>
    public double? Consistency { get; init; }

    /// <summary>1 - WAPE of the forecasts that decisions are made from, but not below 0; 0 to 1. Null below 8 comparisons or 10 bookings.</summary>
    public double? Accuracy { get; init; }

    /// <summary>The age of the latest event, of the region or of any.</summary>
    public TimeSpan? Freshness { get; init; }

    /// <summary>The mean of completeness, validity, timeliness, consistency and accuracy, as far as known; 0 to 1.</summary>
    public double? Score
    {
        get
        {
            double sum = 0;
            int known = 0;
            foreach (double? part in (ReadOnlySpan<double?>)[Completeness, Validity, Timeliness, Consistency, Accuracy])
            {
                sum += part ?? 0;
                known += part is null ? 0 : 1;
            }

            return known == 0 ? null : sum / known;
        }
    }
}
