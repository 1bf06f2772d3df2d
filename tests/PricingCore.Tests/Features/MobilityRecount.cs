using PricingCore.Events;
using PricingCore.Numerics;

namespace PricingCore.Tests.Features;

/// <summary>The features of one region counted anew from the list of its events, as the feature catalogue words them. Slow and plain.</summary>
internal sealed class MobilityRecount(TimeZoneInfo zone)
{
    private readonly List<(MarketEvent Event, long At, long ReceivedAt)> _events = [];
    private readonly Dictionary<long, int> _bookingsByHour = [];
    private readonly Dictionary<long, int> _bookingsInTime = []; // By minute, those that came in before it closed.
    private readonly Dictionary<int, float> _profile = [];
    private long _firstHour = -1;
    private long _averagedUntil;
    private long _learnedUntil;
    private double _fast;
    private double _slow;
    private double? _residual;
    private int _hoursLearned;

    public void Add(in MarketEvent e, long receivedAt)
    {
        Know(receivedAt);
        long at = UnixMicros.From(e.OccurredAt);
        _events.Add((e, at, receivedAt));
        if (e.Kind == MarketEventKind.Booking)
        {
            _bookingsByHour[UnixMicros.HourOf(at)] = BookingsIn(UnixMicros.HourOf(at)) + 1;
            long minute = UnixMicros.MinuteOf(at);
            if (UnixMicros.MinuteOf(receivedAt) <= minute)
            {
                _bookingsInTime[minute] = _bookingsInTime.GetValueOrDefault(minute) + 1;
            }
        }
    }

    /// <summary>All features that follow from demand events and the calendar.</summary>
    public Dictionary<string, double> At(long now)
    {
        Know(now);
        Average(now);
        Learn(now);
        long minute = UnixMicros.MinuteOf(now);
        long hour = UnixMicros.HourOf(now);
        DateTimeOffset local = TimeZoneInfo.ConvertTime(UnixMicros.ToTime(now), zone);
        int weekday = ((int)local.DayOfWeek + 6) % 7;
        double bookings15 = Sliding(MarketEventKind.Booking, minute);
        double searches15 = Sliding(MarketEventKind.Search, minute);
        double cancels15 = Sliding(MarketEventKind.Cancel, minute);
        long known = Math.Min(168, hour - _firstHour);
        double rolling = known == 0 ? double.NaN : Enumerable.Range(1, (int)known).Sum(back => BookingsIn(hour - back)) / (double)known;
        double usual = Usual(hour);

        return new Dictionary<string, double>
        {
            ["hour_of_day"] = local.Hour,
            ["minute_of_hour"] = local.Minute,
            ["day_of_week"] = weekday,
            ["hour_sin"] = Math.Sin(2 * Math.PI * local.Hour / 24),
            ["hour_cos"] = Math.Cos(2 * Math.PI * local.Hour / 24),
            ["weekday_sin"] = Math.Sin(2 * Math.PI * weekday / 7),
            ["weekday_cos"] = Math.Cos(2 * Math.PI * weekday / 7),
            ["is_weekend"] = weekday >= 5 ? 1 : 0,
            ["booking_count_1min"] = Tumbling(MarketEventKind.Booking, minute, 1),
            ["booking_count_5min"] = Tumbling(MarketEventKind.Booking, minute, 5),
            ["booking_count_15min"] = bookings15,
            ["search_volume_1min"] = Tumbling(MarketEventKind.Search, minute, 1),
            ["search_volume_5min"] = Tumbling(MarketEventKind.Search, minute, 5),
            ["search_volume_15min"] = searches15,
            ["view_count_5min"] = Tumbling(MarketEventKind.View, minute, 5),
            ["view_count_15min"] = Sliding(MarketEventKind.View, minute),
            ["cancel_count_5min"] = Tumbling(MarketEventKind.Cancel, minute, 5),
            ["cancel_count_15min"] = cancels15,
            ["cancel_rate_15min"] = bookings15 == 0 ? 0 : cancels15 / bookings15,
            ["trip_start_count_15min"] = Sliding(MarketEventKind.TripStarted, minute),
            ["trip_end_count_15min"] = Sliding(MarketEventKind.TripEnded, minute),
            ["conversion_rate_15min"] = searches15 == 0 ? double.NaN : bookings15 / searches15,
            ["booking_rate_15min"] = bookings15 / 15,
            ["search_rate_15min"] = searches15 / 15,
            ["active_sessions"] = ActiveSessions(minute),
            ["time_since_last_booking"] = SecondsSince(now, e => e.Kind == MarketEventKind.Booking),
            ["time_since_last_search"] = SecondsSince(now, e => e.Kind == MarketEventKind.Search),
            ["time_since_last_event"] = SecondsSince(now, _ => true),
            ["booking_count_this_hour"] = BookingsIn(hour),
            ["demand_lag_1h"] = Lag(hour, 1),
            ["demand_lag_2h"] = Lag(hour, 2),
            ["demand_lag_24h"] = Lag(hour, 24),
            ["demand_lag_168h"] = Lag(hour, 168),
            ["next_hour_last_week"] = Lag(hour, 167),
            ["rolling_avg_demand_7d"] = rolling,
            ["booking_average_fast"] = _fast,
            ["booking_average_slow"] = _slow,
            ["demand_trend"] = _slow < 0.001 ? 0 : (_fast / _slow) - 1,
            ["profile_this_hour"] = usual,
            ["profile_next_hour"] = Usual(hour + 1),
            ["seasonality_score"] = rolling > 0 ? usual / rolling : double.NaN,
            ["profile_residual"] = _residual ?? double.NaN,
            ["hours_learned"] = Math.Min(168, _hoursLearned),
        };
    }

