using System.Diagnostics;
using System.Globalization;
using PricingCore.Bench.Workload;
using PricingCore.Load.Measuring;
using PricingCore.Quotes;

namespace PricingCore.Load.Suites;

/// <summary>
/// Question: how long does a quote take that needs a new decision, at a rate that users set and not the engine?
/// Method: a model of 100 trees of depth 6 deployed, and forecasts that hold for a second, so that nearly every decision waits for one; 20,000 requests a second for 5 seconds, none for a region and product that was asked for before; from the planned time of sending to the
/// continuation after the await; and, to tell the machine's share from the engine's, from when it was really sent. Every answer is checked: what it is for, caps, and that it adds up.
/// <code>
/// pacer -> QuoteAsync -> ring -> loop: features -> queue -> inference thread -> ring -> loop: surge, book -> thread pool -> answer checked
/// </code>
/// </summary>
internal static class ColdLoad
{
    private const int Regions = 20_000; // At 20,000 a second each region comes up once a second: its last forecast is then too old.
    private const int MaxProducts = 30;

    public static IReadOnlyList<Measurement> Run(LoadOptions options)
    {
        int rate = options.Number("--rate", full: 20_000, brief: 20_000);
        int seconds = options.Number("--seconds", full: 5, brief: 2);
        int total = rate * seconds;
        int warmUp = Math.Min(rate, 2 * Regions);
        if (total + warmUp > Regions * MaxProducts)
        {
            throw new ArgumentException($"--rate times --seconds must not be above {(Regions * MaxProducts) - warmUp}: each request needs a region and product of its own.");
        }

        using var model = new TreeForecaster();
        var stream = new MarketStream(Regions);
        using var engine = new LiveEngine(stream, new PricingOptions
        {
            MaxRegions = Regions,
            MaxDecisions = 1_000_000,
            MaxWaitingRequests = 65_536,
            ForecastQueueCapacity = 65_536,
            RefreshQueueCapacity = 65_536,
            ForecastDeadline = TimeSpan.FromSeconds(10), // So that an answer that is late counts as late, and not as quick and from the baseline.
            ForecastValidity = TimeSpan.FromSeconds(1),
            Forecaster = model,
        });
        engine.PublishSome(200_000);
        QuoteRequest[] requests = [.. Enumerable.Range(0, total + warmUp).Select(i =>
            new QuoteRequest(stream.Regions[i % Regions].Id, "product-" + (i / Regions).ToString(CultureInfo.InvariantCulture)))];
        Ask(engine.Engine, requests.AsMemory(0, warmUp), rate);
        Round round = Ask(engine.Engine, requests.AsMemory(warmUp), rate);

        Console.WriteLine($"cold: {rate:N0}/s for {seconds} s, {round.Latencies.Count:N0} answers, each checked; sent late: {round.Late}");
        return [.. LatencyRows.Of("cold_quote", round.Latencies), .. LatencyRows.Of("cold_quote_from_sending", round.FromSending)];
    }

    private static Round Ask(PricingEngine engine, ReadOnlyMemory<QuoteRequest> requests, int rate)
    {
        var round = new Round(new Latencies(), new Latencies(), new Latencies());
        var answers = new Task[requests.Length];
        Latencies late = Pacer.Run(rate, requests.Length, (i, planned) => answers[i] = AskAsync(engine, requests.Span[i], planned, round));
        Task.WaitAll(answers); // Throws what a check threw.
        return round with { Late = late };
    }

    private static async Task AskAsync(PricingEngine engine, QuoteRequest request, long planned, Round round)
    {
        long sent = Stopwatch.GetTimestamp();
        Quote quote = await engine.QuoteAsync(request).ConfigureAwait(false);
        round.Latencies.Record(Pacer.NanosSince(planned));
        round.FromSending.Record(Pacer.NanosSince(sent));
        QuoteCheck.Demand(quote, request);
        if (quote.Cached)
        {
            throw new InvalidOperationException($"The quote for {request.RegionId}, {request.ProductType} was not cold.");
        }
    }

    private sealed record Round(Latencies Latencies, Latencies FromSending, Latencies Late);
}
