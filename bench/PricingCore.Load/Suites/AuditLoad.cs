using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using PricingCore.Audit;
using PricingCore.Load.Measuring;
using PricingCore.Money;
using PricingCore.Numerics;
using PricingCore.Quotes;
using PricingCore.Rules;
using PricingCore.Storage;
using PricingCore.Surge;

namespace PricingCore.Load.Suites;

/// <summary>
/// Question: does the audit log take 50,000 quotes a second and refuse none, at what cost; how many does it take at most; what does a quote
/// cost its caller; how many bytes does one take; how long does it take to find one among many?
/// Method: quotes with their own request and trace ids, paced in bursts of a millisecond by one thread, then as fast as one can, each after a
/// reservation that may be refused; the log writes to the disk that holds the temporary folder. CPU time is that of the process, the
/// caller's pacing included. For look-ups, ids drawn from all of them, each by a reader that keeps nothing between.
/// <code>
/// caller -> reserve -> copy -> queue -> encode, hash, write, sync      two threads, one disk
/// </code>
/// </summary>
internal static class AuditLoad
{
    private const int Ids = 1_048_576; // Then the heads begin again; the numbers behind them go on.
    private const int Lookups = 200;

    public static IReadOnlyList<Measurement> Run(LoadOptions options)
    {
        int rate = options.Number("--rate", full: 50_000, brief: 50_000);
        int seconds = options.Number("--seconds", full: 20, brief: 3);
        int quotes = options.Number("--quotes", full: 5_000_000, brief: 500_000);
        string folder = Path.Combine(options.Text("--folder") ?? Path.GetTempPath(), "pricingcore-audit-load");
        try
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true); // Of a run that was killed: its quotes would be counted as ours.
            }

            Directory.CreateDirectory(folder);
            return [.. Paced(Path.Combine(folder, "paced"), rate, seconds), .. Flooded(Path.Combine(folder, "flooded"), quotes)];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Measurement[] Paced(string folder, int rate, int seconds)
    {
        var market = new Market();
        using AuditLog log = Open(folder);
        long refused = 0;
        long sent = 0;
        long startedAt = Stopwatch.GetTimestamp();
        TimeSpan cpu = Process.GetCurrentProcess().TotalProcessorTime;
        for (long number = 0; Stopwatch.GetElapsedTime(startedAt).TotalSeconds < seconds;)
        {
            long due = (long)(Stopwatch.GetElapsedTime(startedAt).TotalSeconds * rate);
            for (; number < due; number++)
            {
                if (log.TryReserve())
                {
                    log.Record(market.Quote(number), Market.Start + number, "user-7");
                    sent++;
                }
                else
                {
                    refused++;
                }
            }

            Thread.Sleep(1);
        }

        double wall = Stopwatch.GetElapsedTime(startedAt).TotalSeconds;
        double share = (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds / wall;
        return Written(log, folder, sent)
            ? [
                new Measurement("audit_rate", sent / wall, "quotes/s") { Note = $"asked for {rate} a second for {seconds} s; {refused} refused" },
                new Measurement("audit_refused", refused, "quotes"),
                new Measurement("audit_cpu_share", share, "cores") { Note = "process, caller included" },
              ]
            : throw new InvalidOperationException("The log does not hold what was recorded.");
    }

    private static Measurement[] Flooded(string folder, int quotes)
    {
        var market = new Market();
        using AuditLog log = Open(folder);
        long refused = 0;
        long bytesAllocated = GC.GetAllocatedBytesForCurrentThread();
        TimeSpan cpu = Process.GetCurrentProcess().TotalProcessorTime;
        long startedAt = Stopwatch.GetTimestamp();
        for (int number = 0; number < quotes; number++)
        {
            while (!log.TryReserve())
            {
                refused++;
                Thread.Sleep(1); // The caller would be told to come again.
            }

            log.Record(market.Quote(number), Market.Start + number, "user-7");
        }

        bool isSafe = log.Flush(TimeSpan.FromMinutes(1));
        double wall = Stopwatch.GetElapsedTime(startedAt).TotalSeconds;
        double cpuNanos = (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalNanoseconds / quotes;
        double allocated = (GC.GetAllocatedBytesForCurrentThread() - bytesAllocated) / (double)quotes;
        if (!isSafe || !Written(log, folder, quotes))
        {
            throw new InvalidOperationException("The log does not hold what was recorded.");
        }

        long bytes = Directory.EnumerateFiles(folder).Sum(file => new FileInfo(file).Length);
        return
        [
            new Measurement("audit_most", quotes / wall, "quotes/s") { Note = $"one caller; {refused} times told to come again" },
            new Measurement("audit_cpu", cpuNanos, "ns/quote") { Note = "CPU of both threads" },
            new Measurement("audit_bytes", bytes / (double)quotes, "B/quote") { Note = "on disk, index included" },
            new Measurement("audit_allocated", allocated, "B/quote") { Note = "caller, its request ids included" },
            Found("audit_find", log.TryFindQuote, quotes, "in the process that writes, as Explain does"),
            Found("audit_find_beside", (string id, out AuditedQuote? quote) => new AuditReader(folder).TryFindQuote(id, out quote), quotes, "by a new reader each time, which scans the segment that is still open"),
        ];
    }

    private static Measurement Found(string name, FindQuote find, int quotes, string how)
    {
        var market = new Market();
        var millis = new double[Lookups];
        for (int i = 0; i < Lookups; i++)
        {
            long number = (long)((i + 0.5) / Lookups * quotes * 0.9);
            string id = market.RequestOf(number);
            long startedAt = Stopwatch.GetTimestamp();
            if (!find(id, out AuditedQuote? quote) || quote!.RequestId != id)
            {
                throw new InvalidOperationException($"{id} was not found.");
            }

            millis[i] = Stopwatch.GetElapsedTime(startedAt).TotalMilliseconds;
        }

        Array.Sort(millis);
        return new Measurement(name, millis[Lookups / 2], "ms") { Note = $"median of {Lookups} requests among {quotes} quotes, {how}; slowest {millis[^1]:0.00} ms" };
    }

    private delegate bool FindQuote(string requestId, out AuditedQuote? quote);

    private static bool Written(AuditLog log, string folder, long quotes) =>
        log.Flush(TimeSpan.FromMinutes(1)) && AuditCheck.Verify(folder) is { IsIntact: true } report && report.Quotes == quotes;

    private static AuditLog Open(string folder)
    {
        var log = new AuditLog(new AuditOptions { Directory = folder, Level = AuditLevel.Quote, UserKey = new byte[16] }, DiskFileStore.Instance, features: 64, NullLogger.Instance);
        log.Start(Market.Start);
        return log;
    }

    /// <summary>Quotes of one decision, with ids made before, so that making them is not measured.</summary>
    private sealed class Market
    {
        public const long Start = 1_780_000_000_000_000;

        private readonly SurgeDecision _decision = Decision();
        private readonly string[] _heads = [.. Enumerable.Range(0, Ids / 1_024).Select(i => SipHash.Public.Hash64($"head {i}").ToString("x16"))];
        private readonly Quote[] _quotes = new Quote[4_096];

        public string RequestOf(long number) => _heads[number / 1_024 % _heads.Length] + number.ToString("x16");

        public Quote Quote(long number)
        {
            // Ids are made in the caller, as a host would have them; the strings are the only allocation.
            var request = new QuoteRequest("zone-0117", "standard") { RequestId = RequestOf(number), TraceId = "4bf92f3577b34da6a3ce929d0e0e4736" };
            return _quotes[number & 4_095] = QuoteReader.Read(request, _decision, Start + number + 120_000_000, cached: true);
        }

        private static SurgeDecision Decision()
        {
            var rule = new PricingRule { BasePrice = Amount.FromMajor(12, Currency.FromCode("USD")) };
            var inputs = new SurgeInputs { DemandScore = 0.8, Demand = 30, AvailableSupply = 12, Hour = 17 };
            return new SurgeDecision
            {
                RegionId = "zone-0117",
                ProductType = "standard",
                Id = new DecisionId(1, 2),
                DecidedAt = UnixMicros.ToTime(Start),
                HoldsUntil = UnixMicros.ToTime(Start + 30_000_000),
                Outcome = SurgePolicy.Decide(rule, inputs),
                Inputs = inputs,
                Forecast = new Forecasts.Forecast(0.8f, 0.9f, 30, 10, 50, 15),
                ForecastSource = Forecasts.ForecastSource.Model,
                ModelVersion = "demand/1.0.0",
                Rule = rule,
                RulesVersion = "none",
                RulePriceMinorUnits = 1_500,
            };
        }
    }
}
