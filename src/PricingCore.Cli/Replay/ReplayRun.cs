using PricingCore.Cli.Replay.Answers;
using PricingCore.Cli.Replay.Evaluation;
using PricingCore.Cli.Replay.Input;
using PricingCore.Cli.Replay.Requests;
using PricingCore.Events;
using PricingCore.Money;
using PricingCore.Quotes;
using PricingCore.Replay;
using PricingCore.Rules;

namespace PricingCore.Cli.Replay;

/// <summary>Publishes events in order of receive time and answers each request from exactly the events received before it.</summary>
/// <threadsafety>One thread at a time.</threadsafety>
internal sealed class ReplayRun
{
    private const long MaxBaseMinorUnits = 1_000_000_000_000;

    /// <summary>The most requests asked before the first of them is answered.</summary>
    private const int MaxAsked = 256;

    private readonly IReplayEngine _engine;
    private readonly RejectLog _rejects;
    private readonly DroppedEvents _dropped;
    private readonly SortedDictionary<string, long> _refused = new(StringComparer.Ordinal);
    private readonly List<(ReplayRequest Request, long Asked, Task<ReplayAnswer> Pending)> _asked = new(MaxAsked);
    private long _accepted;
    private long _quotes;
    private DateTimeOffset? _first;
    private DateTimeOffset? _last;

    public ReplayRun(IReplayEngine engine, RejectLog rejects, DroppedEvents dropped)
    {
        _engine = engine;
        _rejects = rejects;
        _dropped = dropped;
    }

    /// <summary>Gives the base price of a request its currency.</summary>
    public required RuleSet Rules { get; init; }

    public required AnswerWriter Answers { get; init; }

    public required Pace Pace { get; init; }

    public required TimeProvider Time { get; init; }

    public bool WithFeatures { get; init; }

    /// <summary>The number of the requests file in the rejects.</summary>
    public int RequestsFile { get; init; }

    /// <summary>What else looks at every accepted event and every quote.</summary>
    public IReadOnlyList<IReplayObserver> Observers { get; init; } = [];

    /// <summary>Called now and then with the number of events so far.</summary>
    public Action<long>? OnProgress { get; init; }

    public async ValueTask<ReplaySummary> RunAsync(IEventReader events, IRequestSource requests, CancellationToken cancellationToken)
    {
        const int ProgressEvery = 16_384;
        long started = Time.GetTimestamp();
        long count = 0;
        while (await events.MoveNextAsync().ConfigureAwait(false))
        {
            SourceEvent next = events.Current;
            await AnswerDueAsync(requests, next.ReceivedAt, cancellationToken).ConfigureAwait(false);
            await Pace.WaitUntilAsync(next.ReceivedAt, cancellationToken).ConfigureAwait(false);
            if (_dropped.IsFull)
            {
                await DrainAsync().ConfigureAwait(false);
            }

            Publish(next, requests);
            if (++count % ProgressEvery == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                OnProgress?.Invoke(count);
            }
        }

        await AnswerDueAsync(requests, until: null, cancellationToken).ConfigureAwait(false);
        await DrainAsync().ConfigureAwait(false);
        return Summarise(Time.GetElapsedTime(started));
    }

    private void Publish(in SourceEvent next, IRequestSource requests)
    {
        Rejection rejection = _engine.Publish(next.Event, next.ReceivedAt, _dropped.Tag(next.File, next.Line));
        if (rejection != Rejection.None)
        {
            _rejects.Add(next.File, next.Line, new Problem(RejectReason.Of(rejection), RejectReason.Explain(rejection)));
            return;
        }

        _accepted++;
        _first ??= next.ReceivedAt;
        _last = next.ReceivedAt;
        requests.Saw(next.Event.RegionId, next.ReceivedAt);
        foreach (IReplayObserver observer in Observers)
        {
            observer.Published(next.Event);
        }
    }

