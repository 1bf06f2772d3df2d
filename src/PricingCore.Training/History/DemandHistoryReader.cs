using System.Collections.Concurrent;
using PricingCore.Events;
using PricingCore.Numerics;
using PricingCore.Replay;

namespace PricingCore.Training.History;

/// <summary>Turns a history of events into rows, by replaying it through the engine that serves.</summary>
/// <remarks>
/// There is no second implementation of any feature: a row is what <see cref="PricingReplay.ReadFeaturesAsync"/> answers at its time,
/// before the first event received at or after that time was published. Baselines are counted at the same moment from the bookings
/// accepted so far, and demand when the history has ended. docs/training.md has the definitions.
/// </remarks>
/// <threadsafety>One reading, on one thread at a time.</threadsafety>
public sealed class DemandHistoryReader
{
    private const int ProgressEvery = 1 << 16;
    private const int MaxPendingKeys = 1 << 16;
    private const int WeekMinutes = 7 * 24 * 60;
    private const int WeeksOfMean = 4;

    private readonly HistoryOptions _options;
    private readonly IProgress<HistoryProgress>? _progress;
    private readonly DemandRows _rows;
    private readonly SampleSchedule _schedule;
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<BookingCounts> _bookings = [];
    private readonly List<long> _knownSince = []; // Minutes.
    private readonly List<bool> _isSampled = [];
    private readonly ConcurrentQueue<int> _dropped = new();
    private readonly Dictionary<int, (int Region, long Minute)> _pendingKeys = [];
    private readonly List<(int Region, Task<ReplayFeatures> Features)> _asked = [];
    private readonly float[] _baselines;
    private readonly long _fromMinute;
    private readonly long _lastSampledMinute;
    private readonly long _warmUpMinutes;
    private ulong _keptMask; // Rows are kept whose draw has none of these bits; the minute within the interval comes from the lower half.
    private long _nextMinute;
    private int _lastTag;

    private DemandHistoryReader(HistoryOptions options, IProgress<HistoryProgress>? progress)
    {
        _options = options;
        _progress = progress;
        _rows = new DemandRows(options.Engine.Schema, options.HorizonsMinutes) { UnitsPerBooking = options.UnitsPerBooking };
        _schedule = new SampleSchedule(options);
        _baselines = new float[options.HorizonsMinutes.Count * DemandBaselines.Count];
        _fromMinute = options.From is { } from ? MinuteAtOrAfter(from) : long.MinValue;
        _lastSampledMinute = options.Until is { } until ? MinuteOf(until) - options.HorizonsMinutes[^1] : long.MaxValue;
        _warmUpMinutes = (long)Math.Ceiling(options.WarmUp.TotalMinutes);
    }

    /// <summary>Reads a history.</summary>
    /// <param name="events">Events in the order of their receive times.</param>
    /// <param name="options">How rows are sampled.</param>
    /// <param name="progress">Told now and then how far the reading has come.</param>
    /// <param name="cancellationToken">Stops the reading between two events.</param>
    /// <exception cref="ArgumentException">An option is outside its range; the message lists every error.</exception>
    /// <exception cref="TrainingException">The events are not in order, or there are none.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<DemandRows> ReadAsync(
        IAsyncEnumerable<ReceivedEvent> events, HistoryOptions options, IProgress<HistoryProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(options);
        IReadOnlyList<string> errors = options.Validate();
        if (errors.Count > 0)
        {
            throw new ArgumentException("The history options are refused:\n" + string.Join('\n', errors), nameof(options));
        }

