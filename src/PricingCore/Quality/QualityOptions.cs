using System.Globalization;

namespace PricingCore.Quality;

/// <summary>From when on data are too bad: the thresholds of <see cref="DataQualityReport"/>. They change what is reported, never a price.</summary>
/// <remarks>A plain class, so that a host can bind it from configuration. <see cref="Validate"/> reports all errors at once.</remarks>
/// <threadsafety>Not thread-safe; the engine reads it once, when it starts.</threadsafety>
public sealed class QualityOptions
{
    /// <summary>The least share of a region's features that must be there.</summary>
    /// <value>From 0 to 1; 0.95 unless set.</value>
    public double MinCompleteness { get; set; } = 0.95;

    /// <summary>The greatest age of the latest event.</summary>
    /// <value>From 1 second to 24 hours; 60 seconds unless set.</value>
    public TimeSpan MaxFreshness { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>The greatest share of events that are refused for what is wrong with them, and of cross-checks that fail.</summary>
    /// <value>From 0 to 1; 0.01 unless set.</value>
    public double MaxErrorShare { get; set; } = 0.01;

    /// <summary>The greatest drift of a feature from the rows that the running model was trained on, as population stability index.</summary>
    /// <value>From 0 to 100; 0.25 unless set.</value>
    public double MaxDrift { get; set; } = 0.25;

    /// <summary>The least accuracy of forecasts, 1 - WAPE; few bookings are hard to forecast however good the data, so set it to what your market reaches.</summary>
    /// <value>From 0 to 1, 0 for no threshold; 0 unless set.</value>
    public double MinAccuracy { get; set; }

    /// <summary>Checks every option.</summary>
    /// <returns>All errors, each with the option, its value and what is allowed; empty when all is well.</returns>
    public IReadOnlyList<string> Validate()
    {
        var errors = new List<string>();
        Check(nameof(MinCompleteness), MinCompleteness, 0, 1, errors);
        Check(nameof(MaxFreshness), MaxFreshness, TimeSpan.FromSeconds(1), TimeSpan.FromHours(24), errors);
        Check(nameof(MaxErrorShare), MaxErrorShare, 0, 1, errors);
        Check(nameof(MaxDrift), MaxDrift, 0, 100, errors);
        Check(nameof(MinAccuracy), MinAccuracy, 0, 1, errors);
        return errors;
    }

    private static void Check<T>(string option, T value, T least, T most, List<string> errors)
        where T : IComparable<T>
    {
        // Written so that NaN, which compares below everything, is refused.
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
        {
            errors.Add(string.Create(CultureInfo.InvariantCulture, $"{option} is {value}; it must be from {least} to {most}."));
        }
    }
}
