using System.Text;
using PricingCore.Rules;

namespace PricingCore.Tests.Rules;

/// <summary>
/// Goal: what is written is read back the same, and no file, however broken, does anything but be refused with a reason and a line.
/// Method: random rules through JSON and back; a right file with bytes changed, cut out, doubled and swapped.
/// </summary>
public sealed class RuleFileProperties
{
    private static readonly byte[] Right = Encoding.UTF8.GetBytes(RuleFileTests.Wrap(
        """
        "formula": "centred", "mode": "additive", "threshold": 0.6, "weights": {"demand": 0.5}, "time_multipliers": {"7": 1.2},
        "max_step_per_minute": 0.25, "emergency_cap": 1.75, "experiment": {"name": "spr\u00efng", "share": 0.1, "change": -0.05}
        """));

    private static readonly string[] Tokens =
        ["{", "}", "[", "]", "\"", ",", ":", "null", "true", "-", "1e999", "0.00001", "\\ud800", "\\", "//", "\u0000", "\uFFFD", "\"rules\"", "\n", "NaN"];

    [Fact]
    public void ToJson_ReadBack_IsTheSameRules() => Draws.Hold(draws =>
    {
        PricingRule rule = draws.Rule() with
        {
            RegionId = draws.Coin() ? "*" : "zone \"ü\" \\ 東京 🚕",
            EffectiveFrom = DateTimeOffset.UnixEpoch.AddTicks(draws.Long(0, 30_000_000_000_000_000)),
            TimeMultipliers = [.. Enumerable.Range(0, 24).Select(_ => 10 * draws.Share())],
        };
        var rules = new RuleSet([rule]);

        var back = RuleSet.Parse(rules.ToJson());

        Assert.Equal(rules.Hash, back.Hash);
        Assert.Equal(rules.ToJson(), back.ToJson());
        PricingRule same = back.Rules[0];
        Assert.Equal(rule.TimeMultipliers, same.TimeMultipliers);
        Assert.Equal(
            rule with { IncrementMinorUnits = rule.IncrementMinorUnits, TimeMultipliers = same.TimeMultipliers },
            same);
    });

    [Fact]
    public void Parse_OfChangedBytes_IsRightOrRefusedWithALine()
    {
        int refused = 0;
        Draws.Hold(draws =>
        {
            List<byte> bytes = [.. Right];
            for (int i = draws.Int(0, 3); i >= 0 && bytes.Count > 0; i--)
            {
                Change(draws, bytes);
            }

            try
            {
                RuleFile.Parse(bytes.ToArray());
            }
            catch (RuleSetException refusal)
            {
                refused++;
                int lines = bytes.Count(letter => letter == '\n') + 1;
                Assert.NotEmpty(refusal.Errors);
                Assert.All(refusal.Errors, error => Assert.True(
                    error.Line >= 1 && error.Line <= lines && error.Column >= 1 && error.Message.Length > 10, error.ToString()));
            }
        });
        Assert.True(refused > 2_000, $"only {refused} of the changed files were wrong");
    }

    private static void Change(Draws draws, List<byte> bytes)
    {
        int at = draws.Int(0, bytes.Count - 1);
        int length = Math.Min(draws.Int(1, 20), bytes.Count - at);
        switch (draws.Int(0, 4))
        {
            case 0:
                bytes[at] = (byte)draws.Int(0, 255);
                break;
            case 1:
                bytes.RemoveRange(at, length);
                break;
            case 2:
                bytes.InsertRange(draws.Int(0, bytes.Count - 1), bytes.GetRange(at, length));
                break;
            case 3:
                bytes.InsertRange(at, Encoding.UTF8.GetBytes(Tokens[draws.Int(0, Tokens.Length - 1)]));
                break;
            default:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
        }
    }
}
