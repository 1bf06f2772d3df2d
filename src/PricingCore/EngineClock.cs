using PricingCore.Numerics;

namespace PricingCore;

/// <summary>The time of a live engine in microseconds, which does not go back when the clock does.</summary>
/// <threadsafety>Any thread.</threadsafety>
internal sealed class EngineClock(TimeProvider time)
{
    private const long LatestStepMicros = UnixMicros.PerSecond / 10; // Written rarely, since all publishers read it.

    private long _latest;

    /// <summary>The time now.</summary>
    public long Now
    {
        get
        {
            long now = UnixMicros.From(time.GetUtcNow());
            long latest = Volatile.Read(ref _latest);
            if (now <= latest)
            {
                return latest;
            }

            if (now - latest >= LatestStepMicros)
            {
                Volatile.Write(ref _latest, now); // Racing writers differ by less than a step.
            }

            return now;
        }
    }

    /// <summary>Goes on from a time that has been given out before, even if the clock is behind it. Before anybody reads it.</summary>
    public void StartAt(long micros) => _latest = micros;
}
