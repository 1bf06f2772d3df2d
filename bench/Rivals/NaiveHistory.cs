using PricingCore.Numerics;

namespace PricingCore.Bench.Rivals;

/// <summary>Bookings by clock hour of the last week, and the usual bookings of each hour of the week (UTC), of one region.</summary>
internal sealed class NaiveHistory
{
    private const int HoursPerWeek = 168;
    private const int HoursFromMondayToEpoch = 72;
    private const long LearningDelayMicros = 15 * UnixMicros.PerMinute;

    private readonly Dictionary<long, int> _bookings = [];
    private readonly float[] _profile = new float[HoursPerWeek];
    private long _nextToLearn;

    public NaiveHistory(long hour)
    {
        Array.Fill(_profile, float.NaN);
        Hour = hour;
        FirstHour = hour;
        _nextToLearn = hour + 1;
    }

    public long Hour { get; private set; }

    public long FirstHour { get; }

    /// <summary>Not a number before an hour was compared with its usual.</summary>
    public float Residual { get; private set; } = float.NaN;

    public int HoursLearned { get; private set; }

    private long WeekTotal { get; set; }

    public float MeanPerHour => Hour == FirstHour ? float.NaN : WeekTotal / (float)Math.Min(HoursPerWeek, Hour - FirstHour);

    public static int HourOfWeek(long hour) => (int)((hour + HoursFromMondayToEpoch) % HoursPerWeek);

    public int BookingsIn(long hour) => _bookings.GetValueOrDefault(hour);

    public float BookingsAt(int hoursBack) => Hour - hoursBack < FirstHour ? float.NaN : BookingsIn(Hour - hoursBack);

    public void Add(long hour)
    {
        _bookings[hour] = BookingsIn(hour) + 1;
        WeekTotal += hour < Hour ? 1 : 0;
    }

    public void MoveTo(long now)
    {
        long hour = UnixMicros.HourOf(now);
        while (Hour < hour)
        {
            WeekTotal += BookingsIn(Hour) - BookingsIn(Hour - HoursPerWeek);
            _bookings.Remove(Hour - HoursPerWeek - 1);
            Hour++;
            LearnUntil(Hour - 1);
        }

        if (now >= (Hour * UnixMicros.PerHour) + LearningDelayMicros)
        {
            LearnUntil(Hour);
        }
    }

    public float Usual(int hoursAhead)
    {
        long hour = Hour + hoursAhead;
        float learned = _profile[HourOfWeek(hour)];
        if (!float.IsNaN(learned))
        {
            return learned;
        }

        float sum = 0;
        int days = 0;
        for (long same = hour - 24; same > hour - HoursPerWeek && same >= FirstHour; same -= 24)
        {
            sum += BookingsIn(same);
            days++;
        }

        return days == 0 ? float.NaN : sum / days;
    }

    private void LearnUntil(long hour)
    {
        for (; _nextToLearn < hour; _nextToLearn++)
        {
            float bookings = BookingsIn(_nextToLearn);
            float usual = Usual((int)(_nextToLearn - Hour));
            if (!float.IsNaN(usual))
            {
                float residual = MathF.Abs(bookings - usual) / MathF.Sqrt(usual + 1);
                Residual = float.IsNaN(Residual) ? residual : Residual + ((residual - Residual) / 24);
            }

            ref float profile = ref _profile[HourOfWeek(_nextToLearn)];
            profile = float.IsNaN(profile) ? bookings : profile + ((bookings - profile) / 4);
            HoursLearned = Math.Min(HoursPerWeek, HoursLearned + 1);
        }
    }
}
