using PricingCore.Events;
using PricingCore.Numerics;

namespace PricingCore.Features;

/// <summary>A region at one moment, as features see it: views over the store's arrays, nothing copied.</summary>
internal readonly ref struct FeatureMoment
{
    private const int HoursPerWeek = DemandHistory.HoursPerWeek;

    private readonly RegionStates _states;
    private readonly int _region;
    private readonly ref readonly RegionState _state;
    private readonly WindowCells _cells;
    private readonly ReadOnlySpan<int> _windows;

    public FeatureMoment(RegionStates states, int region, ref readonly RegionState state, WindowCells cells)
    {
        _states = states;
        _region = region;
        _state = ref state;
        _cells = cells;
        _windows = states.Counts.RunningWindows(region);
    }

    public required long Now { get; init; }

    public required int HourOfWeek { get; init; }

    /// <summary>The hour of the week that the profile learns this clock hour as.</summary>
    public required int ProfileHour { get; init; }

    public required int MinuteOfHour { get; init; }

    public required NeighbourView Neighbours { get; init; }

    public required float NearbyEventScore { get; init; }

    public required long EventEnd { get; init; }

    public required EventValues Weather { get; init; }

    public required long WeatherAt { get; init; }

    public required float Traffic { get; init; }

    public required bool IsHoliday { get; init; }

    public WindowCells Cells => _cells;

    public ref readonly RegionState State => ref _state;

    public int HourOfDay => HourOfWeek % 24;

    public int DayOfWeek => HourOfWeek / 24;

    public float Bookings15 => Window(_cells.Bookings15);

    public float BookingsThisHour => _states.History.BookingsIn(_region, _state.Hour);

    /// <summary>How much of the clock hour has passed, 0 to 1.</summary>
    public float HourPassed => (Now - (_state.Hour * UnixMicros.PerHour)) / (float)UnixMicros.PerHour;

    public float Available => _state.AvailableUnits + _state.AvailableStock;

    public float Busy => _state.BusyUnits + _state.BusyStock;

    public float Residual => _state.Residual;

    public int HoursLearned => _state.HoursLearned;

    /// <summary>Mean bookings of the closed hours of the last week; not a number when none is closed.</summary>
    public float MeanPerHour
    {
        get
        {
            long hours = Math.Min(HoursPerWeek, _state.Hour - _state.FirstHour);
            return hours == 0 ? float.NaN : _state.WeekTotal / (float)hours;
        }
    }

    /// <summary>How bad the weather is, 0 to 1.</summary>
    public float WeatherScore
    {
        get
        {
            float rain = Known(Weather.Second) / 10;
            float wind = (Known(Weather.Third) - 10) / 15;
            float sight = float.IsNaN(Weather.Fourth) ? 0 : 1 - (Weather.Fourth / 5);
            return Math.Clamp(Math.Max(rain, Math.Max(wind, sight)), 0, 1);
        }
    }

    /// <summary>A running window.</summary>
    public float Window(int cell) => _windows[cell];

    /// <summary>Bookings of the clock hour so many hours back; not a number before the region was known.</summary>
    public float BookingsAt(int hoursBack)
    {
        long hour = _state.Hour - hoursBack;
        return hour < _state.FirstHour ? float.NaN : _states.History.BookingsIn(_region, hour);
    }

    /// <summary>Usual bookings so many hours from now.</summary>
    public float Usual(int hoursAhead)
    {
        int hourOfWeek = (ProfileHour + hoursAhead + HoursPerWeek) % HoursPerWeek;
        return _states.History.UsualBookings(_region, _state, _state.Hour + hoursAhead, hourOfWeek);
    }

    /// <summary>Seconds since a time; not a number when it never was.</summary>
    public float SecondsSince(long time) => time == 0 ? float.NaN : Math.Max(0, Now - time) / (float)UnixMicros.PerSecond;

    /// <summary>The few numbers that the baseline forecast and the surge read.</summary>
    public RegionSignals ToSignals() => new()
    {
        Bookings15Min = Bookings15,
        BookingsThisHour = BookingsThisHour,
        BookingsLastHour = BookingsAt(1),
        HourPassed = HourPassed,
        UsualLastHour = Usual(-1),
        UsualThisHour = Usual(0),
        UsualNextHour = Usual(1),
        MeanPerHour = MeanPerHour,
        Residual = Residual,
        HoursLearned = HoursLearned,
        AvailableSupply = Available,
        Hour = HourOfDay,
        NearbyEventScore = NearbyEventScore,
        WeatherScore = WeatherScore,
        NeighbourMultiplierSteps = Neighbours.MultiplierSteps,
    };

    private static float Known(float value) => float.IsNaN(value) ? 0 : value;
}
