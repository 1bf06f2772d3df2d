using BenchmarkDotNet.Attributes;
using PricingCore.Bench.Rivals;
using PricingCore.Bench.Workload;
using PricingCore.Features;
using PricingCore.Forecasts;
using PricingCore.Quotes;
using PricingCore.Rules;
using PricingCore.Surge;

namespace PricingCore.Benchmarks;

/// <summary>
/// Question: what does deciding a multiplier, with all its limits and factors that add up, and pricing by it cost?
/// Baseline: the same formula in double with a clip, and the price in decimal: no limits, no exact factors.
/// </summary>
[MemoryDiagnoser(displayGenColumns: false)]
public class SurgeBenchmarks
{
    private const int Markets = 64;

    private readonly PricingRule _rule = MarketStream.Rules.Find("zone", "standard", DateTimeOffset.UnixEpoch)!;
    private readonly SurgeInputs[] _inputs = new SurgeInputs[Markets];
    private readonly Forecast[] _forecasts = new Forecast[Markets];
    private readonly RegionSignals[] _signals = new RegionSignals[Markets];

    [GlobalSetup]
    public void SetUp()
    {
        for (int i = 0; i < Markets; i++)
        {
            float score = i / (float)Markets;
            _forecasts[i] = new Forecast(score, 0.5f, i, 0, 2 * i, 15);
            _signals[i] = new RegionSignals { AvailableSupply = Markets - i, Hour = i % 24, NearbyEventScore = score / 2 };
            _inputs[i] = new SurgeInputs
            {
                DemandScore = score,
                Demand = i,
                AvailableSupply = Markets - i,
                Hour = i % 24,
                NearbyEventScore = score / 2,
                PreviousSteps = 15_000,
                SincePreviousMicros = 30_000_000,
            };
        }
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Markets)]
    public decimal DoubleAndDecimal()
    {
        decimal sum = 0;
        for (int i = 0; i < Markets; i++)
        {
            sum += NaiveSurge.Decide(_rule, _forecasts[i], _signals[i]).Price(_rule);
        }

        return sum;
    }

    [Benchmark(OperationsPerInvoke = Markets)]
    public long DecideAndPrice()
    {
        long sum = 0;
        for (int i = 0; i < Markets; i++)
        {
            SurgeOutcome outcome = SurgePolicy.Decide(_rule, _inputs[i]);
            sum += QuotePrice.Of(_rule, _rule.BasePrice.MinorUnits, outcome.Multiplier);
        }

        return sum;
    }
}
