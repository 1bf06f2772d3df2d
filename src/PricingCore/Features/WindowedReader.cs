using PricingCore.Numerics;

namespace PricingCore.Features;

/// <summary>Reads one feature that a host declared.</summary>
internal sealed class WindowedReader
{
    private readonly WindowedFeature _feature;
    private readonly RegionStates _states;
    private readonly int _countCell;
    private readonly int _valueCell;

    public WindowedReader(WindowedFeature feature, RegionStates states)
    {
        _feature = feature;
        _states = states;
        if (feature.LagHours == 0)
        {
            foreach (ColumnMeasure measure in WindowColumns.MeasuresOf(feature.Aggregate))
            {
                if (WindowColumns.IsCount(measure))
                {
                    _countCell = CellOf(states.Counts.Columns, measure);
                }
                else
                {
                    _valueCell = CellOf(states.Values.Columns, measure);
                }
            }
        }
    }

    /// <summary>The feature of a region; not a number when it is missing.</summary>
    public float Read(int region, long now)
    {
        if (_feature.LagHours > 0)
        {
            ColumnMeasure measure = WindowColumns.MeasuresOf(_feature.Aggregate)[0];
            long total = _states.Lagged.Read(region, _feature.Event, measure, UnixMicros.HourOf(now) - _feature.LagHours);
            return measure == ColumnMeasure.Count ? total : WindowValue.FromScaled(total);
        }

        return _feature.Aggregate switch
        {
            EventAggregate.Count => Count(region),
            EventAggregate.Rate => Count(region) / (float)_feature.WindowMinutes,
            EventAggregate.Sum => WindowValue.FromScaled(Value(region)),
            EventAggregate.Mean => Count(region) is var count and not 0 ? WindowValue.FromScaled(Value(region)) / count : float.NaN,
            EventAggregate.Min => Value(region) is var least && least == RegionWindows<long>.EmptyOf(ColumnMeasure.Min) ? float.NaN : WindowValue.FromScaled(least),
            EventAggregate.Max => Value(region) is var most && most == RegionWindows<long>.EmptyOf(ColumnMeasure.Max) ? float.NaN : WindowValue.FromScaled(most),
            _ => WindowValue.FromTimed(Value(region)),
        };
    }

    private int Count(int region) => _states.Counts.Read(region, _countCell);

    private long Value(int region) => _states.Values.Read(region, _valueCell);

    private int CellOf(WindowColumns columns, ColumnMeasure measure) =>
        columns.CellOf(_feature.Event, measure, _feature.Window, _feature.WindowMinutes);
}
