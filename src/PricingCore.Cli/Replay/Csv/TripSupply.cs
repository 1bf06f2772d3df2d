using System.Globalization;

namespace PricingCore.Cli.Replay.Csv;

/// <summary>Guesses which cars are free where, from trips alone.</summary>
/// <remarks>
/// A trip takes the car that has been idle longest in its start region, or a new one when none is idle there. At its end the
/// car is idle in the end region. A car idle for longer than a limit goes offline and does not come back.
/// At any time, cars on trips plus idle cars = cars that entered minus cars that left.
/// </remarks>
/// <threadsafety>One thread at a time; calls must be in time order.</threadsafety>
internal sealed class TripSupply
{
    private readonly Dictionary<string, Queue<(int Car, int Turn)>> _idleByRegion = new(StringComparer.Ordinal);
    private readonly List<CarState> _cars = [];
    private readonly List<string> _names = [];

    /// <summary>Cars on a trip.</summary>
    public int Busy { get; private set; }

    /// <summary>Cars that wait.</summary>
    public int Idle { get; private set; }

    /// <summary>Cars that ever entered.</summary>
    public int Entered => _cars.Count;

    /// <summary>Cars that went offline or drove outside.</summary>
    public int Left { get; private set; }

    public string NameOf(int car) => _names[car];

    /// <summary>Begins a trip and says which car makes it.</summary>
    public int Start(string region)
    {
        Busy++;
        if (_idleByRegion.TryGetValue(region, out Queue<(int Car, int Turn)>? idle))
        {
            while (idle.TryDequeue(out (int Car, int Turn) waiting))
            {
                // One that went offline meanwhile is still in the queue, with an older turn.
                if (_cars[waiting.Car].IsIdle && _cars[waiting.Car].Turn == waiting.Turn)
                {
                    Idle--;
                    _cars[waiting.Car] = new CarState(waiting.Turn + 1, IsIdle: false);
                    return waiting.Car;
                }
            }
        }

        _cars.Add(default);
        _names.Add(string.Create(CultureInfo.InvariantCulture, $"car-{_cars.Count}"));
        return _cars.Count - 1;
    }

    /// <summary>Ends a trip: the car waits in the region from now on.</summary>
    /// <returns>The turn to hand to <see cref="TryRetire"/> when the car's patience is over.</returns>
    public int End(int car, string region)
    {
        Busy--;
        Idle++;
        int turn = _cars[car].Turn + 1;
        _cars[car] = new CarState(turn, IsIdle: true);
        if (!_idleByRegion.TryGetValue(region, out Queue<(int Car, int Turn)>? idle))
        {
            idle = new Queue<(int Car, int Turn)>();
            _idleByRegion.Add(region, idle);
        }

        idle.Enqueue((car, turn));
        return turn;
    }

    /// <summary>Ends a trip outside: the car is gone.</summary>
    public void Leave(int car)
    {
        Busy--;
        Left++;
        _cars[car] = new CarState(_cars[car].Turn + 1, IsIdle: false);
    }

    /// <summary>Takes a car offline that has waited since the given turn; false when it has driven since.</summary>
    public bool TryRetire(int car, int turn)
    {
        if (!_cars[car].IsIdle || _cars[car].Turn != turn)
        {
            return false;
        }

        Idle--;
        Left++;
        _cars[car] = new CarState(turn + 1, IsIdle: false);
        return true;
    }

    private readonly record struct CarState(int Turn, bool IsIdle);
}
