using PricingCore.Events;
using PricingCore.Features;
using PricingCore.Numerics;

namespace PricingCore.Bench.Rivals;

/// <summary>Everything the naive engine knows of one region. Whoever calls holds the region's lock.</summary>
internal sealed class NaiveRegion
{
    private readonly NaiveTumblingWindow _bookings1 = new(1);
    private readonly NaiveTumblingWindow _bookings5 = new(5);
    private readonly NaiveSlidingWindow _bookings15 = new(15);
    private readonly NaiveTumblingWindow _searches1 = new(1);
    private readonly NaiveTumblingWindow _searches5 = new(5);
    private readonly NaiveSlidingWindow _searches15 = new(15);
    private readonly NaiveTumblingWindow _views5 = new(5);
    private readonly NaiveSlidingWindow _views15 = new(15);
    private readonly NaiveTumblingWindow _cancels5 = new(5);
    private readonly NaiveSlidingWindow _cancels15 = new(15);
    private readonly NaiveSlidingWindow _tripStarts15 = new(15);
    private readonly NaiveSlidingWindow _tripEnds15 = new(15);
    private readonly NaiveSessions _sessions = new();
    private readonly NaiveHistory _history;
    private long _minute;
    private long _lastBookingAt;
    private long _lastSearchAt;
    private long _lastEventAt;
    private float _averageFast;
    private float _averageSlow;
    private EventValues _weather;
    private long _weatherAt;
    private float _traffic = float.NaN;
    private bool _isHoliday;
    private float _eventScore;
    private long _eventEnd;

    public NaiveRegion(string id, IReadOnlyList<string> neighbours, long now)
    {
        Id = id;
        Neighbours = neighbours;
        _history = new NaiveHistory(UnixMicros.HourOf(now));
        _minute = UnixMicros.MinuteOf(now);
    }

    public string Id { get; }

    public IReadOnlyList<string> Neighbours { get; }

    public Lock Gate { get; } = new();

    public int Available { get; set; }

    public int Busy { get; set; }

    public double LastMultiplier { get; set; } = double.NaN;

    public double MeanMultiplier { get; set; } = double.NaN;

    public int Bookings15(long now) => _bookings15.Count(UnixMicros.MinuteOf(now));

    public void Apply(in MarketEvent e, long occurredAt, long now)
    {
        MoveTo(now);
        long nowMinute = _minute;
        switch (e.Kind)
        {
            case MarketEventKind.Search:
                _searches1.Add(occurredAt, nowMinute);
                _searches5.Add(occurredAt, nowMinute);
                _searches15.Add(occurredAt, nowMinute);
                _lastSearchAt = Math.Max(_lastSearchAt, occurredAt);
                break;
            case MarketEventKind.View:
                _views5.Add(occurredAt, nowMinute);
                _views15.Add(occurredAt, nowMinute);
                break;
            case MarketEventKind.Booking:
                _bookings1.Add(occurredAt, nowMinute);
                _bookings5.Add(occurredAt, nowMinute);
                _bookings15.Add(occurredAt, nowMinute);
                _history.Add(UnixMicros.HourOf(occurredAt));
                _lastBookingAt = Math.Max(_lastBookingAt, occurredAt);
                break;
            case MarketEventKind.Cancel:
                _cancels5.Add(occurredAt, nowMinute);
                _cancels15.Add(occurredAt, nowMinute);
                break;
            case MarketEventKind.TripStarted:
                _tripStarts15.Add(occurredAt, nowMinute);
                break;
            case MarketEventKind.TripEnded:
                _tripEnds15.Add(occurredAt, nowMinute);
                break;
            default:
                ApplyExternal(e, occurredAt);
                break;
        }

        if (e.UserId is not null && e.Kind <= MarketEventKind.TripEnded)
        {
            _sessions.Touch(e.UserId, UnixMicros.MinuteOf(occurredAt), nowMinute);
        }

        _lastEventAt = Math.Max(_lastEventAt, occurredAt);
    }

    public RegionSignals ReadSignals(long now)
    {
        MoveTo(now);
        return new RegionSignals
        {
            Bookings15Min = _bookings15.Count(_minute),
            BookingsThisHour = _history.BookingsIn(_history.Hour),
            BookingsLastHour = _history.BookingsAt(1),
            HourPassed = (now - (_history.Hour * UnixMicros.PerHour)) / (float)UnixMicros.PerHour,
            UsualLastHour = _history.Usual(-1),
            UsualThisHour = _history.Usual(0),
            UsualNextHour = _history.Usual(1),
            MeanPerHour = _history.MeanPerHour,
            Residual = float.IsNaN(_history.Residual) ? 0 : _history.Residual,
            HoursLearned = _history.HoursLearned,
            AvailableSupply = Available,
            Hour = NaiveHistory.HourOfWeek(_history.Hour) % 24,
            NearbyEventScore = now < _eventEnd ? _eventScore : 0,
            WeatherScore = WeatherScore(now),
        };
    }

