namespace PricingCore.Cli.Replay;

/// <summary>Holds a replay back to some times real time; as fast as possible unless a speed is given.</summary>
/// <param name="time">The clock and the timer.</param>
/// <param name="speed">Event seconds in a real second; null for no limit.</param>
internal sealed class Pace(TimeProvider time, double? speed)
{
    // Shorter waits are left to add up: a timer is no finer.
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(10);

    private DateTimeOffset? _firstEvent;
    private long _started;

    public ValueTask WaitUntilAsync(DateTimeOffset eventTime, CancellationToken cancellationToken)
    {
        if (speed is not { } factor)
        {
            return ValueTask.CompletedTask;
        }

        if (_firstEvent is null)
        {
            _firstEvent = eventTime;
            _started = time.GetTimestamp();
        }

        TimeSpan due = (eventTime - _firstEvent.Value) / factor;
        TimeSpan wait = due - time.GetElapsedTime(_started);
        return wait < ShortestWait ? ValueTask.CompletedTask : new ValueTask(Task.Delay(wait, time, cancellationToken));
    }
}
