using System.Diagnostics;
using PricingCore.Diagnostics;
using PricingCore.Audit;
using PricingCore.Events;
using PricingCore.Features;
using PricingCore.Journal;
using PricingCore.Numerics;
using PricingCore.Quotes;
using PricingCore.Rules;
using PricingCore.Tokens;

namespace PricingCore;

/// <summary>The engine: market events go in, prices come out.</summary>
/// <remarks>Dispose it to stop: it then refuses what is new, finishes what it has accepted, and ends its threads.</remarks>
/// <threadsafety>Any thread may call any member.</threadsafety>
public sealed partial class PricingEngine : IAsyncDisposable
{
    private readonly EngineCore _core;
    private readonly PricingOptions _options;
    private readonly EngineClock _clock;
    private readonly ITimer _ticks;
    private readonly long _quoteValidMicros;
    private readonly Lock _ticking = new();
    private bool _isDisposed;

    private PricingEngine(PricingOptions options)
    {
        _options = options;
        _clock = new EngineClock(options.TimeProvider);
        _quoteValidMicros = UnixMicros.From(options.QuoteValidity);
        _core = new EngineCore(options, EngineMode.Live, () => _clock.Now);
        Models = new ModelDeployment(options, _core, () => _clock.Now);
        _keys = options.Signing?.Keys;
        _signer = new QuoteSigner(_clock.Now);
        _redeemerHash = new SipHash([.. options.SubjectKey]);
        Begin();
        _ = OnDecision(decision => PricingMeters.Multipliers.Record((double)decision.Outcome.Multiplier.Steps / SurgeMultiplier.StepsPerOne)); // From here on: what a recovery decides again was counted before.
        _ticks = options.TimeProvider.CreateTimer(_ => Tick(), null, options.TickInterval, options.TickInterval);
    }

    /// <summary>What the engine has counted since it started, and how its loops stand.</summary>
    public EngineStatistics Statistics => _core.ReadStatistics(Now);

    /// <summary>The features of a row, in order.</summary>
    public FeatureSchema Schema => _core.Schema;

    /// <summary>The models that forecast: deploy, roll out, roll back.</summary>
    public ModelDeployment Models { get; }

    /// <summary>Whether the engine runs: not disposed, and no loop has failed.</summary>
    public bool IsRunning => !_core.IsClosed;

    /// <summary>The rules in force; null when there are none. While others come into force, some loops follow these and some those.</summary>
    public RuleSet? Rules => _core.Shards.RulesInForce;

    /// <summary>Whether a journal is written.</summary>
    internal bool WritesJournal => _core.Journal is not null;

    /// <summary>Why the journal cannot be written at the moment; null when it can, or there is none.</summary>
    internal string? JournalFailure => _core.Journal?.Failure;

    /// <summary>Whether an audit log is written.</summary>
    internal bool WritesAudit => _core.Audit is not null;

    /// <summary>Whether the audit log cannot be written at the moment.</summary>
    internal bool IsAuditFailing => _core.Audit?.Log.IsFailing == true;

    /// <summary>Whether quotes are recorded, so that their requests should have ids.</summary>
    internal bool RecordsQuotes => _core.Audit is not null && _options.Audit.Level == AuditLevel.Quote;

    private long Now => _clock.Now;

    /// <summary>What the start has found in the journal.</summary>
    public RecoveryReport Recovery => _core.Journal?.Report ?? RecoveryReport.Nothing;

    /// <summary>Starts an engine; with a journal, where the last one ended.</summary>
    /// <param name="options">Its limits and choices; read once.</param>
    /// <exception cref="ArgumentException">An option is outside its range; the message lists every error.</exception>
    /// <exception cref="JournalDamagedException">The journal is damaged in its middle.</exception>
    /// <exception cref="JournalMismatchException">The journal was written with other options.</exception>
    /// <exception cref="IOException">The journal's directory cannot be used, or another engine uses it.</exception>
    /// <exception cref="Forecasts.Models.ModelRefusedException">The model of <see cref="PricingOptions.Forecaster"/> is not fit.</exception>
    public static PricingEngine Start(PricingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new PricingEngine(options);
    }

