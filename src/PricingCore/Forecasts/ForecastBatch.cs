using PricingCore.Features;

namespace PricingCore.Forecasts;

/// <summary>What a forecaster reads: a row of features and the signals of each region, in buffers that the caller owns.</summary>
/// <threadsafety>One thread; dead when the call it was passed to returns.</threadsafety>
public readonly ref struct ForecastBatch
{
    /// <summary>Describes a batch.</summary>
    /// <param name="horizonMinutes">How far ahead to predict, 1 to 10,080 minutes.</param>
    /// <param name="rows">The rows one after the other; empty when the forecaster reads signals only.</param>
    /// <param name="rowWidth">Features in a row.</param>
    /// <param name="signals">The signals of each region.</param>
    public ForecastBatch(int horizonMinutes, ReadOnlySpan<float> rows, int rowWidth, ReadOnlySpan<RegionSignals> signals)
    {
        HorizonMinutes = horizonMinutes;
        Rows = rows;
        RowWidth = rowWidth;
        Signals = signals;
    }

    /// <summary>How far ahead to predict, in minutes.</summary>
    public int HorizonMinutes { get; }

    /// <summary>The rows one after the other, in schema order; missing features are not a number.</summary>
    public ReadOnlySpan<float> Rows { get; }

    /// <summary>Features in a row.</summary>
    public int RowWidth { get; }

    /// <summary>The signals of each region.</summary>
    public ReadOnlySpan<RegionSignals> Signals { get; }

    /// <summary>Regions in the batch.</summary>
    public int Count => Signals.Length;

    /// <summary>One row.</summary>
    public ReadOnlySpan<float> Row(int index) => Rows.Slice(index * RowWidth, RowWidth);
}
