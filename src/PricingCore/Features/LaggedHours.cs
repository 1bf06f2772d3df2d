using System.Runtime.InteropServices;
using PricingCore.Events;
using PricingCore.Snapshots;

namespace PricingCore.Features;

/// <summary>Counts and sums by clock hour, for the features of a host's schema that look back by hours.</summary>
/// <threadsafety>A region is written by one thread; which one differs by region.</threadsafety>
internal sealed class LaggedHours
{
    private const int RingHours = 256; // A power of two that holds 192 hours, the open one and one to come.
    private const int RingMask = RingHours - 1;

    private readonly (MarketEventKind Kind, ColumnMeasure Measure)[] _tracks;
    private readonly Cell[] _cells;

    public LaggedHours(FeatureSchema schema, int maxRegions)
    {
        _tracks = TracksOf(schema);
        _cells = new Cell[checked(_tracks.Length * maxRegions * RingHours)];
    }

    /// <summary>Whether any feature looks back by hours.</summary>
    public bool IsUsed => _tracks.Length > 0;

    /// <summary>Elements that a region takes.</summary>
    public static int CellsPerRegion(FeatureSchema schema) => TracksOf(schema).Length * RingHours;

    /// <summary>Adds an event to its hour.</summary>
    public void Add(int region, in AcceptedEvent e, long hour)
    {
        for (int track = 0; track < _tracks.Length; track++)
        {
            if (_tracks[track].Kind == e.Kind)
            {
                ref Cell cell = ref CellOf(region, track, hour);
                if (cell.Hour != hour)
                {
                    cell = new Cell { Hour = hour };
                }

                long change = _tracks[track].Measure == ColumnMeasure.Count ? 1 : WindowValue.ToScaled(e.Values.First);
                cell.Total = unchecked(cell.Total + change); // Wraps around rather than end the loop, as windows do.
            }
        }
    }

    /// <summary>The count or scaled sum of a clock hour.</summary>
    public long Read(int region, MarketEventKind kind, ColumnMeasure measure, long hour)
    {
        ref Cell cell = ref CellOf(region, Array.IndexOf(_tracks, (kind, measure)), hour);
        return cell.Hour == hour ? cell.Total : 0;
    }

    /// <summary>Writes the hours of a region.</summary>
    public void Save(StateWriter writer, int region) => writer.WritePacked(NumbersOf(region));

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    public void Load(StateReader reader, int region) => reader.ReadPacked(NumbersOf(region));

    private Span<long> NumbersOf(int region) =>
        MemoryMarshal.Cast<Cell, long>(_cells.AsSpan(region * _tracks.Length * RingHours, _tracks.Length * RingHours));

    private static (MarketEventKind Kind, ColumnMeasure Measure)[] TracksOf(FeatureSchema schema) =>
        [.. schema.Features.Select(f => f.Windowed).OfType<WindowedFeature>().Where(w => w.LagHours > 0)
            .Select(w => (w.Event, WindowColumns.MeasuresOf(w.Aggregate)[0])).Distinct()];

    private ref Cell CellOf(int region, int track, long hour) =>
        ref _cells[(((region * _tracks.Length) + track) * RingHours) + (int)(hour & RingMask)];

    private struct Cell
    {
        public long Hour;
        public long Total;
    }
}
