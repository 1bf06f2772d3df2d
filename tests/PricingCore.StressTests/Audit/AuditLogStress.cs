using Microsoft.Extensions.Logging.Abstractions;
using PricingCore.Audit;
using PricingCore.Forecasts;
using PricingCore.Money;
using PricingCore.Numerics;
using PricingCore.Quotes;
using PricingCore.Rules;
using PricingCore.Storage;
using PricingCore.Surge;

namespace PricingCore.StressTests.Audit;

/// <summary>
/// Goal: under contention, with a queue that is mostly full, every quote whose place was reserved is in the log once and whole, and no other.
/// Method: threads reserve, and record quotes or give the place back, on a log with 64 places and segments of 64 KiB;
/// then every request id is counted in the log, and the log is checked.
/// Forbidden: an id that is missing, doubled, or with another's price; a place that is not free in the end.
/// Control: a slot's turn written before its entry was seen to fail in two of three runs; what else can go wrong in the queue is for <see cref="AuditQueueStress"/>.
/// </summary>
[Trait("Kind", "Stress")]
public sealed class AuditLogStress
{
    private const long Start = 1_780_000_000_000_000;
    private const int PerThread = 30_000;

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task RecordsEveryQuoteOnce_AndRefusesWhatDoesNotFit(int threads)
    {
        string folder = Directory.CreateTempSubdirectory("pricingcore-audit-").FullName;
        try
        {
            long refused = 0;
            var log = new AuditLog(
                new AuditOptions { Directory = folder, Level = AuditLevel.Quote, RingCapacity = 64, SegmentBytes = 65_536, FlushInterval = TimeSpan.FromMilliseconds(1) },
                DiskFileStore.Instance, features: 0, NullLogger.Instance);
            log.Start(Start);
            SurgeDecision decision = Decision();
            using var start = new Barrier(threads);

            await Task.WhenAll(Enumerable.Range(0, threads).Select(thread => Task.Factory.StartNew(() =>
            {
                start.SignalAndWait();
                for (int number = 0; number < PerThread / threads; number++)
                {
                    SpinWait spin = default;
                    while (!log.TryReserve())
                    {
                        Interlocked.Increment(ref refused);
                        spin.SpinOnce();
                    }

                    if (number % 7 == 3)
                    {
                        log.Release();
                        continue;
                    }

                    var request = new QuoteRequest("zone", "standard") { RequestId = $"{thread}-{number}", BaseMinorUnits = (thread * 1_000_000) + number };
                    log.Record(QuoteReader.Read(request, decision, Start + 1, cached: true), Start + number);
                }
            }, TaskCreationOptions.LongRunning)));

            Assert.True(log.Flush(TimeSpan.FromSeconds(30)));
            Assert.Equal(0, log.Taken);
            Assert.True(log.TryFindQuote("0-0", out _));
            log.Dispose();

            Assert.True(refused > 0, "The queue was never full, so this has shown nothing.");
            Assert.Empty(AuditCheck.Verify(folder).Faults);
            var quotes = new AuditReader(folder).ReadQuotes().ToDictionary(quote => quote.RequestId!);
            int expected = 0;
            for (int thread = 0; thread < threads; thread++)
            {
                for (int number = 0; number < PerThread / threads; number++)
                {
                    if (number % 7 != 3)
                    {
                        expected++;
                        Assert.Equal((thread * 1_000_000) + number, quotes[$"{thread}-{number}"].BaseMinorUnits);
                    }
                }
            }

            Assert.Equal(expected, quotes.Count);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static SurgeDecision Decision()
    {
        var rule = new PricingRule { BasePrice = Amount.FromMajor(12, Currency.FromCode("USD")) };
        var inputs = new SurgeInputs { DemandScore = 0.8, Demand = 30, AvailableSupply = 12, Hour = 17 };
        return new SurgeDecision
        {
            RegionId = "zone",
            ProductType = "standard",
            Id = new DecisionId(1, 2),
            DecidedAt = UnixMicros.ToTime(Start),
            HoldsUntil = UnixMicros.ToTime(Start + 30_000_000),
            Outcome = SurgePolicy.Decide(rule, inputs),
            Inputs = inputs,
            Forecast = new Forecast(0.8f, 0.9f, 30, 10, 50, 15),
            ForecastSource = ForecastSource.Model,
            ModelVersion = "demand/1.0.0",
            Rule = rule,
            RulesVersion = "none",
        };
    }
}
