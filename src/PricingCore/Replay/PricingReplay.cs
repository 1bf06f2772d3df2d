using PricingCore.Events;
using PricingCore.Journal;
using PricingCore.Numerics;
using PricingCore.Quotes;

namespace PricingCore.Replay;

/// <summary>An engine whose time is that of the events given to it: the same input gives the same bytes, as fast as it can.</summary>
/// <remarks>
/// <para>Time moves on with each event and each request, and ticks come in between, as they would have: one each tick interval, but one
/// an hour in the middle of a silence, from two hours after its beginning to five minutes before its end. It never goes back.</para>
/// <para>Nothing is refused for being fast: when a ring is full, publishing waits.</para>
/// </remarks>
/// <threadsafety>One thread at a time. Answers complete on other threads.</threadsafety>
public sealed class PricingReplay : IAsyncDisposable
{
    /// <summary>Most answers come within microseconds; handing the wait to another thread and back costs many times that.</summary>
    private const int SpinsBeforeAwait = 200;

    private const long QuietMicros = 2 * UnixMicros.PerHour;
    private const long WakingMicros = 5 * UnixMicros.PerMinute; // Longer than neighbours look back.

    private static readonly long EarliestMicros = UnixMicros.PerHour;
    private static readonly long LatestMicros = UnixMicros.From(new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private readonly EngineCore _core;
    private readonly long _tickMicros;
    private readonly long _quoteValidMicros;
    private long _now;
    private long _lastTick;

    private PricingReplay(PricingOptions options, Action<int, Rejection>? onDropped)
    {
        _core = new EngineCore(options, EngineMode.ReplayOfEvents, onDropped: onDropped);
        _tickMicros = UnixMicros.From(options.TickInterval);
        _quoteValidMicros = UnixMicros.From(options.QuoteValidity);
        _core.Recover();
        if (_core.Journal is { Report.Records: > 0 })
        {
            _core.Dispose();
            throw new JournalMismatchException($"There is a journal in {options.Journal.Directory} already: a replay writes one from its beginning, into an empty directory.");
        }

        _core.Begin();
    }

    /// <summary>The time: the latest receive time or request time so far.</summary>
    public DateTimeOffset Now => UnixMicros.ToTime(_now);

    /// <summary>What the engine has counted since it started.</summary>
    public EngineStatistics Statistics => _core.ReadStatistics();

    /// <summary>Starts a replay.</summary>
    /// <param name="options">The engine's options; the time provider is not used.</param>
    /// <param name="onDropped">Told, on a loop's thread, of each event dropped as a duplicate, by the tag it was published with.</param>
    /// <exception cref="ArgumentException">An option is outside its range; the message lists every error.</exception>
    /// <exception cref="JournalMismatchException">The directory of <see cref="PricingOptions.Journal"/> has a journal already.</exception>
    public static PricingReplay Start(PricingOptions options, Action<int, Rejection>? onDropped = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new PricingReplay(options, onDropped);
    }

    /// <summary>Publishes an event as if received at a time; waits while the ring is full.</summary>
    /// <param name="marketEvent">What happened.</param>
    /// <param name="receivedAt">When it came in, 1970-01-01T01:00Z to 2100; taken as <see cref="Now"/> when that is later.</param>
    /// <param name="tag">The caller's number for it, from 1; 0 for none.</param>
    /// <returns><see cref="Rejection.None"/>, or why it was refused; <see cref="Rejection.OutOfRange"/> when the time is.</returns>
    public Rejection Publish(in MarketEvent marketEvent, DateTimeOffset receivedAt, int tag = 0)
    {
        if (!TryMoveTo(receivedAt))
        {
            return Rejection.OutOfRange;
        }

        Rejection rejection = _core.Accept(marketEvent, _now, out AcceptedEvent accepted, waitsForRoom: true);
        if (rejection != Rejection.None)
        {
            return rejection;
        }

        accepted.Receipt = tag;
        accepted.Flags |= AcceptedEventFlags.Tagged;
        SpinWait spin = default;
        while (!_core.TryEnter(accepted))
        {
            ThrowIfFailed();
            spin.SpinOnce();
        }

        return Rejection.None;
    }

    /// <summary>Asks for a decision made afresh at a time, from exactly the events published before this call.</summary>
    /// <param name="request">What is to be priced.</param>
    /// <param name="at">When, 1970-01-01T01:00Z to 2100; taken as <see cref="Now"/> when that is later.</param>
    /// <param name="withFeatures">Whether the features are wanted with it.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="at"/> is outside its range.</exception>
    public ValueTask<ReplayAnswer> AskAsync(QuoteRequest request, DateTimeOffset at, bool withFeatures = false)
    {
        MoveTo(at);
        int region = _core.FindRegion(request.RegionId);
        int product = _core.FindProduct(request.ProductType);
        QuoteRefusal refusal = _core.FindRefusal(request, region, product);
        if (refusal != QuoteRefusal.None)
        {
            return ValueTask.FromResult(new ReplayAnswer(refusal, default, default));
        }

        AcceptedEventFlags flags = AcceptedEventFlags.Afresh | (withFeatures ? AcceptedEventFlags.WithFeatures : AcceptedEventFlags.None);
        return QuoteOf(Ask(region, product, flags), request, _now + _quoteValidMicros);
    }

    /// <summary>Reads what is known of a region at a time, from exactly the events published before this call; no rules are needed.</summary>
    /// <remarks>Reading changes nothing but the time: what is asked later is answered as if this had not been asked.</remarks>
    /// <param name="regionId">A region that was given in the options, or of which an event was accepted.</param>
    /// <param name="at">When, 1970-01-01T01:00Z to 2100; taken as <see cref="Now"/> when that is later.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="at"/> is outside its range.</exception>
    /// <exception cref="ArgumentException">The region is not known.</exception>
    /// <exception cref="InvalidOperationException">The replay has been disposed, or a loop has failed.</exception>
    public ValueTask<ReplayFeatures> ReadFeaturesAsync(string regionId, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(regionId);
        MoveTo(at);
        int region = _core.Regions.Find(regionId);
        if (region < 0)
        {
            throw new ArgumentException($"Region '{regionId}' is not known at {at:O}: no event of it was accepted before.", nameof(regionId));
        }

        return FeaturesOf(Ask(region, AcceptedEvent.NoProduct, AcceptedEventFlags.FeaturesOnly));
    }

    /// <summary>Completes when the loops have handled everything published so far.</summary>
    /// <exception cref="InvalidOperationException">A loop has failed.</exception>
    public ValueTask DrainAsync()
    {
        _core.Drain();
        ThrowIfFailed();
        return ValueTask.CompletedTask;
    }

    /// <summary>Finishes what is in the rings and ends the loops.</summary>
    public ValueTask DisposeAsync()
    {
        _core.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async ValueTask<ReplayAnswer> QuoteOf(Task<DecisionAnswer> pending, QuoteRequest request, long validUntil)
    {
        SpinUntilAnswered(pending);
        DecisionAnswer answer = await pending.ConfigureAwait(false);
        Quote quote = answer.Decision is null ? default : QuoteReader.Read(request, answer.Decision, validUntil, cached: !answer.IsFresh);
        return new ReplayAnswer(answer.Refusal, quote, answer.Reading?.Row);
    }

    private static async ValueTask<ReplayFeatures> FeaturesOf(Task<DecisionAnswer> pending)
    {
        SpinUntilAnswered(pending);
        DecisionAnswer answer = await pending.ConfigureAwait(false);
        return answer.Reading is { } reading
            ? new ReplayFeatures(reading.Row, reading.Signals)
            : throw new InvalidOperationException($"The replay has ended ({answer.Refusal}); no features can be read.");
    }

    private static void SpinUntilAnswered(Task pending)
    {
        SpinWait spin = default;
        while (!pending.IsCompleted && spin.Count < SpinsBeforeAwait)
        {
            spin.SpinOnce(sleep1Threshold: -1);
        }
    }

    private Task<DecisionAnswer> Ask(int region, int product, AcceptedEventFlags flags)
    {
        Task<DecisionAnswer> answer = _core.Requests.AskAsync(region, product, _now, flags);
        SpinWait spin = default;
        while (answer.IsCompletedSuccessfully && answer.Result.Refusal == QuoteRefusal.Busy)
        {
            ThrowIfFailed();
            spin.SpinOnce();
            answer = _core.Requests.AskAsync(region, product, _now, flags);
        }

        return answer;
    }

    private void MoveTo(DateTimeOffset at)
    {
        if (!TryMoveTo(at))
        {
            throw new ArgumentOutOfRangeException(nameof(at), at, "A replay goes from 1970-01-01T01:00Z to 2100.");
        }
    }

    private bool TryMoveTo(DateTimeOffset time)
    {
        long micros = UnixMicros.From(time);
        if (micros < EarliestMicros || micros > LatestMicros)
        {
            return false;
        }

        if (micros > _now)
        {
            TickUntil(micros);
            _now = micros;
        }

        return true;
    }

    private void TickUntil(long time)
    {
        if (_lastTick == 0)
        {
            _lastTick = time / _tickMicros * _tickMicros;
            return;
        }

        long quietFrom = _now + QuietMicros;
        long quietUntil = time - WakingMicros;
        while (_lastTick + _tickMicros <= time)
        {
            // In the middle of a long silence one tick an hour does; towards its end all come, so that features are as fresh as they would be.
            bool isQuiet = _lastTick >= quietFrom && _lastTick + _tickMicros <= quietUntil;
            long ticks = isQuiet ? Math.Min(UnixMicros.PerHour, quietUntil - _lastTick) / _tickMicros : 1;
            _lastTick += Math.Max(1, ticks) * _tickMicros;
            SpinWait spin = default;
            while (!_core.TryTick(_lastTick))
            {
                ThrowIfFailed();
                spin.SpinOnce();
            }
        }
    }

    private void ThrowIfFailed()
    {
        if (_core.Failure is not null)
        {
            throw new InvalidOperationException("A pricing loop has failed; the replay cannot go on.", _core.Failure);
        }
    }
}
