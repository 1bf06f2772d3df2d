using PricingCore.Bench.Rivals;
using PricingCore.Bench.Workload;
using PricingCore.Load.Measuring;

namespace PricingCore.Load.Suites;

/// <summary>What a number of events cost: the check at the border and the rest apart, and bytes allocated on the thread.</summary>
internal readonly record struct EventCost(Spent Checking, Spent Applying, double Bytes);

/// <summary>An engine in a race over events.</summary>
internal interface IEventContender
{
    /// <summary>Takes in the next events of the stream.</summary>
    /// <returns>The cost of one event.</returns>
    EventCost Run(int events);
}

/// <summary>Gate and ring on one side, the loop on the other, in turns on one thread.</summary>
internal sealed class OurEvents(MarketStream stream, int eventsPerSecond, bool publishesRows) : IEventContender
{
    private readonly EventFeed _feed = new(stream, eventsPerSecond);

    public OneLoop Engine { get; } = new(stream, publishesRows);

    public long Now => _feed.Now;

    public EventCost Run(int events)
    {
        Spent checking = default;
        Spent applying = default;
        int done = 0;
        long bytes = GC.GetAllocatedBytesForCurrentThread();
        while (done < events)
        {
            _feed.Next();
            var clocks = Clocks.Start();
            for (int i = 0; i < _feed.Count; i++)
            {
                Engine.Publish(_feed.Events[i], _feed.Times[i]);
            }

            checking += clocks.Stop();
            if (_feed.IsTickDue)
            {
                Engine.Tick(_feed.Now);
            }

            clocks = Clocks.Start();
            Engine.Drain();
            applying += clocks.Stop();
            done += _feed.Count;
        }

        return new EventCost(checking.Per(done), applying.Per(done), (GC.GetAllocatedBytesForCurrentThread() - bytes) / (double)done);
    }
}

/// <summary>The naive engine, its check and its windows timed apart.</summary>
internal sealed class NaiveEvents(MarketStream stream, int eventsPerSecond) : IEventContender
{
    private readonly EventFeed _feed = new(stream, eventsPerSecond);

    public long Now => _feed.Now;

    public NaiveEngine Engine { get; } = new(MarketStream.Rules, stream.Neighbours);

    public EventCost Run(int events)
    {
        Spent checking = default;
        Spent applying = default;
        int done = 0;
        int refused = 0;
        long bytes = GC.GetAllocatedBytesForCurrentThread();
        while (done < events)
        {
            _feed.Next();
            var clocks = Clocks.Start();
            for (int i = 0; i < _feed.Count; i++)
            {
                refused += NaiveValidation.Check(_feed.Events[i], _feed.Times[i]) == 0 ? 0 : 1;
            }

            checking += clocks.Stop();
            clocks = Clocks.Start();
            for (int i = 0; i < _feed.Count; i++)
            {
                Engine.Apply(_feed.Events[i], _feed.Times[i]);
            }

            if (_feed.IsTickDue)
            {
                Engine.Tick(_feed.Now);
            }

            applying += clocks.Stop();
            done += _feed.Count;
        }

        if (refused > 0)
        {
            throw new InvalidOperationException($"The rival refused {refused} events.");
        }

        return new EventCost(checking.Per(done), applying.Per(done), (GC.GetAllocatedBytesForCurrentThread() - bytes) / (double)done);
    }
}

/// <summary>The naive engine with three windows only, for scale.</summary>
internal sealed class ThreeWindowEvents(MarketStream stream, int eventsPerSecond) : IEventContender
{
    private readonly EventFeed _feed = new(stream, eventsPerSecond);
    private readonly NaiveThreeWindows _engine = new();

    public EventCost Run(int events)
    {
        Spent applying = default;
        int done = 0;
        while (done < events)
        {
            _feed.Next();
            var clocks = Clocks.Start();
            for (int i = 0; i < _feed.Count; i++)
            {
                _engine.Apply(_feed.Events[i], _feed.Times[i]);
            }

            applying += clocks.Stop();
            done += _feed.Count;
        }

        return new EventCost(default, applying.Per(done), 0);
    }
}
