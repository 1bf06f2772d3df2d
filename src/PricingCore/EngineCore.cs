using PricingCore.Events;
using PricingCore.Features;
using PricingCore.Forecasts.Rollouts;
using PricingCore.Numerics;
using PricingCore.Quality;
using PricingCore.Quotes;
using PricingCore.Regions;
using PricingCore.Rules;
using PricingCore.Tokens;

namespace PricingCore;

/// <summary>Gate, shards and directories, without a clock: the callers say what time it is.</summary>
/// <threadsafety>Any thread.</threadsafety>
internal sealed partial class EngineCore : IDisposable
{
    /// <summary>The most model versions that an engine meets in its life.</summary>
    public const int MaxModels = 1_024;

    private readonly PricingOptions _options;
    private readonly EventGate _gate;
    private readonly ShardSet _shards;
    private readonly LoopOutputs _outputs;
    private readonly RegionStates _states;
    private readonly HandOver _handOver;
    private readonly EngineAudit? _audit;
    private readonly EngineJournal? _journal;
    private readonly CancellationTokenSource _stopping = new();
    private volatile bool _isClosed;
    private bool _isDisposed;

    /// <param name="options">Limits and choices.</param>
    /// <param name="mode">What drives the engine.</param>
    /// <param name="now">The time of a live engine, in microseconds; null in a replay.</param>
    /// <param name="onDropped">Told of each tagged event that a loop drops.</param>
    public EngineCore(PricingOptions options, EngineMode mode, Func<long>? now = null, Action<int, Rejection>? onDropped = null)
    {
        IReadOnlyList<string> errors = options.Validate();
        if (errors.Count > 0)
        {
            throw new ArgumentException("The options are refused:\n" + string.Join('\n', errors), nameof(options));
        }

        if (options.Forecaster is { } forecaster)
        {
            ModelAdmission.Check(forecaster, options);
        }

        _options = options;
        Regions = new RegionDirectory(options.Regions, options.OpenRegions, options.MaxRegions, options.DefaultTimeZone);
        Products = new NameTable(options.MaxProducts);
        Names = new EngineDirectories(Regions, Products, Models);
        var limits = new RateLimits(options.UserEventsPerMinute, options.RegionEventsPerSecond, options.MaxRegions);
        _gate = new EventGate(
            Regions, Products, limits, options.SubjectKey.ToArray(), UnixMicros.From(options.AllowedLateness), UnixMicros.From(options.AllowedClockSkew));
        _outputs = new LoopOutputs
        {
            Decisions = new Waiters<DecisionAnswer>(options.MaxWaitingRequests, new DecisionAnswer(QuoteRefusal.Stopped, null, false, null)),
            Publications = new Waiters<Rejection>(Math.Max(options.MaxWaitingRequests, options.Shards), Rejection.Stopped), // An event for every loop waits for each.
            HandOvers = new Waiters<Rejection>(HandOver.MostAtOnce * options.Shards, Rejection.Stopped),
            Forecasts = new Waiters<ForecastAnswer>(options.MaxWaitingRequests, ForecastAnswer.Stopped),
            Redemptions = new Waiters<RedemptionAnswer>(options.MaxWaitingRequests, new RedemptionAnswer(RedemptionOutcome.Stopped, 0)),
            Rules = new InTransit<RuleSet>(),
            Plans = new InTransit<DeployedPlan>(),
            OnDropped = onDropped ?? Batches.Drop,
            ReportSpike = spike =>
            {
                EngineLog.DemandSpike(options.Logger, Regions.IdOf(spike.Region));
                Spikes.Add(spike);
            },
        };
        _states = new RegionStates(options.Schema, options.MaxRegions);
        Quality = mode == EngineMode.Live ? new QualityBoard(options.MaxRegions, options.Schema, _gate) : null;
        var board = new NeighbourBoard(Regions.HasNeighbours ? options.Regions.Count : 0, options.Shards);
        Shard[] shards = [.. Enumerable.Range(0, options.Shards).Select(number => new Shard(
            number, options, _states, Regions, Products, Models, board, Quality, mode, now, _outputs, OnLoopFailed, _stopping.Token))];
        _shards = new ShardSet(Regions, shards);
        if (options.Audit.Directory is not null && mode == EngineMode.Live)
        {
            _audit = new EngineAudit(options, options.Journal.Files, shards);
        }

        if (options.Journal.IsWritten && mode != EngineMode.ReplayOfJournal)
        {
            _journal = new EngineJournal(options, isReplay: mode == EngineMode.ReplayOfEvents, shards, Names, _outputs, _audit);
        }

        _handOver = new HandOver(_shards, _outputs, readersPerLoop: _journal is null ? 1 : 2, () => Unavailable);
        Requests = new LoopRequests(_shards, _outputs, () => Unavailable, _audit?.Log);
        Redemptions = new RedemptionDesk(_outputs.Redemptions, _shards, () => Unavailable != Rejection.None);
    }

