using PricingCore.Explanations;
using PricingCore.Features;
using PricingCore.Forecasts;
using PricingCore.Forecasts.Models;
using PricingCore.Tests.Conventions;

namespace PricingCore.Tests.Explanations;

/// <summary>
/// Goal: a model is taken apart as it predicts: parts and rounding add up to its sum, and its forecast is the trainer's to the bit.
/// Method: the repository's own demand model on its golden rows, for each horizon.
/// </summary>
public sealed class ModelExplainerTests
{
    private static readonly ModelPackage Package = ModelPackage.Load(Path.Combine(Repository.Root, "models", "demand", "1.0.0"));

    [Fact]
    public void Explain_OfGoldenRows_AddsUpAndForecastsAsTheTrainerDid()
    {
        ModelExplainer explainer = Open();
        GoldenRows golden = Package.Golden;
        for (int row = 0; row < golden.Count; row += golden.Count / 100)
        {
            float[] features = golden.Rows.AsSpan(row * golden.FeatureCount, golden.FeatureCount).ToArray();
            for (int horizon = 0; horizon < golden.HorizonCount; horizon++)
            {
                ReadOnlySpan<float> answer = golden.Answers.AsSpan((row * golden.AnswerWidth) + (horizon * 5), 5);
                int minutes = Package.Manifest.HorizonsMinutes[horizon];
                var expected = new Forecast(answer[0], answer[1], answer[2], answer[3], answer[4], minutes);

                ForecastContributions found = explainer.Explain(features, minutes, expected);

                Assert.Equal(expected, found.Forecast);
                Assert.True(found.IsThePricedForecast);
                double total = found.BaseValue + found.Contributions.Sum(contribution => contribution.Contribution);
                Assert.Equal(found.Prediction, total + found.RoundingDifference, 1e-12);
                Assert.InRange(Math.Abs(found.RoundingDifference), 0, 1e-5 * Math.Max(1, Math.Abs(found.Prediction)));
                Assert.Equal(found.Contributions.OrderByDescending(part => Math.Abs(part.Contribution)).Select(part => part.Contribution), found.Contributions.Select(part => part.Contribution));
            }
        }
    }

    [Fact]
    public void Explain_OfAnotherRow_SaysThatItIsNotThePricedForecast()
    {
        ModelExplainer explainer = Open();
        float[] row = new float[FeatureSchema.Mobility.Count];
        Assert.False(explainer.Explain(row, 15, default).IsThePricedForecast);
        Assert.Throws<ArgumentOutOfRangeException>("horizonMinutes", () => explainer.Explain(row, 17, default));
        Assert.Throws<ArgumentException>("row", () => explainer.Explain(new float[3], 15, default));
    }

    [Fact]
    public void TryOpen_WithAnotherSchema_SaysWhy()
    {
        var other = new FeatureSchema("other", [FeatureSchema.BuiltIn("hour_of_day")]);
        Assert.False(ModelExplainer.TryOpen(Package, other, out _, out string reason));
        Assert.Contains("mobility", reason, StringComparison.Ordinal);
    }

    private static ModelExplainer Open()
    {
        Assert.True(ModelExplainer.TryOpen(Package, FeatureSchema.Mobility, out ModelExplainer? explainer, out string reason), reason);
        return explainer;
    }
}