    /// <summary>Answers the requests that are due; those before the same event are asked together, and answered in their order.</summary>
    /// <param name="requests">The requests.</param>
    /// <param name="until">The receive time of the next event; null after the last.</param>
    /// <param name="cancellationToken">Stops the waiting between paced requests.</param>
    private async ValueTask AnswerDueAsync(IRequestSource requests, DateTimeOffset? until, CancellationToken cancellationToken)
    {
        bool more = true;
        while (more)
        {
            while (_asked.Count < MaxAsked && (more = TryTake(requests, until, out ReplayRequest request)))
            {
                await Pace.WaitUntilAsync(request.At, cancellationToken).ConfigureAwait(false);
                Ask(request);
            }

            foreach ((ReplayRequest request, long asked, Task<ReplayAnswer> pending) in _asked)
            {
                ReplayAnswer answer = await pending.ConfigureAwait(false);
                Take(request, answer, Time.GetElapsedTime(asked));
            }

            _asked.Clear();
        }
    }

    private static bool TryTake(IRequestSource requests, DateTimeOffset? until, out ReplayRequest request) =>
        until is { } time ? requests.TryTake(time, out request) : requests.TryTakeRest(out request);

    private void Ask(in ReplayRequest request)
    {
        if (!TryFindBasePrice(request, out long? baseMinorUnits, out Problem problem))
        {
            _rejects.Add(RequestsFile, request.Line, problem);
            return;
        }

        var question = new QuoteRequest(request.RegionId, request.ProductType) { BaseMinorUnits = baseMinorUnits, RequestId = request.RequestId };
        long asked = Time.GetTimestamp();
        _asked.Add((request, asked, _engine.AskAsync(question, request.At, WithFeatures).AsTask()));
    }

    private void Take(in ReplayRequest request, in ReplayAnswer answer, TimeSpan took)
    {
        Answers.Write(request, answer);
        if (answer.Refusal != QuoteRefusal.None)
        {
            string reason = AnswerWriter.NameOf(answer.Refusal);
            _refused[reason] = _refused.GetValueOrDefault(reason) + 1;
            return;
        }

        _quotes++;
        foreach (IReplayObserver observer in Observers)
        {
            observer.Answered(request, answer.Quote, took);
        }
    }

    /// <summary>The base price in minor units of the currency of the rule that covers the request.</summary>
    private bool TryFindBasePrice(in ReplayRequest request, out long? minorUnits, out Problem problem)
    {
        minorUnits = null;
        problem = default;
        if (request.BasePrice is not { } major || Rules.Find(request.RegionId, request.ProductType, request.At) is not { } rule)
        {
            return true; // Without a rule the engine refuses, and says so in the answer.
        }

        if (major is < 0 or > MaxBaseMinorUnits)
        {
            problem = new Problem(RejectReason.NumberOutOfRange, "base_price must be from 0 to 1,000,000,000,000 minor units");
            return false;
        }

        try
        {
            minorUnits = Amount.FromMajor(major, rule.BasePrice.Currency).MinorUnits;
            return true;
        }
        catch (ArgumentException exception)
        {
            problem = new Problem(RejectReason.InvalidNumber, $"base_price: {exception.Message}");
            return false;
        }
    }

    private async ValueTask DrainAsync()
    {
        await _engine.DrainAsync().ConfigureAwait(false);
        _accepted -= _dropped.Report();
    }

    private ReplaySummary Summarise(TimeSpan elapsed)
    {
        EngineStatistics statistics = _engine.Statistics;
        return new ReplaySummary
        {
            Accepted = _accepted,
            Duplicate = _rejects.Duplicates,
            Late = statistics.Late,
            Rejected = _rejects.Counts,
            Skipped = _rejects.Skipped,
            Regions = statistics.Regions,
            Quotes = _quotes,
            Refused = _refused,
            FirstEvent = _first,
            LastEvent = _last,
            Elapsed = elapsed,
            Broken = _rejects.Broken,
        };
    }
}