    /// <summary>Regions, products and models.</summary>
    public EngineDirectories Names { get; }

    /// <summary>The loops' answers, and what is on its way to them.</summary>
    public LoopOutputs Outputs => _outputs;

    /// <summary>What becomes of the events of batches.</summary>
    public BatchOutcomes Batches { get; } = new();

    /// <summary>Asks the loops.</summary>
    public LoopRequests Requests { get; }

    /// <summary>The shards.</summary>
    public ShardSet Shards => _shards;

    /// <summary>The audit log; null when none is written.</summary>
    public EngineAudit? Audit => _audit;

    /// <summary>The journal; null when none is written.</summary>
    public EngineJournal? Journal => _journal;

    /// <summary>Demand spikes, for whoever tells of them.</summary>
    public SpikeReports Spikes { get; } = new();

    /// <summary>What is measured of the data; null in a replay.</summary>
    public QualityBoard? Quality { get; }

    public RegionDirectory Regions { get; }

    public NameTable Products { get; }

    /// <summary>Every model version that the engine has met, by number.</summary>
    public NameTable Models { get; } = new(MaxModels);

    public RedemptionDesk Redemptions { get; }

    public bool IsClosed => _isClosed;

    /// <summary>Why a loop has ended that should not have; null while all run.</summary>
    public Exception? Failure { get; private set; }

    public FeatureSchema Schema => _states.Schema;

    public PublishedRows Rows => _states.Rows;

    /// <summary>The shard that holds a region.</summary>
    public Shard ShardOf(int region) => _shards.Of(region);

    /// <summary>The number of a region that somebody wants priced, added if regions are open; negative when it is not to be had.</summary>
    public int FindRegion(string? id) => EventGate.IsText(id, EventGate.MaxNameLength) && id != MarketEvent.AllRegions ? Regions.FindOrAdd(id!) : NameTable.Unknown;

    /// <summary>The number of a product that somebody wants priced; negative when it is not to be had.</summary>
    public int FindProduct(string? id) => EventGate.IsText(id, EventGate.MaxNameLength) ? Products.FindOrAdd(id!) : NameTable.Unknown;

    /// <summary>Why a request cannot even be asked.</summary>
    public QuoteRefusal FindRefusal(in QuoteRequest request, int region, int product) =>
        _isClosed ? QuoteRefusal.Stopped
        : _journal is { Refuses: true } ? QuoteRefusal.JournalUnavailable
        : !EventGate.IsText(request.RegionId, EventGate.MaxNameLength) || !EventGate.IsText(request.ProductType, EventGate.MaxNameLength)
            ? QuoteRefusal.InvalidRequest
        : !QuoteReader.IsBaseLegal(request) ? QuoteRefusal.InvalidBasePrice
        : region < 0 ? QuoteRefusal.UnknownRegion
        : product < 0 ? QuoteRefusal.TooManyProducts
        : QuoteRefusal.None;

