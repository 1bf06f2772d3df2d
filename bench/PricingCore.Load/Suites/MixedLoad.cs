using PricingCore.Bench.Workload;
using PricingCore.Events;
using PricingCore.Load.Measuring;
using PricingCore.Numerics;
using PricingCore.Quotes;

namespace PricingCore.Load.Suites;

/// <summary>
/// Question: do prices stay quick while events pour in, and is nothing lost or wrong?
/// Method: events and quotes at fixed rates from one pacing thread, on an engine with its own threads. A quote that is not in the book is awaited.
/// Every 64th quote is checked; in the end, as many events must have been applied as were accepted.
/// <code>
/// pacer -> TryPublish -> ring -> loop -> book
///       -> TryQuote -------------> book             (a miss: QuoteAsync)
/// </code>
/// </summary>
internal static class MixedLoad
{
    private const int Regions = 1_000;
    private const int CheckedEach = 64;

    public static IReadOnlyList<Measurement> Run(LoadOptions options)
    {
        int events = options.Number("--events-per-second", full: 200_000, brief: 200_000);
        int quotes = options.Number("--quotes-per-second", full: 200_000, brief: 200_000);
        int seconds = options.Number("--seconds", full: 5, brief: 2);
        var stream = new MarketStream(Regions);
        using var live = new LiveEngine(stream, new PricingOptions());
        live.PublishSome(50_000);
        QuoteRequest[] requests = [.. stream.Regions.Select(region => new QuoteRequest(region.Id))];
        live.Decide(requests);

        var warmUp = new Traffic(stream, live.Engine, requests, events, quotes);
        Pacer.Run(events + quotes, events + quotes, warmUp.Act);
        var traffic = new Traffic(stream, live.Engine, requests, events, quotes);
        Latencies late = Pacer.Run(events + quotes, (events + quotes) * seconds, traffic.Act);
        Task.WaitAll([.. warmUp.Misses, .. traffic.Misses]);
        live.WaitUntilApplied(50_000 + warmUp.Accepted + traffic.Accepted);

        Console.WriteLine($"mixed: {events:N0} events/s and {quotes:N0} quotes/s for {seconds} s; {traffic.Accepted:N0} events accepted and all applied, {traffic.Busy:N0} refused as busy; {traffic.Publishing.Count + traffic.Reading.Count:N0} timed; sent late: {late}");
        return
        [
            .. LatencyRows.Of("mixed_publish", traffic.Publishing),
            .. LatencyRows.Of("mixed_quote", traffic.Reading),
            new Measurement("mixed_misses", traffic.Misses.Count, "quotes") { Note = "awaited: the decision had ended or was dropped; in the percentiles of quotes" },
        ];
    }

    private sealed class Traffic(MarketStream stream, PricingEngine engine, QuoteRequest[] requests, int events, int quotes)
    {
        private int _debt; // Deals events and quotes out in proportion.

        public Latencies Publishing { get; } = new();

        public Latencies Reading { get; } = new();

        public List<Task> Misses { get; } = [];

        public long Accepted { get; private set; }

        public long Busy { get; private set; }

        public void Act(int number, long planned)
        {
            _debt += events;
            if (_debt >= events + quotes)
            {
                _debt -= events + quotes;
                Publish(number, planned);
            }
            else
            {
                Read(number, planned);
            }
        }

        private void Publish(int number, long planned)
        {
            MarketEvent e = stream.At(number, UnixMicros.From(TimeProvider.System.GetUtcNow()));
            if (engine.TryPublish(e, out Rejection rejection))
            {
                Accepted++;
            }
            else if (rejection == Rejection.Busy)
            {
                Busy++;
            }
            else
            {
                throw new InvalidOperationException($"An event was refused: {rejection}.");
            }

            Publishing.Record(Pacer.NanosSince(planned));
        }

        private void Read(int number, long planned)
        {
            QuoteRequest request = requests[number % requests.Length];
            if (!engine.TryQuote(request, out Quote quote))
            {
                Misses.Add(AwaitAsync(request, planned));
                return;
            }

            Reading.Record(Pacer.NanosSince(planned));
            if (number % CheckedEach < 2)
            {
                QuoteCheck.Demand(quote, request);
            }
        }

        private async Task AwaitAsync(QuoteRequest request, long planned)
        {
            Quote quote = await engine.QuoteAsync(request).ConfigureAwait(false);
            Reading.Record(Pacer.NanosSince(planned));
            QuoteCheck.Demand(quote, request);
        }
    }
}
