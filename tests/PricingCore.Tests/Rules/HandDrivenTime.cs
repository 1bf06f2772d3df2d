namespace PricingCore.Tests.Rules;

/// <summary>A clock that a test moves by hand; timers fire on the thread that moves it, so nothing needs to be waited for.</summary>
/// <remarks>Any thread may read it and change timers; one moves it.</remarks>
internal sealed class HandDrivenTime(DateTimeOffset start) : TimeProvider
{
    private readonly List<HandTimer> _timers = [];
    private readonly Lock _changing = new();

    private DateTimeOffset _now = start;

    public int LiveTimers => _timers.Count;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_changing)
        {
            return _now;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new HandTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        lock (_changing)
        {
            _timers.Add(timer);
        }

        return timer;
    }

    public void Advance(TimeSpan by)
    {
        DateTimeOffset end = GetUtcNow() + by;
        while (TakeNext(end) is HandTimer next)
        {
            next.Callback();
        }

        lock (_changing)
        {
            _now = end;
        }
    }

    private HandTimer? TakeNext(DateTimeOffset end)
    {
        lock (_changing)
        {
            HandTimer? next = _timers.Where(timer => timer.Due <= end).MinBy(timer => timer.Due);
            if (next is not null)
            {
                _now = next.Due > _now ? next.Due : _now;
                next.Due = next.Period > TimeSpan.Zero ? next.Due + next.Period : DateTimeOffset.MaxValue;
            }

            return next;
        }
    }

    private sealed class HandTimer(HandDrivenTime owner, Action callback) : ITimer
    {
        public Action Callback { get; } = callback;

        public DateTimeOffset Due { get; set; }

        public TimeSpan Period { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (owner._changing)
            {
                Period = period;
                Due = dueTime < TimeSpan.Zero ? DateTimeOffset.MaxValue : owner._now + dueTime; // Negative: not at all.
                return true;
            }
        }

        public void Dispose()
        {
            lock (owner._changing)
            {
                owner._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