    /// <summary>Replays a journal from its first record: decides everything again, and compares it with what the journal says was decided.</summary>
    /// <param name="journalDirectory">The directory of <see cref="JournalOptions.Directory"/>; nothing in it is changed.</param>
    /// <param name="options">What to decide by in place of what is in the journal; null for an exact replay.</param>
    /// <param name="cancellationToken">Ends the replay.</param>
    /// <exception cref="JournalDamagedException">The journal is damaged in its middle.</exception>
    /// <exception cref="JournalMismatchException">There is no journal, or its beginning is gone.</exception>
    /// <exception cref="InvalidOperationException">It was written with another feature schema.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static JournalReplayResult Replay(string journalDirectory, JournalReplayOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(journalDirectory);
        return JournalReplay.Run(journalDirectory, options ?? new JournalReplayOptions(), cancellationToken);
    }

    /// <summary>Publishes an event. Never waits, never throws.</summary>
    /// <param name="marketEvent">What happened.</param>
    /// <returns>Whether the event is in the ring, and so will be in the features.</returns>
    public bool TryPublish(in MarketEvent marketEvent) => TryPublish(marketEvent, out _);

    /// <summary>Publishes an event. Never waits, never throws.</summary>
    /// <param name="marketEvent">What happened.</param>
    /// <param name="rejection">Why it was refused; <see cref="Rejection.None"/> when it was not.</param>
    /// <returns>Whether the event is in the ring, and so will be in the features.</returns>
    public bool TryPublish(in MarketEvent marketEvent, out Rejection rejection)
    {
        rejection = _core.Accept(marketEvent, Now, out AcceptedEvent accepted);
        if (rejection == Rejection.None && !_core.TryEnter(accepted))
        {
            rejection = _core.Withdraw(accepted);
        }

        return rejection == Rejection.None;
    }

    /// <summary>Publishes an event and waits until it is in the features.</summary>
    /// <param name="marketEvent">What happened.</param>
    /// <param name="cancellationToken">Stops waiting; the event may still be applied.</param>
    /// <returns><see cref="Rejection.None"/>, or why not; <see cref="Rejection.Duplicate"/> when its idempotency key was seen before.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async ValueTask<Rejection> PublishAsync(MarketEvent marketEvent, CancellationToken cancellationToken = default)
    {
        Rejection rejection = _core.Accept(marketEvent, Now, out AcceptedEvent accepted);
        if (rejection != Rejection.None)
        {
            return rejection;
        }

        if (_core.Requests.Publish(accepted) is not { } outcome)
        {
            return _core.Withdraw(accepted);
        }

        long begin = _options.TimeProvider.GetTimestamp();
        using Activity? activity = PricingActivities.StartPublication(accepted.Kind);
        rejection = await outcome.WaitAsync(cancellationToken).ConfigureAwait(false);
        PricingMeters.PublishSeconds.Record(_options.TimeProvider.GetElapsedTime(begin).TotalSeconds);
        return rejection;
    }

    /// <summary>Reads a quote from the book, without waiting. When the book has none, asks the loop, so that the next try finds it.</summary>
    /// <param name="request">What is to be priced.</param>
    /// <param name="quote">The quote; default when there is none.</param>
    /// <returns>Whether there is a decision that still holds, and the request is legal.</returns>
    public bool TryQuote(in QuoteRequest request, out Quote quote)
    {
        long now = Now;
        if (TryFind(request, now, out quote))
        {
            bool isRecorded = _core.Audit?.TryRecord(quote, now) != false;
            quote = isRecorded ? quote : default;
            return isRecorded;
        }

        int region = _core.FindRegion(request.RegionId);
        int product = _core.FindProduct(request.ProductType);
        if (_core.FindRefusal(request, region, product) == QuoteRefusal.None)
        {
            _core.Requests.Ask(region, product, now, AcceptedEventFlags.None);
        }

        return false;
    }

    /// <summary>Reads a quote from the book, and waits for a decision when it has none.</summary>
    /// <param name="request">What is to be priced.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="QuoteRefusedException">There is no price; <see cref="QuoteRefusedException.Refusal"/> says why.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public ValueTask<Quote> QuoteAsync(QuoteRequest request, CancellationToken cancellationToken = default)
    {
        long now = Now;
        return TryFind(request, now, out Quote quote)
            ? ValueTask.FromResult(Recorded(quote, now))
            : DecideAsync(request, now, cancellationToken);
    }

    /// <summary>Prices by other rules from now on; no quote follows the old ones once this completes.</summary>
    /// <param name="rules">The rules.</param>
    /// <param name="cancellationToken">Stops waiting; the rules may still take effect.</param>
    /// <exception cref="InvalidOperationException">The engine is stopped, or a ring was full: try again.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async ValueTask PublishRulesAsync(RuleSet rules, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rules);
        Rejection outcome = await _core.PublishRulesAsync(rules, Now).WaitAsync(cancellationToken).ConfigureAwait(false);
        if (outcome != Rejection.None)
        {
            throw new InvalidOperationException(outcome == Rejection.Stopped
                ? "The rules were not published: the engine has been stopped."
                : "The rules were not published: a ring is full. Try again.");
        }
    }

    /// <summary>Refuses what is new, finishes what is in the rings, and ends the engine's threads.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
        {
            return; // A host stops the engine, and its container disposes it afterwards.
        }

        await _ticks.DisposeAsync().ConfigureAwait(false);
        _core.Dispose();
        ((IDisposable)Models).Dispose();
    }

    private bool TryFind(in QuoteRequest request, long now, out Quote quote)
    {
        quote = default;
        if (request.RegionId is null || request.ProductType is null || !QuoteReader.IsBaseLegal(request))
        {
            return false;
        }

        int region = _core.Regions.Find(request.RegionId);
        int product = _core.Products.Find(request.ProductType);
        if (region < 0 || product < 0
            || _core.ShardOf(region).Book.Read(region, product) is not { } decision
            || now >= decision.HoldsUntilMicros
            || _core.IsClosed)
        {
            return false;
        }

        if (now >= decision.RenewAtMicros && decision.IsFirstToRenew())
        {
            _core.Requests.Ask(region, product, now, AcceptedEventFlags.Afresh);
        }

        quote = QuoteReader.Read(request, decision, now + _quoteValidMicros, cached: true);
        return true;
    }

    private async ValueTask<Quote> DecideAsync(QuoteRequest request, long now, CancellationToken cancellationToken) =>
        await DecideOrRefuseAsync(request, now, cancellationToken).ConfigureAwait(false) is var (refusal, quote) && refusal == QuoteRefusal.None
            ? quote
            : throw new QuoteRefusedException(refusal, request);

    /// <summary>A quote that may be served: the audit log has it, if it is to have quotes.</summary>
    private Quote Recorded(in Quote quote, long now) =>
        _core.Audit?.TryRecord(quote, now) != false ? quote : throw new QuoteRefusedException(QuoteRefusal.AuditBusy, quote.Request);

    /// <summary>Goes on where the journal ends; the model of the options is in force before anything else is in the rings.</summary>
    private void Begin()
    {
        _core.Recover(Now);
        _clock.StartAt(_core.RecoveredUntil);
        Models.Start();
        _core.Begin(Now);
    }

    private void Tick()
    {
        if (_core.IsClosed)
        {
            return;
        }

        lock (_ticking) // The timer's, and one that a snapshot was asked for with.
        {
            long now = Now;
            Models.OnTick(now);
            if (!_core.TryTick(now))
            {
                EngineLog.TickLeftOut(_options.Logger);
            }
        }
    }
}
