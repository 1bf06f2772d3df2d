using System.Diagnostics;
using System.Net;
using PricingCore.Bench.Workload;
using PricingCore.Client;
using PricingCore.Events;
using PricingCore.Numerics;

namespace PricingCore.Load.Scenarios;

/// <summary>Sends the benchmark's market by the binary protocol at a rate, a batch every few milliseconds, and does not wait for one before it sends the next.</summary>
/// <threadsafety>One run at a time.</threadsafety>
internal sealed class EventSender(int port, MarketStream stream) : IAsyncDisposable
{
    private const int MostUnanswered = 64;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(5);

    private readonly PricingClient _client = new(new PricingClientOptions { EndPoint = new IPEndPoint(IPAddress.Loopback, port) });
    private long _number;

    /// <summary>Events that were taken in.</summary>
    public long Taken { get; private set; }

    /// <summary>Events that were refused, or not answered.</summary>
    public long Refused { get; private set; }

    /// <summary>Sends for so long.</summary>
    public async Task RunAsync(double perSecond, double seconds)
    {
        (Taken, Refused) = (0, 0);
        var unanswered = new Queue<Task<Rejection[]>>();
        using var timer = new PeriodicTimer(Interval);
        long begin = Stopwatch.GetTimestamp();
        long sent = 0;
        for (double passed = 0; passed < seconds; passed = Stopwatch.GetElapsedTime(begin).TotalSeconds)
        {
            int due = (int)((long)(passed * perSecond) - sent);
            if (due > 0 && unanswered.Count < MostUnanswered)
            {
                unanswered.Enqueue(SendAsync(due));
                sent += due;
            }

            while (unanswered.TryPeek(out Task<Rejection[]>? oldest) && oldest.IsCompleted)
            {
                Count(await unanswered.Dequeue().ConfigureAwait(false));
            }

            await timer.WaitForNextTickAsync().ConfigureAwait(false);
        }

        foreach (Task<Rejection[]> last in unanswered)
        {
            Count(await last.ConfigureAwait(false));
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _client.DisposeAsync();

    private async Task<Rejection[]> SendAsync(int count)
    {
        long now = UnixMicros.From(DateTimeOffset.UtcNow);
        var events = new MarketEvent[count];
        for (int i = 0; i < count; i++)
        {
            events[i] = stream.At(_number++, now);
        }

        var outcomes = new Rejection[count];
        await _client.PublishAsync(events, outcomes).ConfigureAwait(false);
        return outcomes;
    }

    private void Count(Rejection[] outcomes)
    {
        long taken = outcomes.LongCount(outcome => outcome is Rejection.None or Rejection.Duplicate);
        Taken += taken;
        Refused += outcomes.Length - taken;
    }
}
