using PricingCore.Numerics;

namespace PricingCore.Features;

/// <summary>Reads one feature that a host declared.</summary>
internal sealed class WindowedReader
{
    private readonly WindowedFeature _feature;
    private readonly RegionStates _states;
    private readonly int _cell;
    private readonly int _countCell;

    public WindowedReader(WindowedFeature feature, RegionStates states)
    {
        _feature = feature;
        _states = states;
        if (feature.LagHours == 0)
        {
            ColumnMeasure[] measures = WindowColumns.MeasuresOf(feature.Aggregate);
            _cell = CellOf(measures[0]);
            _countCell = CellOf(measures[^1]);
        }
    }

    /// <summary>The feature of a region; not a number when it is missing.</summary>
    public float Read(int region, long now)
    {
        if (_feature.LagHours > 0)
        {
            ColumnMeasure measure = WindowColumns.MeasuresOf(_feature.Aggregate)[0];
            long total = _states.Lagged.Read(region, _feature.Event, measure, UnixMicros.HourOf(now) - _feature.LagHours);
            return measure == ColumnMeasure.Count ? total : FromScaled(total);
        }

        long value = _states.Windows.Read(region, _cell);
        return _feature.Aggregate switch
        {
            EventAggregate.Count => value,
            EventAggregate.Rate => value / (float)_feature.WindowMinutes,
            EventAggregate.Sum => FromScaled(value),
            EventAggregate.Mean => _states.Windows.Read(region, _countCell) is var count and not 0 ? FromScaled(value) / count : float.NaN,
            EventAggregate.Min => value == WindowColumns.EmptyOf(ColumnMeasure.Min) ? float.NaN : FromScaled(value),
            EventAggregate.Max => value == WindowColumns.EmptyOf(ColumnMeasure.Max) ? float.NaN : FromScaled(value),
            _ => value == 0 ? float.NaN : BitConverter.UInt32BitsToSingle((uint)(value & uint.MaxValue)),
        };
    }

    private static float FromScaled(long value) => (float)(value / (double)RegionWindows.ValueScale);

    private int CellOf(ColumnMeasure measure) =>
        _states.Columns.CellOf(_feature.Event, measure, _feature.Window, _feature.WindowMinutes);
}
