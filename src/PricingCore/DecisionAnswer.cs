using PricingCore.Features;
using PricingCore.Quotes;
using PricingCore.Surge;

namespace PricingCore;

/// <summary>What the loop answers to a request for a decision.</summary>
/// <param name="Refusal">Why there is none.</param>
/// <param name="Decision">The decision; null when refused, or when only features were asked for.</param>
/// <param name="IsFresh">Whether it was made for this request.</param>
/// <param name="Reading">The features and signals at that time, if asked for.</param>
internal readonly record struct DecisionAnswer(QuoteRefusal Refusal, SurgeDecision? Decision, bool IsFresh, RegionReading? Reading);
