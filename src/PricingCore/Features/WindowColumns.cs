using PricingCore.Events;

namespace PricingCore.Features;

/// <summary>Where the counts of a schema, or its values, live: which columns a pane has, and which running windows each column keeps.</summary>
/// <remarks>
/// A column is one aggregate of one kind of event; a pane is one minute. Per region there are the running windows, then a ring of
/// panes, each with a cell per column. Sliding windows hold one number, tumbling ones two: the open window and the last closed.
/// </remarks>
/// <threadsafety>Immutable once built.</threadsafety>
internal sealed class WindowColumns
{
    /// <summary>The column of active sessions among the counts.</summary>
    public const int Sessions = 0;

    /// <summary>Minutes without an event after which a session is over.</summary>
    public const int SessionGapMinutes = 30;

    private const int SlotsPerKind = (int)MarketEventKind.SupplyMoved + 1;

    private readonly List<Column> _columns = [];
    private readonly List<int>[] _columnsOfKind = [.. Enumerable.Range(0, SlotsPerKind).Select(_ => new List<int>())];
    private readonly List<Window> _windows = [];

    private WindowColumns()
    {
    }

    /// <summary>Cells a pane has.</summary>
    public int Count => Columns.Length;

    /// <summary>Panes in the ring: a power of two that holds the longest window, closed half included, and one minute ahead.</summary>
    public int Panes { get; private set; }

    /// <summary>Numbers before the panes: the running windows.</summary>
    public int WindowCells { get; private set; }

    /// <summary>Numbers a region takes.</summary>
    public int CellsPerRegion => WindowCells + (Panes * Count);

    public Column[] Columns { get; private set; } = [];

    public Window[] Windows { get; private set; } = [];

    /// <summary>The columns that an event of a kind changes.</summary>
    public int[][] ColumnsOfKind { get; private set; } = [];

    /// <summary>Plans the windows that count: those that every schema has, since the baseline forecast and the built-in features read them, and those it declares.</summary>
    public static WindowColumns CountsOf(FeatureSchema schema)
    {
        var plan = new WindowColumns();
        plan._columns.Add(new Column(MarketEventKind.None, ColumnMeasure.Count, plan._windows.Count, 0));
        plan.WindowOf(Sessions, WindowKind.Sliding, SessionGapMinutes);

        for (MarketEventKind kind = MarketEventKind.Search; kind <= MarketEventKind.TripEnded; kind++)
        {
            int column = plan.ColumnOf(kind, ColumnMeasure.Count);
            plan.WindowOf(column, WindowKind.Tumbling, 1);
            plan.WindowOf(column, WindowKind.Tumbling, 5);
            plan.WindowOf(column, WindowKind.Sliding, 15);
        }

        plan.AddDeclared(schema, IsCount);
        plan.Seal();
        return plan;
    }

    /// <summary>Plans the windows of values, which a schema declares; most declare none.</summary>
    public static WindowColumns ValuesOf(FeatureSchema schema)
    {
        var plan = new WindowColumns();
        plan.AddDeclared(schema, measure => !IsCount(measure));
        plan.Seal();
        return plan;
    }

    /// <summary>The aggregates that a feature is computed from.</summary>
    public static ColumnMeasure[] MeasuresOf(EventAggregate aggregate) => aggregate switch
    {
        EventAggregate.Count or EventAggregate.Rate => [ColumnMeasure.Count],
        EventAggregate.Sum => [ColumnMeasure.Sum],
        EventAggregate.Mean => [ColumnMeasure.Sum, ColumnMeasure.ValueCount],
        EventAggregate.Min => [ColumnMeasure.Min],
        EventAggregate.Max => [ColumnMeasure.Max],
        _ => [ColumnMeasure.Last],
    };

    /// <summary>Where the value of a window is found among the region's running windows; the closed one if it is tumbling.</summary>
    public int CellOf(MarketEventKind kind, ColumnMeasure measure, WindowKind window, int minutes)
    {
        int column = Array.FindIndex(Columns, c => c.Kind == kind && c.Measure == measure);
        Window found = Windows.Single(w => w.Column == column && w.Kind == window && w.Minutes == minutes);
        return window == WindowKind.Tumbling ? found.Cell + 1 : found.Cell;
    }

    /// <summary>Where the count of active sessions is found.</summary>
    public int SessionsCell => Windows[0].Cell;

    /// <summary>Whether cells are numbers of events, for which 32 bits are enough.</summary>
    public static bool IsCount(ColumnMeasure measure) => measure is ColumnMeasure.Count or ColumnMeasure.ValueCount;

    /// <summary>Whether cells add up, so that a pane that leaves can be taken back.</summary>
    public static bool IsAdditive(ColumnMeasure measure) => IsCount(measure) || measure == ColumnMeasure.Sum;

    private void AddDeclared(FeatureSchema schema, Func<ColumnMeasure, bool> isHere)
    {
        foreach (WindowedFeature feature in schema.Features.Select(f => f.Windowed).OfType<WindowedFeature>().Where(w => w.LagHours == 0))
        {
            foreach (ColumnMeasure measure in MeasuresOf(feature.Aggregate).Where(isHere))
            {
                WindowOf(ColumnOf(feature.Event, measure), feature.Window, feature.WindowMinutes);
            }
        }
    }

    private int ColumnOf(MarketEventKind kind, ColumnMeasure measure)
    {
        int column = _columns.FindIndex(c => c.Kind == kind && c.Measure == measure);
        if (column < 0)
        {
            column = _columns.Count;
            _columns.Add(new Column(kind, measure, 0, 0));
            _columnsOfKind[(int)kind].Add(column);
        }

        return column;
    }

    private void WindowOf(int column, WindowKind kind, int minutes)
    {
        if (!_windows.Exists(w => w.Column == column && w.Kind == kind && w.Minutes == minutes))
        {
            _windows.Add(new Window(column, kind, minutes, 0));
        }
    }

    private void Seal()
    {
        // A column's windows stand together, so that an event touches one cache line of them.
        Windows = [.. _windows.OrderBy(w => w.Column)];
        int cell = 0;
        for (int i = 0; i < Windows.Length; i++)
        {
            Windows[i] = Windows[i] with { Cell = cell };
            cell += Windows[i].Kind == WindowKind.Tumbling ? 2 : 1;
        }

        WindowCells = cell;
        Columns = [.. _columns.Select((c, i) => c with
        {
            FirstWindow = Array.FindIndex(Windows, w => w.Column == i),
            WindowCount = Windows.Count(w => w.Column == i),
        })];
        ColumnsOfKind = [.. _columnsOfKind.Select(columns => columns.ToArray())];
        int longest = Windows.Select(w => w.Kind == WindowKind.Tumbling ? 2 * w.Minutes : w.Minutes).DefaultIfEmpty().Max();
        Panes = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)longest + 2);
    }

    /// <summary>One aggregate of one kind of event.</summary>
    internal readonly record struct Column(MarketEventKind Kind, ColumnMeasure Measure, int FirstWindow, int WindowCount);

    /// <summary>One running window of a column.</summary>
    internal readonly record struct Window(int Column, WindowKind Kind, int Minutes, int Cell);
}
