using PricingCore.Events;

namespace PricingCore;

/// <content>How an engine begins where its journal ends, and what it refuses while nothing can be stored.</content>
internal sealed partial class EngineCore
{
    /// <summary>Why nothing can be accepted; <see cref="Rejection.None"/> when it can.</summary>
    public Rejection Unavailable => _isClosed ? Rejection.Stopped : _journal is { Refuses: true } ? Rejection.JournalUnavailable : Rejection.None;

    /// <summary>The latest time that the loops have seen.</summary>
    public long RecoveredUntil => _shards.LatestTime;

    /// <summary>Handles again what a journal holds. Before <see cref="Begin"/>.</summary>
    /// <param name="now">The time of the clock, in microseconds.</param>
    public void Recover(long now = 0)
    {
        try
        {
            _audit?.Start(now);
            _journal?.Recover();
            _audit?.BeginLive();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Lets the loops run, by the rules of the options if there are any and they are not in force yet.</summary>
    public void Begin(long now = 0)
    {
        bool publishes = _journal is not null && _options.Rules is { } rules && !_shards.AllFollow(rules);
        _journal?.Start();
        _shards.CountTicksFrom(now);
        _shards.Start();
        if (publishes)
        {
            _ = PublishRulesAsync(_options.Rules!, now).GetAwaiter().GetResult();
        }
    }

    /// <summary>Tells every loop what time it is; <see langword="false"/>, and none is told, when a ring is full.</summary>
    public bool TryTick(long now)
    {
        if (_journal is { Refuses: true })
        {
            return true; // A tick that cannot be stored only fills the ring.
        }

        AcceptedEvent tick = AcceptedEvent.Tick(now);
        bool takesSnapshot = _journal?.Snapshots?.TryBegin(now) == true;
        tick.Flags |= takesSnapshot ? AcceptedEventFlags.TakesSnapshot : AcceptedEventFlags.None;
        bool isIn = _shards.TryEnterAll(tick);
        if (takesSnapshot && !isIn)
        {
            _journal!.Snapshots!.TakeBack();
        }

        return isIn;
    }
}
