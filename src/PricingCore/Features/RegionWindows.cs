using System.Numerics;
using System.Runtime.CompilerServices;

namespace PricingCore.Features;

/// <summary>The running windows and panes of all regions, in one block of memory: of counts in 32 bits, or of values in 64.</summary>
/// <typeparam name="T">What a cell is. Counts wrap around beyond 2^31 events of a kind in a region's window: 2.4 million a second for 15 minutes.</typeparam>
/// <remarks>
/// Minutes are counted from 1970 UTC. A region's windows stand at its current minute; <see cref="Step"/> moves them on, pane by
/// pane, so that reading any window is one load. An event of an earlier minute is added to its own pane, and to each window
/// that still covers that pane; one of the next minute (clocks differ) waits in its pane until the minute begins.
/// </remarks>
/// <threadsafety>A region is written by one thread; which one differs by region.</threadsafety>
internal sealed class RegionWindows<T>
    where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
{
    private const int CacheLineBytes = 64;

    private readonly WindowColumns _plan;
    private readonly T[] _cells;
    private readonly int _stride;
    private readonly int _paneMask;
    private readonly bool _isAdditive;

    public RegionWindows(WindowColumns plan, int maxRegions)
    {
        _plan = plan;
        _stride = StrideOf(plan);
        _paneMask = plan.Panes - 1;
        _isAdditive = Array.TrueForAll(plan.Columns, c => WindowColumns.IsAdditive(c.Measure));
        _cells = HugePages.AllocateArray<T>(checked(_stride * maxRegions));
        if (!_isAdditive)
        {
            for (int region = 0; region < maxRegions; region++)
            {
                Clear(region);
            }
        }
    }

    /// <summary>What the windows are of.</summary>
    public WindowColumns Columns => _plan;

    /// <summary>Minutes after which a region without events has only empty windows.</summary>
    public int MinutesUntilEmpty => _plan.Panes;

    /// <summary>Cells that a region takes: whole cache lines, so that shards do not share one.</summary>
    public static int StrideOf(WindowColumns plan)
    {
        int line = CacheLineBytes / Unsafe.SizeOf<T>();
        return (plan.CellsPerRegion + line - 1) / line * line;
    }

    /// <summary>All cells of a region, to be saved or loaded.</summary>
    public Span<T> CellsOf(int region) => _cells.AsSpan(region * _stride, _plan.CellsPerRegion);

    /// <summary>The value of a running window.</summary>
    public T Read(int region, int cell) => _cells[(region * _stride) + cell];

    /// <summary>The running windows of a region; <see cref="WindowColumns.CellOf"/> says which is where.</summary>
    public ReadOnlySpan<T> RunningWindows(int region) => _cells.AsSpan(region * _stride, _plan.WindowCells);

    /// <summary>Loads what an event of a minute will change into the cache ahead of use.</summary>
    public T TouchAhead(int region, int column, long minute) =>
        _cells[(region * _stride) + _plan.Windows[_plan.Columns[column].FirstWindow].Cell] | _cells[(region * _stride) + PaneCell(minute)];

    /// <summary>Adds to a count or a sum.</summary>
    /// <param name="region">The region.</param>
    /// <param name="column">A column that counts or sums.</param>
    /// <param name="minute">The minute the event happened in: at most one after <paramref name="current"/>.</param>
    /// <param name="current">The minute the region's windows stand at.</param>
    /// <param name="change">What to add; negative to take back.</param>
    public void Add(int region, int column, long minute, long current, T change)
    {
        if (current - minute > _plan.Panes - 2)
        {
            return; // No window reaches that far back.
        }

        Span<T> cells = _cells.AsSpan(region * _stride, _stride);
        ref T pane = ref cells[PaneCell(minute) + column];
        pane = Sum(pane, change);
        ref readonly WindowColumns.Column c = ref _plan.Columns[column];
        if (minute == current)
        {
            // The usual case: the current minute is in every window, and no division is needed to know it.
            foreach (ref readonly WindowColumns.Window window in _plan.Windows.AsSpan(c.FirstWindow, c.WindowCount))
            {
                cells[window.Cell] = Sum(cells[window.Cell], change);
            }

            return;
        }

        if (minute > current)
        {
            return; // Counted when its minute begins.
        }

        foreach (ref readonly WindowColumns.Window window in _plan.Windows.AsSpan(c.FirstWindow, c.WindowCount))
        {
            int cell = CoveringCell(window, minute, current);
            if (cell >= 0)
            {
                cells[cell] = Sum(cells[cell], change);
            }
        }
    }

    /// <summary>Lets a value compete for the smallest, largest or latest of its minute.</summary>
    public void Compete(int region, int column, long minute, long current, T value)
    {
        if (current - minute > _plan.Panes - 2)
        {
            return;
        }

        Span<T> cells = _cells.AsSpan(region * _stride, _stride);
        ref readonly WindowColumns.Column c = ref _plan.Columns[column];
        ref T pane = ref cells[PaneCell(minute) + column];
        pane = Better(c.Measure, pane, value);
        if (minute > current)
        {
            return;
        }

        foreach (ref readonly WindowColumns.Window window in _plan.Windows.AsSpan(c.FirstWindow, c.WindowCount))
        {
            int cell = CoveringCell(window, minute, current);
            if (cell >= 0)
            {
                cells[cell] = c.Measure == ColumnMeasure.Last ? BestOf(cells, column, c.Measure, window, current, cell) : Better(c.Measure, cells[cell], value);
            }
        }
    }

    /// <summary>The number that an empty cell holds.</summary>
    public static T EmptyOf(ColumnMeasure measure) => measure switch
    {
        ColumnMeasure.Min => T.MaxValue,
        ColumnMeasure.Max => T.MinValue,
        _ => T.Zero,
    };

    /// <summary>Wraps around rather than end the loop: a million values of the largest size make a sum wrong only until they leave.</summary>
    private static T Sum(T left, T right) => unchecked(left + right);

    /// <summary>An open window and the pane that enters it. A latest value is packed by its time within the minute only.</summary>
    private static T Join(ColumnMeasure measure, T window, T entering) =>
        measure == ColumnMeasure.Last ? (entering != T.Zero ? entering : window) : Better(measure, window, entering);

    private static T Better(ColumnMeasure measure, T left, T right) =>
        measure == ColumnMeasure.Min ? T.Min(left, right) : T.Max(left, right);

    /// <summary>The running cell of a window that covers a minute; -1 when it does not.</summary>
    private static int CoveringCell(in WindowColumns.Window window, long minute, long current)
    {
        if (window.Kind == WindowKind.Sliding)
        {
            return current - minute < window.Minutes ? window.Cell : -1;
        }

        long windowsBack = (current / window.Minutes) - (minute / window.Minutes);
        return windowsBack switch { 0 => window.Cell, 1 => window.Cell + 1, _ => -1 };
    }

    private int PaneCell(long minute) => _plan.WindowCells + ((int)(minute & _paneMask) * _plan.Count);

    /// <summary>Moves a region's windows on to the next minute.</summary>
    public void Step(int region, long minute)
    {
        Span<T> cells = _cells.AsSpan(region * _stride, _stride);
        int entering = PaneCell(minute);
        foreach (ref readonly WindowColumns.Window window in _plan.Windows.AsSpan())
        {
            ColumnMeasure measure = _plan.Columns[window.Column].Measure;
            bool isAdditive = WindowColumns.IsAdditive(measure);
            if (window.Kind == WindowKind.Tumbling)
            {
                if (minute % window.Minutes == 0)
                {
                    cells[window.Cell + 1] = cells[window.Cell];
                    cells[window.Cell] = cells[entering + window.Column];
                }
                else
                {
                    cells[window.Cell] = isAdditive
                        ? Sum(cells[window.Cell], cells[entering + window.Column])
                        : Join(measure, cells[window.Cell], cells[entering + window.Column]);
                }
            }
            else if (isAdditive)
            {
                cells[window.Cell] = Sum(cells[window.Cell], unchecked(cells[entering + window.Column] - cells[PaneCell(minute - window.Minutes) + window.Column]));
            }
            else
            {
                cells[window.Cell] = BestOf(cells, window.Column, measure, window, minute, window.Cell);
            }
        }

        ClearPane(cells, minute + 1); // Its last use was a whole ring ago.
    }

    /// <summary>The smallest, largest or latest of all panes that a running cell covers.</summary>
    private T BestOf(Span<T> cells, int column, ColumnMeasure measure, in WindowColumns.Window window, long current, int cell)
    {
        (long first, long last) = window.Kind == WindowKind.Sliding ? (current - window.Minutes + 1, current)
            : cell == window.Cell ? (current / window.Minutes * window.Minutes, current)
            : ((current / window.Minutes * window.Minutes) - window.Minutes, (current / window.Minutes * window.Minutes) - 1);
        if (measure == ColumnMeasure.Last)
        {
            for (long minute = last; minute >= first; minute--)
            {
                T value = cells[PaneCell(minute) + column];
                if (value != T.Zero)
                {
                    return value;
                }
            }

            return T.Zero;
        }

        T best = EmptyOf(measure);
        for (long minute = first; minute <= last; minute++)
        {
            best = Better(measure, best, cells[PaneCell(minute) + column]);
        }

        return best;
    }

    /// <summary>Empties all windows of a region: what stepping comes to after <see cref="MinutesUntilEmpty"/> quiet minutes.</summary>
    public void Clear(int region)
    {
        Span<T> cells = _cells.AsSpan(region * _stride, _stride);
        cells.Clear();
        if (_isAdditive)
        {
            return;
        }

        foreach (WindowColumns.Window window in _plan.Windows)
        {
            T empty = EmptyOf(_plan.Columns[window.Column].Measure);
            cells[window.Cell] = empty;
            if (window.Kind == WindowKind.Tumbling)
            {
                cells[window.Cell + 1] = empty;
            }
        }

        for (int pane = 0; pane < _plan.Panes; pane++)
        {
            ClearPane(cells, pane);
        }
    }

    private void ClearPane(Span<T> cells, long minute)
    {
        Span<T> pane = cells.Slice(PaneCell(minute), _plan.Count);
        pane.Clear();
        if (!_isAdditive)
        {
            for (int column = 0; column < pane.Length; column++)
            {
                pane[column] = EmptyOf(_plan.Columns[column].Measure);
            }
        }
    }
}
