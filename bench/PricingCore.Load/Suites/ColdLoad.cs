using System.Diagnostics;
using System.Globalization;
using PricingCore.Bench.Workload;
using PricingCore.Forecasts;
using PricingCore.Load.Measuring;
using PricingCore.Quotes;

namespace PricingCore.Load.Suites;

/// <summary>
/// Question: how long does a quote take that needs a new decision and a new forecast, at a rate that users set and not the engine?
/// Method: a model of 100 trees of depth 6 deployed; each region asked for every 1.5 seconds, by when the book of 10,000 decisions has dropped its last decision and its forecast, which holds for
/// a second, is too old: so every quote waits for both. 20,000
/// requests a second for 5 seconds; from the planned time of sending to the continuation after the await; and, to tell the machine's share from the engine's, from when it was really
/// sent. Every answer is checked: that it is new, by the model, what it is for, caps, and that it adds up.
/// <code>
/// pacer -> QuoteAsync -> ring -> loop: features -> queue -> inference thread -> ring -> loop: surge, book -> thread pool -> answer checked
/// </code>
/// </summary>
internal static class ColdLoad
{
    private const double SecondsBetween = 1.5;

    public static IReadOnlyList<Measurement> Run(LoadOptions options)
    {
        int rate = options.Number("--rate", full: 20_000, brief: 20_000);
        int seconds = options.Number("--seconds", full: 5, brief: 2);
        int total = rate * seconds;
        int regions = (int)(rate * SecondsBetween);
        using var model = new TreeForecaster();
        var stream = new MarketStream(regions);
        using var engine = new LiveEngine(stream, new PricingOptions
        {
            MaxRegions = regions,
            MaxWaitingRequests = 65_536,
            ForecastQueueCapacity = 65_536,
            RefreshQueueCapacity = 65_536,
            ForecastDeadline = TimeSpan.FromSeconds(10), // So that an answer that is late counts as late, and not as quick and from the baseline.
            ForecastValidity = TimeSpan.FromSeconds(1),
            Forecaster = model,
        });
        engine.PublishSome(200_000);
        engine.SearchEverywhere();
        QuoteRequest[] requests = [.. stream.Regions.Select(region => new QuoteRequest(region.Id))];
        Ask(engine.Engine, requests, 2 * regions, rate);
        (TimeSpan pausedBefore, int collectionsBefore) = (GC.GetTotalPauseDuration(), GC.CollectionCount(0));
        Round round = Ask(engine.Engine, requests, total, rate);
        if (round.Latencies.Count < total * 0.9)
        {
            throw new InvalidOperationException($"Only {round.Latencies.Count} of {total} quotes were cold: the machine is too slow or too busy for this rate.");
        }

        string pauses = string.Create(CultureInfo.InvariantCulture, $"{(GC.GetTotalPauseDuration() - pausedBefore).TotalMilliseconds:F0} ms in {GC.CollectionCount(0) - collectionsBefore} collections of garbage");

        Console.WriteLine($"cold: {rate:N0}/s for {seconds} s, {round.Latencies.Count:N0} answers, each checked; sent late: {round.Late}; paused {pauses}");
        return [.. LatencyRows.Of("cold_quote", round.Latencies), .. LatencyRows.Of("cold_quote_from_sending", round.FromSending)];
    }

    private static Round Ask(PricingEngine engine, QuoteRequest[] requests, int count, int rate)
    {
        var round = new Round();
        Latencies late = Pacer.Run(rate, count, (i, planned) => _ = AskAsync(engine, requests[i % requests.Length], planned, round));
        if (!SpinWait.SpinUntil(() => round.Answered == count, TimeSpan.FromSeconds(30)) || round.Failure is not null)
        {
            throw new InvalidOperationException(round.Failure?.Message ?? $"Of {count} requests {round.Answered} were answered.");
        }

        round.Late = late;
        return round;
    }

    private static async Task AskAsync(PricingEngine engine, QuoteRequest request, long planned, Round round)
    {
        try
        {
            long sent = Stopwatch.GetTimestamp();
            Quote quote = await engine.QuoteAsync(request).ConfigureAwait(false);
            if (!quote.Cached) // The decision before came late, so that it still held: not counted.
            {
                round.Latencies.Record(Pacer.NanosSince(planned));
                round.FromSending.Record(Pacer.NanosSince(sent));
            }

            QuoteCheck.Demand(quote, request);
            if (quote.Decision.ForecastSource != ForecastSource.Model)
            {
                throw new InvalidOperationException($"The quote for {request.RegionId} is not the model's but {quote.Decision.ForecastSource}.");
            }
        }
        catch (Exception failure) when (failure is InvalidOperationException or QuoteRefusedException)
        {
            round.Failure = failure;
        }

        round.Count();
    }

    /// <summary>What came of a plan. It keeps no answer: what it kept, each collection of garbage would have to copy.</summary>
    private sealed class Round
    {
        private int _answered;

        public Latencies Latencies { get; } = new();

        public Latencies FromSending { get; } = new();

        public Latencies Late { get; set; } = new();

        public Exception? Failure { get; set; }

        public int Answered => Volatile.Read(ref _answered);

        public void Count() => Interlocked.Increment(ref _answered);
    }
}