        var reader = new DemandHistoryReader(options, progress);
        await reader.ReadAsync(events, cancellationToken).ConfigureAwait(false);
        return reader._rows;
    }

    private async Task ReadAsync(IAsyncEnumerable<ReceivedEvent> events, CancellationToken cancellationToken)
    {
        using var digest = new EventDigest();
        DateTimeOffset last = default;
        await using PricingReplay replay = PricingReplay.Start(_options.Engine, (tag, _) => _dropped.Enqueue(tag));
        await foreach (ReceivedEvent next in events.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (_rows.Events == 0)
            {
                _rows.FirstEventAt = next.ReceivedAt.ToUniversalTime();
                _nextMinute = MinuteAtOrAfter(next.ReceivedAt);
            }
            else if (next.ReceivedAt < last)
            {
                throw new TrainingException(
                    $"Event {_rows.Events + 1} was received at {next.ReceivedAt:O}, before the one before it ({last:O}); sort the history by receive time.");
            }

            last = next.ReceivedAt;
            await SampleUntilAsync(replay, MinuteOf(last)).ConfigureAwait(false);
            digest.Add(next.Event, next.ReceivedAt);
            Publish(replay, next);
            if (++_rows.Events % ProgressEvery == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                _progress?.Report(new HistoryProgress(_rows.Events, _rows.Count, last));
            }

            if (_pendingKeys.Count >= MaxPendingKeys)
            {
                await replay.DrainAsync().ConfigureAwait(false);
                TakeBackDuplicates();
            }
        }

        if (_rows.Events == 0)
        {
            throw new TrainingException("There is no event in the history.");
        }

        DateTimeOffset end = _options.Until ?? last;
        await SampleUntilAsync(replay, MinuteOf(end) - _options.HorizonsMinutes[^1]).ConfigureAwait(false);
        await replay.DrainAsync().ConfigureAwait(false);
        TakeBackDuplicates();
        _rows.CountDemand(MinuteOf(end), _bookings);
        _rows.EndsAt = end.ToUniversalTime();
        _rows.DataSha256 = digest.ToHex();
        _progress?.Report(new HistoryProgress(_rows.Events, _rows.Count, last));
    }

    private void Publish(PricingReplay replay, in ReceivedEvent next)
    {
        bool isBooking = next.Event.Kind == MarketEventKind.Booking;
        int tag = next.Event.IdempotencyKey is null ? 0 : ++_lastTag;
        if (replay.Publish(next.Event, next.ReceivedAt, tag) != Rejection.None)
        {
            _rows.Refused++;
            return;
        }

        if (next.Event.RegionId == MarketEvent.AllRegions)
        {
            return;
        }

        int region = NumberOf(next);
        long minute = MinuteOf(next.Event.OccurredAt);
        if (isBooking)
        {
            _bookings[region].Add(minute);
        }

        if (tag != 0)
        {
            _pendingKeys.Add(tag, (isBooking ? region : -1, minute));
        }
    }

    private int NumberOf(in ReceivedEvent next)
    {
        if (!_numbers.TryGetValue(next.Event.RegionId, out int number))
        {
            number = _bookings.Count;
            _numbers.Add(next.Event.RegionId, number);
            _bookings.Add(new BookingCounts());
            _knownSince.Add(MinuteOf(next.ReceivedAt) / 60 * 60); // Since its first clock hour, as the engine's averages have it.
            _isSampled.Add(_options.Regions?.Contains(next.Event.RegionId) != false);
            _schedule.Add(next.Event.RegionId);
            _rows.AddRegion(next.Event.RegionId);
        }

        return number;
    }

    /// <summary>Samples what is due up to and including the beginning of a minute.</summary>
    private async ValueTask SampleUntilAsync(PricingReplay replay, long minute)
    {
        for (; _nextMinute <= minute && _nextMinute <= _lastSampledMinute; _nextMinute++)
        {
            long now = _nextMinute;
            IReadOnlyList<int> due = _schedule.DueAt(now);
            if (due.Count == 0 || now < _fromMinute)
            {
                continue;
            }

            foreach (int region in due)
            {
                if (IsDue(region, now) && IsKept(region, now))
                {
                    _asked.Add((region, replay.ReadFeaturesAsync(_rows.Regions[region], UnixMicros.ToTime(now * UnixMicros.PerMinute)).AsTask()));
                }

                if (_asked.Count >= _options.Engine.MaxWaitingRequests)
                {
                    await TakeAskedAsync(now).ConfigureAwait(false);
                }
            }

            await TakeAskedAsync(now).ConfigureAwait(false);
        }
    }

    private async ValueTask TakeAskedAsync(long now)
    {
        for (int i = 0; i < _asked.Count; i++)
        {
            ReplayFeatures features = await _asked[i].Features.ConfigureAwait(false);
            if (i == 0)
            {
                TakeBackDuplicates(); // The loop has handled all that came before.
            }

            CountBaselines(_asked[i].Region, now);
            _rows.Add(_asked[i].Region, now, features.Row.Span, features.Signals, _baselines);
        }

        _asked.Clear();
        while (_rows.Count > _options.MaxRows)
        {
            _keptMask = (_keptMask >> 1) | (1UL << 63);
            _rows.Keep(row => IsKept(_rows.RegionNumberOf(row), _rows.MinuteOf(row)));
            _rows.KeptShare /= 2;
        }
    }

    private bool IsDue(int region, long now) =>
        _isSampled[region]
        && now - _knownSince[region] >= _warmUpMinutes
        && _options.IsSampled?.Invoke(_rows.Regions[region], UnixMicros.ToTime(now * UnixMicros.PerMinute)) != false;

    private bool IsKept(int region, long minute) => _keptMask == 0 || (_schedule.Draw(region, minute) & _keptMask) == 0;

    private void CountBaselines(int region, long now)
    {
        BookingCounts bookings = _bookings[region];
        for (int i = 0; i < _options.HorizonsMinutes.Count; i++)
        {
            int horizon = _options.HorizonsMinutes[i];
            float persistence = bookings.CountIn(now - horizon, now);
            float sum = 0;
            int weeks = 0;
            for (int week = 1; week <= WeeksOfMean && now - (week * (long)WeekMinutes) >= _knownSince[region]; week++)
            {
                long then = now - (week * (long)WeekMinutes);
                sum += bookings.CountIn(then, Math.Min(now, then + horizon));
                weeks++;
            }

            long lastWeek = now - WeekMinutes;
            Span<float> baselines = _baselines.AsSpan(i * DemandBaselines.Count, DemandBaselines.Count);
            baselines[(int)DemandBaseline.SameHourLastWeek] = weeks == 0 ? persistence : bookings.CountIn(lastWeek, lastWeek + horizon);
            baselines[(int)DemandBaseline.MeanOfFourWeeks] = weeks == 0 ? persistence : sum / weeks;
            baselines[(int)DemandBaseline.Persistence] = persistence;
        }
    }

    private void TakeBackDuplicates()
    {
        while (_dropped.TryDequeue(out int tag))
        {
            _rows.Refused++;
            if (_pendingKeys.TryGetValue(tag, out (int Region, long Minute) booking) && booking.Region >= 0)
            {
                _bookings[booking.Region].Add(booking.Minute, -1);
            }
        }

        _pendingKeys.Clear();
    }

    private static long MinuteOf(DateTimeOffset time) => UnixMicros.MinuteOf(UnixMicros.From(time));

    private static long MinuteAtOrAfter(DateTimeOffset time) => UnixMicros.MinuteOf(UnixMicros.From(time) + UnixMicros.PerMinute - 1);
}
