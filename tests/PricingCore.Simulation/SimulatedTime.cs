using PricingCore.Numerics;

namespace PricingCore.Simulation;

/// <summary>The clock of a simulation. Its timers never fire: ticks are put in by hand, and deadlines of models do not come up.</summary>
internal sealed class SimulatedTime : TimeProvider
{
    private static readonly DateTimeOffset Beginning = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    /// <summary>The time, in microseconds since 1970.</summary>
    public long Micros { get; private set; } = UnixMicros.From(Beginning);

    public void Advance(long micros) => Micros += micros;

    public override DateTimeOffset GetUtcNow() => UnixMicros.ToTime(Micros);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new NoTimer();

    private sealed class NoTimer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
