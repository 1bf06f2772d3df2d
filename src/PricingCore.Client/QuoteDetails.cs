using PricingCore.Forecasts;
using PricingCore.Protocol;
using PricingCore.Surge;

namespace PricingCore.Client;

/// <summary>What led to a quote that was asked for by itself.</summary>
/// <param name="DemandScore">How busy the region is forecast to be, 0 to 1.</param>
/// <param name="Confidence">How sure that is, 0 to 1.</param>
/// <param name="Factors">What each cause added to the multiplier.</param>
/// <param name="Limits">What each limit changed.</param>
/// <param name="ForecastSource">Where the forecast came from.</param>
/// <param name="ModelVersion">The model that made it.</param>
/// <param name="RulesVersion">The rule set.</param>
/// <threadsafety>Immutable.</threadsafety>
public sealed record QuoteDetails(
    float DemandScore, float Confidence, SurgeFactors Factors, SurgeLimitChanges Limits, ForecastSource ForecastSource, string ModelVersion, string RulesVersion)
{
    internal static QuoteDetails Of(in QuotedBody body) =>
        new(body.DemandScore, body.Confidence, body.Factors, body.Limits, body.ForecastSource, body.ModelVersion, body.RulesVersion);
}
