namespace PricingCore.Testing.Cities;

/// <summary>What is going to happen, in order; of two things at the same microsecond, the one planned first.</summary>
internal sealed class CityAgenda
{
    private readonly PriorityQueue<CityTask, (long At, long Order)> _queue = new();
    private long _order;

    public void Add(long at, CityTaskKind kind, int subject) => _queue.Enqueue(new CityTask(kind, subject), (at, _order++));

    public bool TryTake(out CityTask task, out long at)
    {
        bool found = _queue.TryDequeue(out task, out (long At, long Order) when);
        at = when.At;
        return found;
    }
}

internal readonly record struct CityTask(CityTaskKind Kind, int Subject);

internal enum CityTaskKind
{
    Weather,
    StadiumEvent,
    MapRefresh,
    Search,
    Book,
    GiveUp,
    PickUp,
    DropOff,
    ShiftStart,
    ShiftEnd,
    LookAround,
}
