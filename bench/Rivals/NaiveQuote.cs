using PricingCore.Features;
using PricingCore.Forecasts;
using PricingCore.Quotes;
using PricingCore.Rules;

namespace PricingCore.Bench.Rivals;

/// <summary>The answer of the naive engine: the fields of a quote, in double and decimal.</summary>
internal sealed class NaiveQuote(
    in QuoteRequest request, PricingRule rule, in Forecast forecast, in RegionSignals signals, in NaiveSurge surge,
    DateTimeOffset validUntil, long number, string rulesVersion)
{
    public QuoteRequest Request { get; } = request;

    public decimal BasePrice { get; } = rule.BasePrice.Major;

    public decimal Price { get; } = surge.Price(rule);

    public string Currency { get; } = rule.BasePrice.Currency.Code;

    public NaiveSurge Surge { get; } = surge;

    public Forecast Forecast { get; } = forecast;

    public RegionSignals Inputs { get; } = signals;

    public DateTimeOffset ValidUntil { get; } = validUntil;

    public long Number { get; } = number;

    public string RulesVersion { get; } = rulesVersion;

    public string ModelVersion { get; } = "naive";
}

/// <summary>The reference formula in double, with its clip; the price in decimal, rounded half away from zero within the caps.</summary>
internal readonly record struct NaiveSurge(double Multiplier, double Demand, double Supply, double Time, double Events)
{
    public static NaiveSurge Decide(PricingRule rule, in Forecast forecast, in RegionSignals signals)
    {
        double demand = rule.Weights.Demand / (1 + Math.Exp(rule.Threshold - forecast.DemandScore));
        double supply = forecast.ExpectedDemand > 0 ? rule.Weights.Supply / (1 + (signals.AvailableSupply / forecast.ExpectedDemand)) : 0;
        double time = rule.Weights.Time * rule.TimeMultipliers[signals.Hour];
        double events = rule.Weights.Events * (1 + (signals.NearbyEventScore * 0.5));
        double multiplier = Math.Clamp(
            1 + demand + supply + time + events, rule.MinMultiplier.Steps / 10_000d, rule.MaxMultiplier.Steps / 10_000d);
        return new NaiveSurge(multiplier, demand, supply, time, events);
    }

    public decimal Price(PricingRule rule)
    {
        decimal basePrice = rule.BasePrice.Major;
        decimal increment = (decimal)rule.IncrementMinorUnits / rule.BasePrice.Currency.MinorUnitsPerMajor;
        decimal cap = basePrice * rule.MaxMultiplier.Steps / 10_000m;
        decimal price = Math.Round(basePrice * (decimal)Multiplier / increment, MidpointRounding.AwayFromZero) * increment;
        return price > cap ? Math.Floor(cap / increment) * increment : price;
    }
}
