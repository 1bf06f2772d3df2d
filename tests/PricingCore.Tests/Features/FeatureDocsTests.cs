using PricingCore.Features;
using PricingCore.Tests.Conventions;

namespace PricingCore.Tests.Features;

/// <summary>
/// Goal: docs/features.md and the code say the same of every feature, and the declarations shown there are legal.
/// Method: looks for the table row of each built-in feature, and parses the page's JSON.
/// </summary>
public sealed class FeatureDocsTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "features.md"));

    [Fact]
    public void Mobility_Has64Features() => Assert.Equal(64, FeatureSchema.Mobility.Count);

    [Fact]
    public void EveryFeature_HasItsRowInTheDocs()
    {
        string[] missing = [.. FeatureSchema.Mobility.Features
            .Select((feature, index) => $"| {index} | `{feature.Name}` | {feature.Unit} | {feature.Description.Replace("|", "\\|", StringComparison.Ordinal)} |")
            .Where(row => !Page.Contains(row, StringComparison.Ordinal))];

        Assert.Empty(missing);
    }

    [Fact]
    public void EveryFurtherFeature_HasItsRowInTheDocs() => Assert.All(
        FeatureCatalogue.Further,
        feature => Assert.Contains($"| `{feature.Name}` | {feature.Unit} | {feature.Description} |", Page, StringComparison.Ordinal));

    [Fact]
    public void Json_ShownInTheDocs_IsASchema()
    {
        int start = Page.IndexOf("```json", StringComparison.Ordinal) + "```json".Length;
        string json = Page[start..Page.IndexOf("```", start, StringComparison.Ordinal)];

        FeatureSchema schema = FeatureSchema.Parse(json);

        Assert.Equal(["hour_of_day", "available_drivers", "views_10min", "mean_basket_1h", "orders_yesterday"], schema.Features.Select(f => f.Name));
    }
}
