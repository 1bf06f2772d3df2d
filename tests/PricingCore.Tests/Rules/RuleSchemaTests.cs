using System.Text.Json;
using PricingCore.Rules;
using PricingCore.Tests.Conventions;

namespace PricingCore.Tests.Rules;

/// <summary>
/// Goal: the JSON schema that ships, the sample and the documentation say what the parser does.
/// Method: names of fields compared with the parser's own list; the sample is parsed.
/// </summary>
public sealed class RuleSchemaTests
{
    private static readonly string Root = Repository.Root;

    private static readonly JsonElement Schema =
        JsonDocument.Parse(File.ReadAllText(Path.Combine(Root, "src", "PricingCore", "Rules", "pricing-rules.schema.json"))).RootElement;

    [Fact]
    public void Schema_HasTheFieldsOfTheParser()
    {
        JsonElement rule = Schema.GetProperty("$defs").GetProperty("rule");
        Assert.Equal(RuleFields.OfFile, NamesOf(Schema));
        Assert.Equal(RuleFields.OfRule, NamesOf(rule));
        Assert.Equal(RuleFields.OfWeights, NamesOf(rule.GetProperty("properties").GetProperty("weights")));
        Assert.Equal(RuleFields.OfExperiment, NamesOf(rule.GetProperty("properties").GetProperty("experiment")));
    }

    [Fact]
    public void Schema_RequiresWhatTheParserRequires()
    {
        RuleSetException refusal = Assert.Throws<RuleSetException>(() => RuleSet.Parse("""{"rules": [{}]}"""));
        Assert.Equal(
            Schema.GetProperty("$defs").GetProperty("rule").GetProperty("required").EnumerateArray().Select(name => "rules[0]." + name.GetString()).Order(),
            refusal.Errors.Select(error => error.Path).Order());
    }

    [Fact]
    public void Sample_OfACity_IsRight()
    {
        var rules = RuleSet.Load(Path.Combine(Root, "samples", "rules", "city.json"));
        Assert.Equal(4, rules.Rules.Count);
    }

    [Fact]
    public void Documentation_NamesEveryField()
    {
        string text = File.ReadAllText(Path.Combine(Root, "docs", "rules.md"));
        Assert.All(
            RuleFields.OfRule.Concat(RuleFields.OfWeights).Concat(RuleFields.OfExperiment),
            field => Assert.Contains($"`{field}`", text, StringComparison.Ordinal));
    }

    private static IEnumerable<string> NamesOf(JsonElement schema) =>
        schema.GetProperty("properties").EnumerateObject().Select(property => property.Name);
}
