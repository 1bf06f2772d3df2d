using PricingCore.Forecasts;
using PricingCore.Forecasts.Rollouts;
using PricingCore.Numerics;
using PricingCore.Rules;
using PricingCore.Surge;
using PricingCore.Tests.Rules;

namespace PricingCore.Tests.Surge;

/// <summary>
/// Goal: a decision comes back from its bytes as it was, with every field, and no other bytes are taken for one.
/// Method: thousands of random decisions there and back; single bits flipped; every prefix.
/// </summary>
public sealed class DecisionCodecProperties
{
    private static readonly string[] Texts = ["", "a", "zone-7", "München", "日本橋", "😀", "\ud83d", "a\udc00b", new('x', 64), new('語', 64), new('\ud83d', 64)];

    [Fact]
    public void Read_OfWhatWasWritten_IsTheSameDecision() => Draws.Hold(draws =>
    {
        SurgeDecision decision = DecisionOf(draws);
        byte[] bytes = new byte[DecisionCodec.MaxBytes + 9];
        int written = DecisionCodec.Write(decision, bytes);

        SurgeDecision read = DecisionCodec.Read(bytes, (version, number) => version == decision.RulesVersion && number == decision.RuleNumber ? decision.Rule : null, out int length);

        Assert.Equal(written, length);
        Assert.InRange(written, 1, DecisionCodec.MaxBytes);
        Assert.Equivalent(decision, read, strict: true);
        Assert.Equal(decision.HoldsUntilMicros, read.HoldsUntilMicros);
        Assert.Equal(decision.RenewAtMicros, read.RenewAtMicros);
        Assert.Equal(decision.RulePriceMinorUnits, read.RulePriceMinorUnits);
        Assert.Equal(decision.RuleNumber, read.RuleNumber);
        Assert.Equal(decision.Forecast, read.Forecast);
        Assert.Equal(decision.Inputs, read.Inputs);
        Assert.Equal(decision.Outcome, read.Outcome);
    });

    [Fact]
    public void Read_OfBytesWithABitFlipped_RefusesOrReadsWhatTheyAreTheBytesOf() => Draws.Hold(draws =>
    {
        SurgeDecision decision = DecisionOf(draws);
        byte[] bytes = new byte[DecisionCodec.MaxBytes];
        int written = DecisionCodec.Write(decision, bytes);
        int bit = draws.Int(0, (written * 8) - 1);
        bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        try
        {
            SurgeDecision read = DecisionCodec.Read(bytes.AsSpan(0, written), (_, _) => decision.Rule, out int length);
            byte[] again = new byte[DecisionCodec.MaxBytes];
            Assert.Equal(length, DecisionCodec.Write(read, again));
            Assert.True(bytes.AsSpan(0, length).SequenceEqual(again.AsSpan(0, length)), "Two forms of one decision.");
        }
        catch (InvalidDataException)
        {
        }
    });

    [Fact]
    public void Read_OfAPrefix_IsRefused()
    {
        byte[] bytes = new byte[DecisionCodec.MaxBytes];
        SurgeDecision decision = DecisionOf(new Draws([.. Enumerable.Range(1, 48).Select(i => i * 7_919)]));
        int written = DecisionCodec.Write(decision, bytes);
        for (int length = 0; length < written; length++)
        {
            byte[] prefix = bytes[..length];
            Assert.Throws<InvalidDataException>(() => DecisionCodec.Read(prefix, (_, _) => decision.Rule, out _));
        }
    }

    [Fact]
    public void Read_WhenTheRuleIsGone_SaysWhich()
    {
        byte[] bytes = new byte[DecisionCodec.MaxBytes];
        SurgeDecision decision = DecisionOf(new Draws([.. Enumerable.Range(1, 48).Select(i => i * 104_729)]));
        DecisionCodec.Write(decision, bytes);

        InvalidDataException refused = Assert.Throws<InvalidDataException>(() => DecisionCodec.Read(bytes, (_, _) => null, out _));

        Assert.Contains($"rule {decision.RuleNumber} of the rules {decision.RulesVersion}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_OfTheLongestTexts_TakesMaxBytes()
    {
        string longest = new('語', ByteWriter.MaxTextLength);
        SurgeDecision plain = DecisionOf(new Draws(new int[48]));
        var decision = new SurgeDecision
        {
            RegionId = longest,
            ProductType = longest,
            ModelVersion = longest,
            RulesVersion = longest,
            Comparison = new ModelComparison(longest, SurgeMultiplier.One),
            Id = plain.Id,
            DecidedAt = plain.DecidedAt,
            HoldsUntil = plain.HoldsUntil,
            Outcome = plain.Outcome,
            Inputs = plain.Inputs,
            Forecast = plain.Forecast,
            ForecastSource = plain.ForecastSource,
            Rule = plain.Rule,
        };

        Assert.Equal(DecisionCodec.MaxBytes, DecisionCodec.Write(decision, new byte[DecisionCodec.MaxBytes]));
    }

    [Fact]
    public void Write_AllocatesNothing()
    {
        byte[] bytes = new byte[DecisionCodec.MaxBytes];
        SurgeDecision decision = DecisionOf(new Draws([.. Enumerable.Range(1, 48).Select(i => i * 7_919)]));
        Assert.Equal(0, AllocatedBytes.Of(() => DecisionCodec.Write(decision, bytes)));
    }

    internal static SurgeDecision DecisionOf(Draws draws)
    {
        PricingRule rule = draws.Rule();
        SurgeInputs inputs = draws.Inputs();
        SurgeOutcome outcome = SurgePolicy.Decide(rule, inputs);
        long decidedAt = draws.Long(0, 4_000_000_000_000_000);
        long holdsUntil = decidedAt + draws.Int(0, 60_000_000);
        return new SurgeDecision
        {
            RegionId = TextOf(draws),
            ProductType = TextOf(draws),
            Id = new DecisionId((ulong)draws.Long(0, long.MaxValue - 1) * 2, (ulong)draws.Long(0, long.MaxValue - 1)),
            DecidedAt = UnixMicros.ToTime(decidedAt),
            HoldsUntil = UnixMicros.ToTime(holdsUntil),
            HoldsUntilMicros = holdsUntil,
            RenewAtMicros = SurgeDecision.RenewalOf(decidedAt, holdsUntil),
            Outcome = outcome,
            Inputs = draws.Coin() ? inputs : inputs with { DemandScore = double.NaN, Demand = double.PositiveInfinity },
            Forecast = new Forecast((float)draws.Share(), (float)draws.Share(), draws.Int(0, 90), draws.Int(0, 9), draws.Coin() ? float.NaN : 8, draws.Int(0, 60)),
            ForecastSource = (ForecastSource)draws.Int(0, 3),
            ModelVersion = TextOf(draws),
            Arm = (ModelArm)draws.Int(0, 1),
            Comparison = draws.Coin() ? new ModelComparison(TextOf(draws), SurgeMultiplier.FromSteps(draws.Int(0, SurgeMultiplier.MaxSteps))) : null,
            Rule = rule,
            RuleNumber = draws.Int(0, 99_999),
            RulesVersion = TextOf(draws),
            RulePriceMinorUnits = draws.Long(0, 1_000_000_000_000),
        };
    }

    private static string TextOf(Draws draws) => Texts[draws.Int(0, Texts.Length - 1)];
}
