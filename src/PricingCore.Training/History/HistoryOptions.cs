namespace PricingCore.Training.History;

/// <summary>How rows are sampled from a history: unit, range and default of each choice.</summary>
/// <threadsafety>Immutable, but for <see cref="Engine"/>.</threadsafety>
public sealed record HistoryOptions
{
    private const int LongestHorizonMinutes = 10_080;
    private const int MostHorizons = 16;

    /// <summary>The engine that the history is replayed through: regions, neighbours, time zones, schema, lateness.</summary>
    /// <value>As the serving engine is set up, with one shard; the defaults of <see cref="PricingOptions"/> unless set.</value>
    public PricingOptions Engine { get; init; } = new();

    /// <summary>How far ahead demand is counted: bookings from the time of the row on, for so many minutes.</summary>
    /// <value>1 to 16 different horizons from 1 to 10,080 minutes, rising; 15, 30 and 60 unless set.</value>
    public IReadOnlyList<int> HorizonsMinutes { get; init; } = [15, 30, 60];

    /// <summary>Time between two rows of a region.</summary>
    /// <value>Whole minutes from 1 minute to 1 day; 15 minutes unless set.</value>
    public TimeSpan Every { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Whether each row lies at another minute of its interval, drawn by a hash, so that every minute of the hour is seen.</summary>
    /// <value><see langword="true"/> unless set; <see langword="false"/> for panels, whose buckets have no inside.</value>
    public bool IsSpread { get; init; } = true;

    /// <summary>Where intervals begin: so long after a whole multiple of <see cref="Every"/> since 1970.</summary>
    /// <value>Whole minutes from 0 to less than <see cref="Every"/>; 0 unless set.</value>
    public TimeSpan Phase { get; init; }

    /// <summary>How long a region must have been known before it is sampled.</summary>
    /// <value>From 0 to 60 days; 7 days unless set, so that every hour of the week was seen.</value>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromDays(7);

    /// <summary>No row before this time; what happened earlier only fills the features.</summary>
    /// <value>The beginning unless set.</value>
    public DateTimeOffset? From { get; init; }

    /// <summary>The end of the data: rows whose horizon reaches past it are left out.</summary>
    /// <value>The latest receive time unless set. For panels: the end of the last bucket.</value>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The only regions to sample.</summary>
    /// <value>All unless set.</value>
    public IReadOnlySet<string>? Regions { get; init; }

    /// <summary>The only times to sample at, in place of <see cref="Every"/>: each for all regions.</summary>
    /// <value>Whole minutes, rising; null unless set.</value>
    public IReadOnlyList<DateTimeOffset>? Times { get; init; }

    /// <summary>Says of a region and a time that are due whether to sample them, for panels with gaps.</summary>
    /// <value>All are unless set.</value>
    public Func<string, DateTimeOffset, bool>? IsSampled { get; init; }

    /// <summary>How much of what a panel counts one booking stands for: errors are reported in the panel's unit.</summary>
    /// <value>Above 0, at most 1,000,000,000; 1 unless set.</value>
    public double UnitsPerBooking { get; init; } = 1;

    /// <summary>The most rows to keep; when there are more, every second one is left out, by a hash of region and time, until they fit.</summary>
    /// <value>From 1,000 to 20,000,000, each of about 400 bytes; 1,000,000 unless set.</value>
    public int MaxRows { get; init; } = 1_000_000;

    /// <summary>Checks every option.</summary>
    /// <returns>All errors, each naming the option, its value and its legal range; empty when there are none.</returns>
    public IReadOnlyList<string> Validate()
    {
        List<string> errors = [.. Engine.Validate().Select(error => $"{nameof(Engine)}: {error}")];
        Expect(Engine.Shards == 1, $"{nameof(Engine)}.Shards is {Engine.Shards}, but must be 1: rows are the same with more, and one loop is faster to ask.");
        Expect(
            HorizonsMinutes.Count is >= 1 and <= MostHorizons,
            $"{nameof(HorizonsMinutes)} has {HorizonsMinutes.Count} horizons, but must have from 1 to {MostHorizons}.");
        Expect(
            HorizonsMinutes.All(h => h is >= 1 and <= LongestHorizonMinutes) && HorizonsMinutes.Zip(HorizonsMinutes.Skip(1)).All(pair => pair.First < pair.Second),
            $"{nameof(HorizonsMinutes)} is {string.Join(", ", HorizonsMinutes)}, but must rise, from 1 to {LongestHorizonMinutes:N0} minutes.");
        Expect(
            Every >= TimeSpan.FromMinutes(1) && Every <= TimeSpan.FromDays(1) && IsWholeMinutes(Every.Ticks),
            $"{nameof(Every)} is {Every}, but must be whole minutes from 1 minute to 1 day.");
        Expect(
            Phase >= TimeSpan.Zero && Phase < Every && IsWholeMinutes(Phase.Ticks),
            $"{nameof(Phase)} is {Phase}, but must be whole minutes from 0 to less than {nameof(Every)}.");
        Expect(WarmUp >= TimeSpan.Zero && WarmUp <= TimeSpan.FromDays(60), $"{nameof(WarmUp)} is {WarmUp}, but must be from 0 to 60 days.");
        Expect(MaxRows is >= 1_000 and <= 20_000_000, $"{nameof(MaxRows)} is {MaxRows}, but must be from 1,000 to 20,000,000.");
        Expect(UnitsPerBooking is > 0 and <= 1e9, $"{nameof(UnitsPerBooking)} is {UnitsPerBooking}, but must be above 0 and at most 1,000,000,000.");
        Expect(
            Times is null || (Times.All(time => IsWholeMinutes(time.UtcTicks)) && Times.Zip(Times.Skip(1)).All(pair => pair.First < pair.Second)),
            $"{nameof(Times)} must be whole minutes and rise.");
        return errors;

        void Expect(bool holds, string error)
        {
            if (!holds)
            {
                errors.Add(error);
            }
        }
    }

    private static bool IsWholeMinutes(long ticks) => ticks % TimeSpan.TicksPerMinute == 0;
}
