namespace PricingCore.Tests.Rules;

/// <summary>A clock that a test moves by hand; timers fire on the thread that moves it, so nothing needs to be waited for.</summary>
internal sealed class HandDrivenTime(DateTimeOffset start) : TimeProvider
{
    private readonly List<HandTimer> _timers = [];

    private DateTimeOffset _now = start;

    public int LiveTimers => _timers.Count;

    public override DateTimeOffset GetUtcNow() => _now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new HandTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        _timers.Add(timer);
        return timer;
    }

    public void Advance(TimeSpan by)
    {
        DateTimeOffset end = _now + by;
        while (_timers.Where(timer => timer.Due <= end).MinBy(timer => timer.Due) is HandTimer next)
        {
            _now = next.Due;
            next.Fire();
        }

        _now = end;
    }

    private sealed class HandTimer(HandDrivenTime owner, Action callback) : ITimer
    {
        private TimeSpan _period;

        public DateTimeOffset Due { get; private set; }

        public void Fire()
        {
            Due = _period > TimeSpan.Zero ? Due + _period : DateTimeOffset.MaxValue;
            callback();
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            (Due, _period) = (owner._now + dueTime, period);
            return true;
        }

        public void Dispose() => owner._timers.Remove(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