    private void Know(long now)
    {
        if (_firstHour < 0)
        {
            _firstHour = UnixMicros.HourOf(now);
            _averagedUntil = UnixMicros.MinuteOf(now);
            _learnedUntil = _firstHour + 1;
        }
    }

    private double Sliding(MarketEventKind kind, long minute) =>
        _events.Count(x => x.Event.Kind == kind && UnixMicros.MinuteOf(x.At) is var m && m > minute - 15 && m <= minute);

    private double Tumbling(MarketEventKind kind, long minute, int length)
    {
        long end = minute / length * length;
        return _events.Count(x => x.Event.Kind == kind && UnixMicros.MinuteOf(x.At) is var m && m >= end - length && m < end);
    }

    private double ActiveSessions(long minute) => _events
        .Where(x => x.Event.UserId is not null && x.Event.Kind <= MarketEventKind.TripEnded && Math.Min(UnixMicros.MinuteOf(x.At), UnixMicros.MinuteOf(x.ReceivedAt)) > minute - 30)
        .Select(x => x.Event.UserId).Distinct().Count();

    private double SecondsSince(long now, Func<MarketEvent, bool> isWanted)
    {
        long last = _events.Where(x => isWanted(x.Event)).Select(x => x.At).DefaultIfEmpty(-1).Max();
        return last < 0 ? double.NaN : Math.Max(0, now - last) / 1e6;
    }

    private int BookingsIn(long hour) => hour < _firstHour ? 0 : _bookingsByHour.GetValueOrDefault(hour);

    private double Lag(long hour, int back) => hour - back < _firstHour ? double.NaN : BookingsIn(hour - back);

    private void Average(long now)
    {
        for (; _averagedUntil < UnixMicros.MinuteOf(now); _averagedUntil++)
        {
            int bookings = _bookingsInTime.GetValueOrDefault(_averagedUntil);
            _fast += (bookings - _fast) / 5;
            _slow += (bookings - _slow) / 60;
        }
    }

    /// <summary>An hour is learned a quarter of an hour after it closed.</summary>
    private void Learn(long now)
    {
        for (; ((_learnedUntil + 1) * UnixMicros.PerHour) + (15 * UnixMicros.PerMinute) <= now; _learnedUntil++)
        {
            int bookings = BookingsIn(_learnedUntil);
            double usual = Usual(_learnedUntil);
            if (!double.IsNaN(usual))
            {
                double deviation = Math.Abs(bookings - usual) / Math.Sqrt(usual + 1);
                _residual = _residual is { } before ? before + ((deviation - before) / 24) : deviation;
            }

            int hourOfWeek = HourOfWeek(_learnedUntil);
            _profile[hourOfWeek] = _profile.TryGetValue(hourOfWeek, out float old) ? old + ((bookings - old) / 4) : bookings;
            _hoursLearned++;
        }
    }

    private double Usual(long hour)
    {
        if (_profile.TryGetValue(HourOfWeek(hour), out float learned))
        {
            return learned;
        }

        double[] days = [.. Enumerable.Range(1, 6).Select(day => hour - (24 * day)).Where(same => same >= _firstHour).Select(same => (double)BookingsIn(same))];
        return days.Length == 0 ? double.NaN : days.Average();
    }

    private int HourOfWeek(long hour)
    {
        DateTimeOffset local = TimeZoneInfo.ConvertTime(UnixMicros.ToTime(hour * UnixMicros.PerHour), zone);
        return ((((int)local.DayOfWeek + 6) % 7) * 24) + local.Hour;
    }
}
