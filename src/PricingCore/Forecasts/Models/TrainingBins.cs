using PricingCore.Features;

namespace PricingCore.Forecasts.Models;

/// <summary>How the features of a model's training rows are distributed: for each up to ten bins of about as many rows, and one for missing.</summary>
/// <remarks>
/// Made of the package's golden rows, which are spread over the whole history; those in which the trainer makes holes to check the graph are left out.
/// A bin ends at a decile and includes it; deciles that are the same end one bin. What says the time, and the age of the profile, is left out. Of
/// features that hardly change in a day, as the mean of a week, or are the same in all regions, as the weather, only missing is told from there: a day
/// of them never looks like a month.
/// </remarks>
/// <threadsafety>Immutable.</threadsafety>
internal sealed class TrainingBins
{
    /// <summary>Below so many rows nothing can be said.</summary>
    public const int LeastRows = 100;

    private const int Quantiles = 10;

    private readonly float[]?[] _edges;
    private readonly int[] _firstBins;
    private readonly long[] _counts;

    private TrainingBins(string modelVersion, float[]?[] edges)
    {
        ModelVersion = modelVersion;
        _edges = edges;
        _firstBins = new int[edges.Length + 1];
        for (int column = 0; column < edges.Length; column++)
        {
            _firstBins[column + 1] = _firstBins[column] + (edges[column] is { } own ? own.Length + 2 : 0);
        }

        _counts = new long[BinCount];
    }

    /// <summary>The model.</summary>
    public string ModelVersion { get; }

    /// <summary>Features in a row.</summary>
    public int Columns => _edges.Length;

    /// <summary>Bins of all features.</summary>
    public int BinCount => _firstBins[^1];

    /// <summary>The bins of a package's golden rows; null when there are too few rows.</summary>
    public static TrainingBins? Of(string modelVersion, GoldenRows golden, FeatureSchema schema)
    {
        int width = golden.FeatureCount;
        int[] rows = [.. Enumerable.Range(0, golden.Count - 1).Where(row => row % GoldenRows.HolesEvery != 0)]; // The last row has holes only.
        if (rows.Length < LeastRows || width != schema.Count)
        {
            return null;
        }

        var edges = new float[]?[width];
        var values = new List<float>(rows.Length);
        for (int column = 0; column < width; column++)
        {
            if (!SaysTime(schema.Features[column]))
            {
                values.Clear();
                values.AddRange(rows.Select(row => golden.Rows[(row * width) + column]).Where(value => !float.IsNaN(value)));
                edges[column] = IsSlow(schema.Features[column]) ? [] : EdgesOf(values);
            }
        }

        var bins = new TrainingBins(modelVersion, edges);
        foreach (int row in rows)
        {
            bins.Add(golden.Rows.AsSpan(row * width, width), bins._counts);
        }

        return bins;
    }

    /// <summary>Whether a feature's distribution is known.</summary>
    public bool IsMeasured(int column) => _edges[column] is not null;

    /// <summary>The training rows in each bin of a feature; the last bin is missing.</summary>
    public ReadOnlySpan<long> CountsOf(int column) => Of<long>(_counts, column);

    /// <summary>A feature's part of what was counted in all bins.</summary>
    public ReadOnlySpan<T> Of<T>(ReadOnlySpan<T> counts, int column) => counts[_firstBins[column].._firstBins[column + 1]];

    /// <summary>Counts a row in its bins.</summary>
    public void Add(ReadOnlySpan<float> row, Span<long> counts)
    {
        for (int column = 0; column < _edges.Length; column++)
        {
            if (_edges[column] is { } edges)
            {
                counts[_firstBins[column] + BinOf(edges, row[column])]++;
            }
        }
    }

    private static int BinOf(float[] edges, float value)
    {
        if (float.IsNaN(value))
        {
            return edges.Length + 1;
        }

        int bin = 0;
        while (bin < edges.Length && value > edges[bin])
        {
            bin++;
        }

        return bin;
    }

    private static float[] EdgesOf(List<float> values)
    {
        values.Sort();
        return values.Count == 0
            ? []
            : [.. Enumerable.Range(1, Quantiles - 1).Select(part => values[Math.Max(0, (values.Count * part / Quantiles) - 1)]).Distinct()];
    }

    private static bool IsSlow(FeatureDefinition feature) =>
        feature.Windowed is null && feature.Ratio is null
        && feature.BuiltIn is BuiltInFeature.RollingAvgDemand7D or BuiltInFeature.ProfileResidual or BuiltInFeature.WeatherTemp
            or BuiltInFeature.WeatherRain or BuiltInFeature.WeatherWind or BuiltInFeature.WeatherVisibility or BuiltInFeature.WeatherScore;

    private static bool SaysTime(FeatureDefinition feature) =>
        feature.Windowed is null && feature.Ratio is null && feature.BuiltIn is <= BuiltInFeature.IsHoliday or BuiltInFeature.HoursLearned;
}