    /// <summary>The 64 features of the mobility schema, in its order.</summary>
    public void ReadRow(Span<float> row, long now, float neighbourBookings, float neighbourAvailable, float neighbourMultiplier)
    {
        MoveTo(now);
        int hour = NaiveHistory.HourOfWeek(_history.Hour);
        (int day, hour) = (hour / 24, hour % 24);
        float bookings15 = _bookings15.Count(_minute);
        float searches15 = _searches15.Count(_minute);
        float cancels15 = _cancels15.Count(_minute);
        float usual = _history.Usual(0);
        bool isWeatherKnown = _weatherAt > 0 && now - _weatherAt <= 3 * UnixMicros.PerHour;
        EventValues weather = isWeatherKnown ? _weather : EventValues.None;
        ReadOnlySpan<float> values =
        [
            hour, _minute % 60, day,
            (float)Math.Sin(2 * Math.PI * hour / 24), (float)Math.Cos(2 * Math.PI * hour / 24),
            (float)Math.Sin(2 * Math.PI * day / 7), (float)Math.Cos(2 * Math.PI * day / 7),
            day >= 5 ? 1 : 0, _isHoliday ? 1 : 0,
            _bookings1.CountClosed(_minute), _bookings5.CountClosed(_minute), bookings15,
            _searches1.CountClosed(_minute), _searches5.CountClosed(_minute), searches15,
            _views5.CountClosed(_minute), _views15.Count(_minute),
            _cancels5.CountClosed(_minute), cancels15, bookings15 > 0 ? cancels15 / bookings15 : 0,
            _tripStarts15.Count(_minute), _tripEnds15.Count(_minute),
            Ratio(bookings15, searches15), bookings15 / 15, searches15 / 15, _sessions.Count(_minute),
            Since(_lastBookingAt, now), Since(_lastSearchAt, now), Since(_lastEventAt, now),
            _history.BookingsIn(_history.Hour),
            _history.BookingsAt(1), _history.BookingsAt(2), _history.BookingsAt(24), _history.BookingsAt(168),
            Available, Busy, Available + Busy, Available + Busy > 0 ? Busy / (float)(Available + Busy) : 0, Ratio(Available, bookings15),
            _history.MeanPerHour, _averageSlow < 0.001f ? 0 : (_averageFast / _averageSlow) - 1, Ratio(usual, _history.MeanPerHour),
            _history.BookingsAt(167), usual, _history.Usual(1), _history.Residual,
            _averageFast, _averageSlow, _history.HoursLearned,
            neighbourBookings, neighbourAvailable, Ratio(neighbourAvailable, neighbourBookings), neighbourMultiplier,
            weather.First, weather.Second, weather.Third, weather.Fourth, WeatherScore(now), Since(_weatherAt, now), _traffic,
            now < _eventEnd ? _eventScore : 0, now < _eventEnd ? (_eventEnd - now) / (float)UnixMicros.PerMinute : 0,
            (float)LastMultiplier, (float)MeanMultiplier,
        ];
        values.CopyTo(row);
    }

    private static float Ratio(float part, float whole) => whole > 0 ? part / whole : float.NaN;

    private static float Since(long time, long now) => time == 0 ? float.NaN : Math.Max(0, now - time) / (float)UnixMicros.PerSecond;

    private void MoveTo(long now)
    {
        long minute = UnixMicros.MinuteOf(now);
        if (minute == _minute)
        {
            return;
        }

        float bookings = _bookings1.OpenCount;
        for (; _minute < minute; _minute++)
        {
            _averageFast += (bookings - _averageFast) / 5;
            _averageSlow += (bookings - _averageSlow) / 60;
            bookings = 0;
        }

        _bookings1.CountClosed(minute);
        _history.MoveTo(now);
    }

    private void ApplyExternal(in MarketEvent e, long occurredAt)
    {
        switch (e.Kind)
        {
            case MarketEventKind.Weather:
                (_weather, _weatherAt) = (e.Values, occurredAt);
                break;
            case MarketEventKind.Traffic:
                _traffic = e.Values.First;
                break;
            case MarketEventKind.Holiday:
                _isHoliday = e.Values.First > 0;
                break;
            case MarketEventKind.CityEvent:
                float minutes = float.IsNaN(e.Values.Second) ? EventRanges.DefaultCityEventMinutes : e.Values.Second;
                (_eventScore, _eventEnd) = (e.Values.First, occurredAt + (long)(minutes * (double)UnixMicros.PerMinute));
                break;
        }
    }

    private float WeatherScore(long now)
    {
        if (_weatherAt == 0 || now - _weatherAt > 3 * UnixMicros.PerHour)
        {
            return 0;
        }

        float rain = float.IsNaN(_weather.Second) ? 0 : _weather.Second / 10;
        float wind = float.IsNaN(_weather.Third) ? 0 : (_weather.Third - 10) / 15;
        float sight = float.IsNaN(_weather.Fourth) ? 0 : 1 - (_weather.Fourth / 5);
        return Math.Clamp(Math.Max(rain, Math.Max(wind, sight)), 0, 1);
    }
}
