using PricingCore.Forecasts;
using PricingCore.Money;
using PricingCore.Quotes;
using PricingCore.Rules;
using PricingCore.Surge;
using PricingCore.Tokens;

namespace PricingCore.Tests.Tokens;

/// <summary>Quotes and keys for tests.</summary>
internal static class SampleQuotes
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    public static QuoteKey Key(string id, byte seed = 1, DateTimeOffset? signsFrom = null, DateTimeOffset? until = null) =>
        new(id, Secret(seed), signsFrom, until);

    public static byte[] Secret(byte seed) => [.. Enumerable.Range(0, 32).Select(i => unchecked((byte)(seed + (7 * i))))];

    public static Quote Quote(
        string region = "midtown", string product = "standard", long minorUnits = 1_425, string currency = "USD", string? requestId = "r-1", DateTimeOffset? validUntil = null)
    {
        var rule = new PricingRule { BasePrice = new Amount(1_200, Currency.FromCode(currency)) };
        var decision = new SurgeDecision
        {
            RegionId = region,
            ProductType = product,
            Id = new DecisionId(0x0123456789abcdef, 0xfedcba9876543210),
            DecidedAt = Noon,
            HoldsUntil = Noon.AddSeconds(30),
            Outcome = default,
            Inputs = default,
            Forecast = default,
            ForecastSource = ForecastSource.Baseline,
            ModelVersion = "seasonal-naive",
            Rule = rule,
            RulesVersion = "1",
        };
        long validMicros = PricingCore.Numerics.UnixMicros.From(validUntil ?? Noon.AddMinutes(2));
        return new Quote(new QuoteRequest(region, product) { RequestId = requestId }, decision, 1_200, minorUnits, validMicros, cached: false);
    }

    public static string Sign(QuoteKeys keys, in Quote quote, DateTimeOffset? at = null, QuoteSigner? signer = null) =>
        QuoteSigner.Sign(quote, (signer ?? new QuoteSigner(1_000_000)).Offer(quote, keys, PricingCore.Numerics.UnixMicros.From(at ?? Noon)));
}
