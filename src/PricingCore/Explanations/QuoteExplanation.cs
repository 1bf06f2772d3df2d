using PricingCore.Money;
using PricingCore.Quotes;
using PricingCore.Surge;

namespace PricingCore.Explanations;

/// <summary>Why a price is what it is: in a sentence, line by line, and with everything that led to it.</summary>
/// <threadsafety>Immutable.</threadsafety>
public sealed record QuoteExplanation
{
    /// <summary>The price in one sentence of plain words.</summary>
    public required string Sentence { get; init; }

    /// <summary>The decision with its inputs, forecast, factors, limits, rule and model.</summary>
    public required SurgeDecision Decision { get; init; }

    /// <summary>The price served; of a decision that is looked at without one, the price of the rule's own base price.</summary>
    public required ServedPrice Served { get; init; }

    /// <summary>The price served.</summary>
    public required Amount Price { get; init; }

    /// <summary>The price without surge.</summary>
    public required Amount BasePrice { get; init; }

    /// <summary>The price line by line: base, factors, limits, rounding; adds up to the recomputed price exactly.</summary>
    public required IReadOnlyList<PriceComponent> Breakdown { get; init; }

    /// <summary>The features that the decision saw; empty when they are not at hand.</summary>
    public required IReadOnlyList<ExplainedFeature> Features { get; init; }

    /// <summary>What each feature contributed to the forecast; null when the model or the features are not at hand.</summary>
    public required ForecastContributions? Contributions { get; init; }

    /// <summary>Why <see cref="Contributions"/> or <see cref="Features"/> are not there, in a sentence; null when they are.</summary>
    public required string? Missing { get; init; }

    /// <summary>The decision and the price, made once more and compared.</summary>
    public required Recomputation Recomputation { get; init; }

    /// <summary>All of it as JSON with snake_case names, indented.</summary>
    public string ToJson() => ExplanationJson.Write(this);
}
