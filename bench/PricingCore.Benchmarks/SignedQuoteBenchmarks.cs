using System.Security.Cryptography;
using System.Text;
using BenchmarkDotNet.Attributes;
using PricingCore.Forecasts;
using PricingCore.Money;
using PricingCore.Numerics;
using PricingCore.Quotes;
using PricingCore.Rules;
using PricingCore.Surge;
using PricingCore.Tokens;

namespace PricingCore.Benchmarks;

/// <summary>
/// Question: what does signing a quote cost, and checking a token?
/// Baseline: the BCL's HMAC-SHA-256 over the same number of bytes in one call, which sets the key up each time; no token is made of it.
/// </summary>
[MemoryDiagnoser(displayGenColumns: false)]
public class SignedQuoteBenchmarks
{
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    private readonly byte[] _secret = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private readonly byte[] _hash = new byte[32];
    private readonly QuoteSigner _signer = new(1);
    private readonly RedemptionTable _table = new(262_144);
    private byte[] _bytes = [];
    private QuoteKeys _keys = null!;
    private Quote _quote;
    private string _token = "";
    private string _forged = "";
    private ulong _redeemed;

    [GlobalSetup]
    public void SetUp()
    {
        _keys = new QuoteKeys(new QuoteKey("2026-03", _secret));
        var decision = new SurgeDecision
        {
            RegionId = "manhattan-midtown",
            ProductType = "standard",
            Id = new DecisionId(1, 2),
            DecidedAt = Now,
            HoldsUntil = Now.AddSeconds(30),
            Outcome = default,
            Inputs = default,
            Forecast = default,
            ForecastSource = ForecastSource.Baseline,
            ModelVersion = "seasonal-naive",
            Rule = new PricingRule { BasePrice = new Amount(1_200, Currency.FromCode("USD")) },
            RulesVersion = "1",
        };
        var request = new QuoteRequest(decision.RegionId) { RequestId = "0b0d9d52-9a3e-4c58-8a77-0d8e2d5c6a10" };
        _quote = new Quote(request, decision, 1_200, 1_425, UnixMicros.From(Now.AddMinutes(2)), cached: false);
        _token = QuoteSigner.Sign(_quote, _signer.Offer(_quote, _keys, UnixMicros.From(Now)));
        _forged = _token[..^4] + "AAAA";
        _bytes = Encoding.ASCII.GetBytes(_token)[..(_token.Length * 3 / 4)];
    }

    [Benchmark(Baseline = true)]
    public int HashOnly() => HMACSHA256.HashData(_secret, _bytes, _hash);

    [Benchmark]
    public string Sign() => QuoteSigner.Sign(_quote, _signer.Offer(_quote, _keys, UnixMicros.From(Now)));

    [Benchmark]
    public TokenVerdict Verify() => QuoteToken.Verify(_token, _keys, Now, TimeSpan.Zero, out _);

    [Benchmark]
    public TokenVerdict VerifyForged() => QuoteToken.Verify(_forged, _keys, Now, TimeSpan.Zero, out _);

    [Benchmark]
    public TokenVerdict VerifyNoToken() => QuoteToken.Verify("hello", _keys, Now, TimeSpan.Zero, out _);

    /// <summary>What a redemption costs the loop, in a table that stays three quarters full.</summary>
    [Benchmark]
    public bool Redeem()
    {
        const long Micros = 1_000; // 1,000 a second, remembered for 196 seconds.
        long now = (long)++_redeemed * Micros;
        var record = Events.AcceptedEvent.QuoteRedeemed(
            Events.AcceptedEvent.EveryRegion, new UInt128(_redeemed, unchecked(_redeemed * 0x9E3779B97F4A7C15)), 1, now + 136_000_000, 0, now, 0);
        return _table.Apply(record, now).Outcome == RedemptionOutcome.Redeemed;
    }
}
