using System.Text;
using PricingCore.Rules;

namespace PricingCore.Tests.Rules;

/// <summary>
/// Goal: a rules file is read exactly, or refused whole with every error at its line and with what would be right.
/// Method: one field at a time in an otherwise right file, then whole broken files.
/// </summary>
public sealed class RuleFileTests
{
    [Fact]
    public void Parse_OfTheDesignsExample_ReadsEveryField()
    {
        PricingRule rule = Assert.Single(RuleSet.Parse(
            """
            {"rules": [{"region_id": "*", "product_type": "*", "base_price": 12.00, "currency": "USD", "min_multiplier": 1.0,
            "max_multiplier": 3.0, "increment": 0.25, "effective_date": "2026-01-01T00:00:00Z"}]}
            """).Rules);

        Assert.Equal(("*", "*", 1_200L, "USD"), (rule.RegionId, rule.ProductType, rule.BasePrice.MinorUnits, rule.BasePrice.Currency.Code));
        Assert.Equal((10_000, 30_000, 25L), (rule.MinMultiplier.Steps, rule.MaxMultiplier.Steps, rule.IncrementMinorUnits));
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), rule.EffectiveFrom);
        Assert.Equal((SurgeFormulaKind.Reference, PricingMode.Multiplicative), (rule.Formula, rule.Mode));
        Assert.Equal((0.5, 6.0, 0.0, 0), (rule.Threshold, rule.Slope, rule.Smoothing, rule.Hysteresis));
        Assert.Equal(SurgeWeights.Default, rule.Weights);
        Assert.Equal(SurgeWeights.DefaultTimeMultipliers, rule.TimeMultipliers);
        Assert.Equal((null, null, null), (rule.MaxStepPerMinute, rule.EmergencyCap, rule.Experiment));
    }

    [Fact]
    public void Parse_OfEveryOptionalField_ReadsIt()
    {
        PricingRule rule = ParseWith(
            """
            "formula": "centred", "mode": "additive", "threshold": 0.6, "slope": 4.5, "weights": {"demand": 0.5, "event": 0},
            "time_multipliers": {"7": 1.2, "23": 0.8}, "max_step_per_minute": 0.25, "hysteresis": 0.0125, "smoothing": 0.3,
            "emergency_cap": 1.75, "experiment": {"name": "spring", "share": 0.1, "change": -0.05}, "effective_date": "2026-03-01T02:00:00+02:00"
            """);

        Assert.Equal((SurgeFormulaKind.Centred, PricingMode.Additive, 0.6, 4.5, 0.3), (rule.Formula, rule.Mode, rule.Threshold, rule.Slope, rule.Smoothing));
        Assert.Equal(new SurgeWeights(0.5, 0.3, 0.2, 0, 0.1), rule.Weights);
        Assert.Equal((1.2, 1.0, 0.8), (rule.TimeMultipliers[7], rule.TimeMultipliers[8], rule.TimeMultipliers[23]));
        Assert.Equal((2_500, 125, 17_500), (rule.MaxStepPerMinute, rule.Hysteresis, rule.EmergencyCap?.Steps));
        Assert.Equal(new PricingExperiment("spring", 0.1, -500), rule.Experiment);
        Assert.Equal(new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero), rule.EffectiveFrom);
    }

    [Theory]
    [InlineData("USD", "12.50", 1_250, 25)]
    [InlineData("USD", "1.25e1", 1_250, 25)]
    [InlineData("USD", "1250E-2", 1_250, 25)]
    [InlineData("USD", "12.500000000000000000000000000000000000", 1_250, 25)]
    [InlineData("USD", "9999999999.99", 999_999_999_999, 25)]
    [InlineData("JPY", "1200", 1_200, 1)]
    [InlineData("JPY", "1200.0", 1_200, 1)]
    [InlineData("KWD", "1.375", 1_375, 250)]
    public void Parse_OfAnAmount_IsExact(string currency, string price, long minorUnits, long increment)
    {
        PricingRule rule = RuleSet.Parse(
            $$"""{"rules": [{"region_id": "*", "product_type": "*", "base_price": {{price}}, "currency": "{{currency}}"}]}""").Rules[0];
        Assert.Equal((minorUnits, increment), (rule.BasePrice.MinorUnits, rule.IncrementMinorUnits));
    }

    [Theory]
    [InlineData("\"base_price\": 12.005", "rules[0].base_price", "12.005 is not legal: it must be a number from 0.01 to 10000000000, and it may have at most 2 decimals.")]
    [InlineData("\"base_price\": 0", "rules[0].base_price", "0 is not legal: it must be a number from 0.01 to 10000000000.")]
    [InlineData("\"base_price\": -12", "rules[0].base_price", "-12 is not legal")]
    [InlineData("\"base_price\": 1e400", "rules[0].base_price", "and it is too large.")]
    [InlineData("\"base_price\": 1e-400", "rules[0].base_price", "at most 2 decimals")]
    [InlineData("\"base_price\": 1e99999999999999999999", "rules[0].base_price", "and it is too large.")]
    [InlineData("\"base_price\": \"12\"", "rules[0].base_price", "It is the text '12'; it must be a number without quotes.")]
    [InlineData("\"base_price\": null", "rules[0].base_price", "It is null; it must be a number without quotes.")]
    [InlineData("\"currency\": \"usd\"", "rules[0].currency", "'usd' is not known; it must be an ISO 4217 code in capitals, such as USD, JPY or KWD.")]
    [InlineData("\"currency\": 1", "rules[0].currency", "It is 1; it must be a text in quotes.")]
    [InlineData("\"region_id\": \"\"", "rules[0].region_id", "A text of 0 characters; it must have 1 to 64.")]
    [InlineData("\"region_id\": [\"a\"]", "rules[0].region_id", "It is an array; it must be a text in quotes.")]
    [InlineData("\"min_multiplier\": 3.5", "rules[0].min_multiplier", "3.5 is above max_multiplier, 3; it must be from 0 to that.")]
    [InlineData("\"min_multiplier\": 1.00001", "rules[0].min_multiplier", "at most 4 decimals")]
    [InlineData("\"max_multiplier\": 100.0001", "rules[0].max_multiplier", "100.0001 is not legal: it must be a number from 0 to 100.")]
    [InlineData("\"increment\": 0.001", "rules[0].increment", "at most 2 decimals")]
    [InlineData("\"increment\": 0", "rules[0].increment", "from 0.01 to")]
    [InlineData("\"effective_date\": \"2026-01-01\"", "rules[0].effective_date", "'2026-01-01' is not a time; it must be like 2026-01-01T00:00:00Z or 2026-01-01T00:00:00+02:00.")]
    [InlineData("\"effective_date\": \"2026-01-01T00:00:00\"", "rules[0].effective_date", "is not a time")]
    [InlineData("\"effective_date\": \"2026-02-30T00:00:00Z\"", "rules[0].effective_date", "is not a time")]
    [InlineData("\"formula\": \"centered\"", "rules[0].formula", "'centered' is not known; it must be reference or centred.")]
    [InlineData("\"mode\": \"add\"", "rules[0].mode", "'add' is not known; it must be multiplicative or additive.")]
    [InlineData("\"threshold\": 1.5", "rules[0].threshold", "1.5 is not from 0 to 1.")]
    [InlineData("\"threshold\": 1e999", "rules[0].threshold", "is not from 0 to 1.")]
    [InlineData("\"slope\": 0", "rules[0].slope", "0 is not from 0.1 to 100.")]
    [InlineData("\"weights\": {\"demand\": -1}", "rules[0].weights.demand", "-1 is not from 0 to 10.")]
    [InlineData("\"weights\": {\"events\": 1}", "rules[0].weights.events", "There is no such field; the nearest is event.")]
    [InlineData("\"weights\": 1", "rules[0].weights", "It is 1; it must be an object.")]
    [InlineData("\"time_multipliers\": {\"24\": 1}", "rules[0].time_multipliers.24", "There is no such field; the nearest is 2.")]
    [InlineData("\"time_multipliers\": {\"7\": 11}", "rules[0].time_multipliers.7", "11 is not from 0 to 10.")]
    [InlineData("\"max_step_per_minute\": 0", "rules[0].max_step_per_minute", "from 0.0001 to 100.")]
    [InlineData("\"hysteresis\": -0.1", "rules[0].hysteresis", "from 0 to 100.")]
    [InlineData("\"smoothing\": 2", "rules[0].smoothing", "2 is not from 0 to 1.")]
    [InlineData("\"emergency_cap\": true", "rules[0].emergency_cap", "It is true; it must be a number without quotes.")]
    [InlineData("\"experiment\": {\"name\": \"a\", \"share\": 2, \"change\": 0}", "rules[0].experiment.share", "2 is not from 0 to 1.")]
    [InlineData("\"experiment\": {\"name\": \"a\", \"share\": 1, \"change\": 1.5}", "rules[0].experiment.change", "from -1 to 1.")]
    [InlineData("\"experiment\": {\"name\": \"a\", \"share\": 1}", "rules[0].experiment.change", "The field is missing")]
    [InlineData("\"max_multiplyer\": 2", "rules[0].max_multiplyer", "There is no such field; the nearest is max_multiplier.")]
    [InlineData("\"slope\": 1, \"slope\": 2", "rules[0].slope", "The field occurs twice; each may occur once.")]
    [InlineData("\"experiment\": {\"name\": \"\\ud800\", \"share\": 1, \"change\": 0}", "", "The text holds half a Unicode character")]
    public void Parse_OfAWrongField_SaysWhereAndWhatIsRight(string field, string path, string message)
    {
        RuleError error = Assert.Single(Assert.Throws<RuleSetException>(() => ParseWith(field)).Errors);
        Assert.Equal((path, 4), (error.Path, error.Line));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.InRange(error.Column, 1, 80);
    }

    [Fact]
    public void Parse_OfSeveralErrors_ListsThemAllInTheOrderOfTheFile()
    {
        RuleSetException refusal = Assert.Throws<RuleSetException>(() => RuleSet.Parse(
            """
            {
              "rulez": 1,
              "rules": [
                { "region_id": "a", "product_type": "x", "base_price": 1, "currency": "USD", "colour": "red" },
                7,
                {
                  "region_id": "a",
                  "product_type": "x",
                  "base_price": 1.005,
                  "currency": "USD",
                  "threshold": 7
                },
                { "product_type": "x", "mode": "free" }
              ]
            }
            """));

        Assert.Equal(
            [
                "line 2, column 3: rulez: There is no such field; the nearest is rules.",
                "line 4, column 82: rules[0].colour: There is no such field; the nearest is slope.",
                "line 5, column 5: rules[1]: It is 7; a rule must be an object.",
                "line 6, column 5: rules[2]: The same region, product and effective date as rules[0] in line 4; each may occur once.",
                "line 9, column 21: rules[2].base_price: 1.005 is not legal: it must be a number from 0.01 to 10000000000, and it may have at most 2 decimals.",
                "line 11, column 20: rules[2].threshold: 7 is not from 0 to 1.",
                "line 13, column 5: rules[3].currency: The field is missing; it must be an ISO 4217 code in capitals, such as USD, JPY or KWD.",
                "line 13, column 5: rules[3].base_price: The field is missing; it must be a number above 0, in major units of the currency.",
                "line 13, column 5: rules[3].region_id: The field is missing; it must be a text of 1 to 64 characters, or * for all.",
                "line 13, column 36: rules[3].mode: 'free' is not known; it must be multiplicative or additive.",
            ],
            refusal.Errors.Select(error => error.ToString()));
        Assert.StartsWith("The rules were refused; the running rules stay as they are.\nline 2,", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("\n\n  ", 3)]
    [InlineData("[]", 1)]
    [InlineData("null", 1)]
    [InlineData("{}", 1)]
    [InlineData("{\"rules\": []}", 1)]
    [InlineData("{\"rules\": {}}", 1)]
    [InlineData("{\"rules\": [\n  {\"region_id\": \"a\",}\n]}", 2)]
    [InlineData("{\"rules\": [\n  // no comments\n]}", 2)]
    [InlineData("{\"rules\": [\n  {\"region_id\": \"a\"", 2)]
    [InlineData("{\"rules\": [{}]}\n{}", 2)]
    [InlineData("{\"rules\": 1,\n\"rules\": 2}", 2)]
    [InlineData("{\"$schema\": 1,\n \"rules\": []}", 1)]
    public void Parse_OfABrokenFile_SaysTheLine(string json, int line) =>
        Assert.Contains(Assert.Throws<RuleSetException>(() => RuleSet.Parse(json)).Errors, error => error.Line == line && error.Message.Length > 0);

    [Fact]
    public void Parse_OfBytesThatAreNotUtf8_SaysWhere()
    {
        byte[] bytes = [.. "{\"rules\": [\n  {\"region_id\": \"ü"u8, 0xFF, .. "\"}]}"u8];
        RuleError error = Assert.Single(Assert.Throws<RuleSetException>(() => RuleFile.Parse(bytes)).Errors);
        Assert.Equal((2, 19), (error.Line, error.Column));
    }

    [Fact]
    public void Parse_OfAFileWithAByteOrderMark_ReadsIt()
    {
        byte[] bytes = [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Wrap("\"mode\": \"additive\""))];
        Assert.Single(RuleFile.Parse(bytes).Rules);
    }

    [Fact]
    public void Parse_OfAFileThatIsTooLarge_IsRefusedUnread()
    {
        RuleSetException refusal = Assert.Throws<RuleSetException>(() => RuleFile.Parse(new byte[RuleFile.MaxBytes + 1]));
        Assert.Contains("16,777,216 bytes", Assert.Single(refusal.Errors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_OfTooManyRules_IsRefused()
    {
        string json = "{\"rules\": [" + string.Join(',', Enumerable.Repeat("0", RuleSet.MaxRules + 5)) + "]}";
        RuleSetException refusal = Assert.Throws<RuleSetException>(() => RuleSet.Parse(json));
        Assert.Equal(10_001, refusal.Errors.Count);
        Assert.Contains("more errors", refusal.Errors[^1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_OfAHostileFileInOneLine_TakesLittleTimeAndMemory()
    {
        string json = "{\"rules\": [{" + string.Join(',', Enumerable.Repeat("\"a\":[[1]]", 1_000_000)) + "}]}";
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<RuleSetException>(() => RuleSet.Parse(json));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 500_000_000);
    }

    [Fact]
    public void Load_WhenTheFileIsMissing_SaysSo() =>
        Assert.Throws<FileNotFoundException>(() => RuleSet.Load(Path.Combine(Path.GetTempPath(), "there-is-no-such-rules-file.json")));

    internal static string Wrap(string fields)
    {
        string[] usual =
        [
            "\"region_id\": \"*\"", "\"product_type\": \"*\"", "\"base_price\": 12.00", "\"currency\": \"USD\"",
        ];
        IEnumerable<string> kept = usual.Where(field => !fields.StartsWith(field[..field.IndexOf(':', StringComparison.Ordinal)], StringComparison.Ordinal));
        return "{\n  \"rules\": [\n    {\n" + fields.ReplaceLineEndings(" ") + ",\n" + string.Join(",\n", kept) + "\n}\n]\n}";
    }

    private static PricingRule ParseWith(string fields) => RuleSet.Parse(Wrap(fields)).Rules[0];
}
