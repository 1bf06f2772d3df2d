using PricingCore.Events;
using PricingCore.Features;
using PricingCore.Forecasts;
using PricingCore.Forecasts.Rollouts;
using PricingCore.Numerics;
using PricingCore.Quality;
using PricingCore.Quotes;
using PricingCore.Regions;
using PricingCore.Ring;
using PricingCore.Tokens;

namespace PricingCore;

/// <summary>A share of the regions: its ring, its loop and the thread that runs it.</summary>
/// <threadsafety><see cref="Ring"/>, <see cref="Keys"/> and <see cref="Book"/> each say what any thread may do.</threadsafety>
internal sealed class Shard : IDisposable
{
    private readonly IdleWait _idle = new();
    private readonly Thread _thread;
    private readonly PricingLoop _loop;
    private readonly Func<long> _now = () => 0;
    private readonly ITimer? _deadline;
    private readonly bool _isStepped;

    public Shard(
        int number, PricingOptions options, RegionStates states, RegionDirectory regions, NameTable products, NameTable models,
        NeighbourBoard board, QualityBoard? quality, EngineMode mode, Func<long>? now, LoopOutputs outputs, Action<Exception> onFailure, CancellationToken stopping)
    {
        _isStepped = options.IsStepped;
        Ring = new EventRing<AcceptedEvent>(options.RingCapacityEvents);
        Keys = new IdempotencyKeys(options.MaxIdempotencyKeys, UnixMicros.From(options.IdempotencyWindow));
        Book = new QuoteBook(options.MaxRegions, options.MaxDecisions);

        var clocks = new RegionClocks(regions);
        var outdated = new OutdatedRows(states, isUsed: mode != EngineMode.ReplayOfEvents, isRead: mode != EngineMode.ReplayOfJournal);
        var supply = new SupplyTracker(states, outdated, options.MaxUnits, UnixMicros.From(options.UnitTimeout));
        var features = new FeatureStore(states, regions, clocks, supply, outdated, options.MaxSessions);
        var neighbours = new NeighbourExchange(board, states, regions, options.Regions.Count, number, options.Shards);
        var reader = new FeatureReader(features, states, clocks, neighbours);
        var forecasts = new ForecastDesk(
            options.ForecastLimits,
            reader,
            regions,
            models,
            inline: mode == EngineMode.Live ? null : options.Forecaster);
        if (now is not null)
        {
            _now = now;
            _deadline = options.TimeProvider.CreateTimer(_ => EndWaits(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        var parts = new LoopParts
            {
                Ring = Ring,
                Idle = _idle,
                Keys = Keys,
                States = states,
                Features = features,
                Reader = reader,
                Supply = supply,
                Neighbours = neighbours,
                Outdated = outdated,
                Forecasts = forecasts,
                Decisions = new DecisionMaker(options, states, features, reader, regions, products, models, forecasts, Differences, Book),
                Redemptions = new RedemptionTable(number == 0 ? options.MaxRedemptions : 0), // ShardSet sends all of them to the first.
                Pending = new PendingRequests(options.MaxWaitingRequests, options.MaxRegions),
                ArmDeadline = micros => _deadline?.Change(TimeSpan.FromMicroseconds(micros), Timeout.InfiniteTimeSpan),
                Watch = quality?.AddWatch(states, features, reader, forecasts),
                DirtyAfterEvents = options.DirtyAfterEvents,
            };
        _loop = new PricingLoop(parts, outputs, stopping);
        Reader = reader;
        Forecasts = forecasts;
        State = new LoopState(parts, _loop, regions, products, number, options.Shards);
        _thread = new Thread(() => Run(onFailure)) { IsBackground = true, Name = $"PricingCore loop {number}" };
    }

    public EventRing<AcceptedEvent> Ring { get; }

    public IdempotencyKeys Keys { get; }

    public QuoteBook Book { get; }

    /// <summary>How the prices of a roll-out's two models differ.</summary>
    public PriceDifferences Differences { get; } = new();

    /// <summary>The loop; only until it runs.</summary>
    public PricingLoop Loop => _loop;

    /// <summary>Saves and loads all that the loop holds; on the loop, or before it runs.</summary>
    public LoopState State { get; }

    /// <summary>Reads the features that the loop holds; on the loop, or before it runs.</summary>
    public FeatureReader Reader { get; }

    /// <summary>Where the loop has its forecasts from.</summary>
    public ForecastDesk Forecasts { get; }

    /// <summary>How the loop waits.</summary>
    public IdleWait Idle => _idle;

    public LoopCounters Counters => _loop.Counters;

    public void Start()
    {
        if (!_isStepped)
        {
            _thread.Start();
        }
    }

    /// <summary>Lets the loop know that there is something in the ring.</summary>
    public void Wake() => _idle.WakeIfSleeping();

    /// <summary>Waits for the loop to end, after it was told to stop.</summary>
    public void Join()
    {
        Wake();
        if (!_thread.ThreadState.HasFlag(ThreadState.Unstarted))
        {
            _thread.Join();
        }
    }

    public void Dispose()
    {
        _deadline?.Dispose();
        _idle.Dispose();
    }

    /// <summary>Tells the loop that a deadline has passed; soon again, when the ring is full.</summary>
    private void EndWaits()
    {
        if (Ring.TryPublish(AcceptedEvent.ForecastsDue(_now())))
        {
            Wake();
        }
        else
        {
            _deadline!.Change(TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
        }
    }

    private void Run(Action<Exception> onFailure)
    {
        try
        {
            _loop.Run();
        }
#pragma warning disable CA1031 // Whatever it is: the engine must learn that this loop is gone, and its waiters must not wait for ever.
        catch (Exception failure)
        {
            onFailure(failure);
        }
#pragma warning restore CA1031
    }
}
