namespace PricingCore.Cli.Replay.Input;

/// <summary>Gives the events of one file receive times that never decrease: the order of the file is the order of arrival.</summary>
/// <remarks>
/// A receive time earlier than one before it becomes that one. So that a single wrong time does not drag everything
/// behind it into the future, an event more than a day ahead of the one before it is rejected when one of the next
/// eight events lies more than a day before it again. A first event is also rejected when all that follow it
/// within eight are more than a year later.
/// </remarks>
internal sealed class ArrivalOrder(IEventReader events, RejectLog rejects) : IEventReader
{
    private const int LookAhead = 8;
    private static readonly TimeSpan Leap = TimeSpan.FromDays(1);
    private static readonly TimeSpan FirstGap = TimeSpan.FromDays(366);

    private readonly Queue<SourceEvent> _ahead = new(LookAhead);
    private DateTimeOffset _latest = DateTimeOffset.MaxValue;
    private bool _ended;

    public SourceEvent Current { get; private set; }

    public ValueTask<bool> MoveNextAsync()
    {
        if (_ahead.Count > 0 || _ended)
        {
            return MoveSlowlyAsync();
        }

        ValueTask<bool> move = events.MoveNextAsync();
        if (!move.IsCompletedSuccessfully)
        {
            return AwaitAsync(move);
        }

        if (move.Result)
        {
            return Accept(events.Current) ? new ValueTask<bool>(true) : MoveSlowlyAsync();
        }

        _ended = true;
        return new ValueTask<bool>(false);
    }

    public ValueTask DisposeAsync() => events.DisposeAsync();

    private async ValueTask<bool> AwaitAsync(ValueTask<bool> move)
    {
        _ended = !await move.ConfigureAwait(false);
        return !_ended && (Accept(events.Current) || await MoveSlowlyAsync().ConfigureAwait(false));
    }

    /// <summary>Takes the event unless it leaps ahead; then it becomes the first of the queue.</summary>
    private bool Accept(in SourceEvent found)
    {
        if (found.ReceivedAt > Ceiling())
        {
            _ahead.Enqueue(found);
            return false;
        }

        Take(found);
        return true;
    }

    private async ValueTask<bool> MoveSlowlyAsync()
    {
        while (true)
        {
            if (_ahead.Count == 0 && !await ReadAheadAsync().ConfigureAwait(false))
            {
                return false;
            }

            SourceEvent first = _ahead.Peek();
            if (first.ReceivedAt <= Ceiling())
            {
                Take(_ahead.Dequeue());
                return true;
            }

            while (_ahead.Count <= LookAhead && await ReadAheadAsync().ConfigureAwait(false))
            {
            }

            _ahead.Dequeue();
            if (!LiesAhead(first) && !LiesFarBehind(first))
            {
                Take(first);
                return true;
            }

            rejects.Add(
                first.File,
                first.Line,
                new Problem(RejectReason.TimeLeap, $"received at {first.ReceivedAt:yyyy-MM-ddTHH:mm:ssZ}, far from the events around it"));
        }
    }

    private bool LiesAhead(SourceEvent found) => _ahead.Any(later => found.ReceivedAt - later.ReceivedAt > Leap);

    /// <summary>Whether this is the first event, and everything that follows is more than a year later.</summary>
    private bool LiesFarBehind(SourceEvent found) =>
        _latest == DateTimeOffset.MaxValue && _ahead.Count > 1 && _ahead.All(later => later.ReceivedAt - found.ReceivedAt > FirstGap);

    private async ValueTask<bool> ReadAheadAsync()
    {
        if (_ended || !await events.MoveNextAsync().ConfigureAwait(false))
        {
            _ended = true;
            return false;
        }

        _ahead.Enqueue(events.Current);
        return true;
    }

    private void Take(in SourceEvent found)
    {
        bool first = _latest == DateTimeOffset.MaxValue;
        _latest = first || found.ReceivedAt > _latest ? found.ReceivedAt : _latest;
        Current = found with { ReceivedAt = _latest };
    }

    // The first event has none before it, so it is always looked at together with those behind it.
    private DateTimeOffset Ceiling() => _latest == DateTimeOffset.MaxValue ? DateTimeOffset.MinValue : _latest + Leap;
}