    /// <summary>Checks an event and reserves what it needs to enter; nothing has entered yet.</summary>
    /// <remarks><paramref name="waitsForRoom"/> is for a replay, the only one to publish, so that the loops stand still once the rings are empty.</remarks>
    public Rejection Accept(in MarketEvent e, long now, out AcceptedEvent accepted, bool waitsForRoom = false)
    {
        if (Unavailable is var unavailable and not Rejection.None)
        {
            accepted = default;
            return _gate.Count(unavailable);
        }

        Rejection reason = _gate.TryAccept(e, now, out accepted);
        if (reason == Rejection.TooOld)
        {
            _options.LateEventSink?.Invoke(e);
        }

        if (reason == Rejection.None && (accepted.Flags & AcceptedEventFlags.HasKey) != 0 && !_shards.TryReserveKey(accepted)
            && !(waitsForRoom && TryReserveKeyAfterDraining(accepted)))
        {
            return _gate.Count(Rejection.Busy);
        }

        return reason;
    }

    /// <summary>Puts an accepted event into its ring, or the rings of all shards that must know of it; all of them or none.</summary>
    public bool TryEnter(in AcceptedEvent accepted) => _shards.TryEnter(accepted);

    /// <summary>Puts answers of the inference thread into the rings of their regions.</summary>
    /// <returns>How many, from the first on; all of them once the engine is closed, since nobody waits any more.</returns>
    public int EnterAnswers(ReadOnlySpan<AcceptedEvent> answers) => _isClosed ? answers.Length : _shards.EnterFirst(answers);

    /// <summary>Gives back what <see cref="Accept"/> reserved, and counts the event as refused.</summary>
    public Rejection Withdraw(in AcceptedEvent accepted)
    {
        if ((accepted.Flags & AcceptedEventFlags.HasKey) != 0)
        {
            _shards.ReleaseKey(accepted);
        }

        return _gate.Count(Rejection.Busy);
    }

    /// <summary>Publishes a rule set to every loop.</summary>
    /// <returns>Completes when the last loop prices by it, with <see cref="Rejection.Busy"/> when a ring was full.</returns>
    public Task<Rejection> PublishRulesAsync(RuleSet rules, long now)
    {
        _audit?.Log.Use(rules);
        return _handOver.PublishAsync(_outputs.Rules, rules, number => AcceptedEvent.RulesPublished(number, now, 0));
    }

    /// <summary>Publishes a plan of models to every loop; entering the rings is done when this returns, or the answer is there.</summary>
    /// <returns>Completes when the last loop follows it, with <see cref="Rejection.Busy"/> when a ring was full.</returns>
    public Task<Rejection> PublishPlanAsync(in DeployedPlan plan, long now) =>
        _handOver.PublishAsync(_outputs.Plans, plan, number => AcceptedEvent.ModelDeployed(number, now, 0));

    /// <summary>How the prices of a roll-out's two models differ, loop by loop.</summary>
    public IReadOnlyCollection<PriceDifferences> Differences => _shards.Differences;

    /// <summary>Waits until the loops have handled everything that is in the rings.</summary>
    public void Drain()
    {
        SpinWait spin = default;
        while (!_shards.AreRingsEmpty && !_isClosed)
        {
            spin.SpinOnce();
        }
    }

    /// <summary>Refuses everything new, lets the loops finish what is in the rings, and ends them.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
        {
            return;
        }

        _isClosed = true;
        _journal?.BeginClose();
        _stopping.Cancel();
        _shards.Join();
        _journal?.Close();
        _outputs.Close();
        _audit?.Dispose();
        _shards.Dispose();
        _journal?.Dispose();
        _stopping.Dispose();
    }

    /// <summary>Room counts once the loop has come as far as the publisher: whether there is any must not depend on how far it lags.</summary>
    private bool TryReserveKeyAfterDraining(in AcceptedEvent accepted)
    {
        Drain();
        _shards.ExpireKeys(accepted.ReceivedAt);
        return _shards.TryReserveKey(accepted);
    }

    private void OnLoopFailed(Exception failure)
    {
        Failure = failure;
        _isClosed = true;
        EngineLog.LoopFailed(_options.Logger, failure);
        _stopping.Cancel(); // Other loops may wait for the one that is gone.
        _outputs.Close();
    }
}
