
namespace PricingCore.Cli.Replay.Csv;

/// <summary>What a time without an offset means: the wall clock of a place, or a fixed offset from UTC.</summary>
/// <remarks>
/// In spring an hour is left out: a time in it counts as if the clocks had not gone forward yet (02:30 becomes 03:30 summer
/// time). In autumn an hour comes twice: a time in it counts as the first or the last of the two, or is rejected.
/// </remarks>
/// <threadsafety>One thread at a time.</threadsafety>
internal sealed class LocalClock
{
    private readonly TimeZoneInfo? _zone;
    private readonly TimeSpan? _fixedOffset;
    private readonly Repeated _repeated;
    private long _cachedQuarter = -1;
    private TimeSpan _cachedOffset;

    private LocalClock(TimeZoneInfo? zone, TimeSpan? fixedOffset, Repeated repeated)
    {
        _zone = zone;
        _fixedOffset = fixedOffset;
        _repeated = repeated;
    }

    /// <summary>What to take a time for that the clock showed twice.</summary>
    public enum Repeated
    {
        First,
        Last,
        Reject,
    }

    /// <summary>Times must have an offset.</summary>
    public static LocalClock None() => new(null, null, Repeated.First);

    public static LocalClock OfOffset(TimeSpan offset) => new(null, offset, Repeated.First);

    public static LocalClock OfZone(TimeZoneInfo zone, Repeated repeated) => new(zone, null, repeated);

    public bool TryToUtc(DateTime clock, string field, out DateTimeOffset instant, out Problem problem)
    {
        instant = default;
        if (_fixedOffset is { } offset)
        {
            return TimeText.TryMakeUtc(clock, offset, field, out instant, out problem);
        }

        if (_zone is null)
        {
            problem = new Problem(
                RejectReason.TimeWithoutOffset, $"{field}: time without offset: set time_zone or utc_offset in the mapping, or add an offset");
            return false;
        }

        // Zones change at full quarters of an hour, so the offset is looked up once a quarter.
        long quarter = clock.Ticks / TimeSpan.FromMinutes(15).Ticks;
        if (quarter != _cachedQuarter)
        {
            if (_repeated == Repeated.Reject && _zone.IsAmbiguousTime(clock))
            {
                problem = new Problem(RejectReason.InvalidTime, $"{field}: the clock of {_zone.Id} showed this time twice");
                return false;
            }

            _cachedOffset = OffsetOf(clock);
            _cachedQuarter = quarter;
        }

        return TimeText.TryMakeUtc(clock, _cachedOffset, field, out instant, out problem);
    }

    private TimeSpan OffsetOf(DateTime clock)
    {
        if (_zone!.IsInvalidTime(clock))
        {
            return _zone.GetUtcOffset(clock.AddHours(-3)); // Before the change: no zone leaves out more than three hours and keeps its day.
        }

        if (!_zone.IsAmbiguousTime(clock))
        {
            return _zone.GetUtcOffset(clock);
        }

        TimeSpan[] offsets = _zone.GetAmbiguousTimeOffsets(clock);
        return _repeated == Repeated.Last ? offsets.Min() : offsets.Max(); // The larger offset is summer time, which comes first.
    }
}
