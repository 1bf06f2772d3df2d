using PricingCore.Events;

namespace PricingCore.Features;

/// <summary>Where the windows of the built-in features are found; looked up once.</summary>
internal sealed class WindowCells(WindowColumns columns)
{
    public readonly int Sessions = columns.SessionsCell;
    public readonly int Bookings1 = Tumbling(columns, MarketEventKind.Booking, 1);
    public readonly int Bookings5 = Tumbling(columns, MarketEventKind.Booking, 5);
    public readonly int Bookings15 = Sliding15(columns, MarketEventKind.Booking);
    public readonly int Searches1 = Tumbling(columns, MarketEventKind.Search, 1);
    public readonly int Searches5 = Tumbling(columns, MarketEventKind.Search, 5);
    public readonly int Searches15 = Sliding15(columns, MarketEventKind.Search);
    public readonly int Views5 = Tumbling(columns, MarketEventKind.View, 5);
    public readonly int Views15 = Sliding15(columns, MarketEventKind.View);
    public readonly int Cancels5 = Tumbling(columns, MarketEventKind.Cancel, 5);
    public readonly int Cancels15 = Sliding15(columns, MarketEventKind.Cancel);
    public readonly int TripStarts15 = Sliding15(columns, MarketEventKind.TripStarted);
    public readonly int TripEnds15 = Sliding15(columns, MarketEventKind.TripEnded);

    private static int Tumbling(WindowColumns columns, MarketEventKind kind, int minutes) =>
        columns.CellOf(kind, ColumnMeasure.Count, WindowKind.Tumbling, minutes);

    private static int Sliding15(WindowColumns columns, MarketEventKind kind) =>
        columns.CellOf(kind, ColumnMeasure.Count, WindowKind.Sliding, 15);
}
