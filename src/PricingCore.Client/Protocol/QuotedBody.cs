using PricingCore.Forecasts;
using PricingCore.Quotes;
using PricingCore.Surge;

namespace PricingCore.Protocol;

/// <summary>One quote, with what led to it. When it is refused, only <see cref="Price"/> is there.</summary>
/// <threadsafety>Immutable.</threadsafety>
public readonly record struct QuotedBody
{
    /// <summary>The price, or why there is none.</summary>
    public PriceEntry Price { get; init; }

    /// <summary>How busy the region is forecast to be, 0 to 1.</summary>
    public float DemandScore { get; init; }

    /// <summary>How sure that is, 0 to 1.</summary>
    public float Confidence { get; init; }

    /// <summary>What each cause added to the multiplier.</summary>
    public SurgeFactors Factors { get; init; }

    /// <summary>What each limit changed.</summary>
    public SurgeLimitChanges Limits { get; init; }

    /// <summary>Where the forecast came from.</summary>
    public ForecastSource ForecastSource { get; init; }

    /// <summary>The model that made it; empty when refused.</summary>
    public string ModelVersion { get; init; }

    /// <summary>The rule set; empty when refused.</summary>
    public string RulesVersion { get; init; }

    /// <summary>The most bytes that <see cref="Write"/> needs.</summary>
    public int MaxBytes => PriceEntry.Size + 57 + BodyWriter.MaxTextBytes(ModelVersion ?? "") + BodyWriter.MaxTextBytes(RulesVersion ?? "");

    /// <summary>The body for a quote.</summary>
    public static QuotedBody Of(in Quote quote)
    {
        SurgeDecision decision = quote.Decision;
        return new QuotedBody
        {
            Price = new PriceEntry
            {
                MinorUnits = quote.Price.MinorUnits,
                BaseMinorUnits = quote.BasePrice.MinorUnits,
                ValidUntilMicros = Numerics.UnixMicros.From(quote.ValidUntil),
                DecisionId = decision.Id,
                MultiplierSteps = quote.Multiplier.Steps,
                IsCached = quote.Cached,
                PackedCurrency = PriceEntry.PackCurrency(quote.Price.Currency),
            },
            DemandScore = decision.Forecast.DemandScore,
            Confidence = decision.Forecast.Confidence,
            Factors = decision.Outcome.Factors,
            Limits = decision.Outcome.Limits,
            ForecastSource = decision.ForecastSource,
            ModelVersion = decision.ModelVersion,
            RulesVersion = decision.RulesVersion,
        };
    }

    /// <summary>The body for a refusal.</summary>
    public static QuotedBody Of(QuoteRefusal refusal) =>
        new() { Price = new PriceEntry { Refusal = refusal }, ModelVersion = "", RulesVersion = "" };

    /// <summary>Reads an answer.</summary>
    /// <returns><see langword="false"/> when the bytes are not one.</returns>
    public static bool TryRead(ReadOnlySpan<byte> body, out QuotedBody quoted)
    {
        quoted = Of(QuoteRefusal.None);
        var reader = new BodyReader(body);
        if (!reader.TryReadBytes(PriceEntry.Size, out ReadOnlySpan<byte> price))
        {
            return false;
        }

        quoted = quoted with { Price = PriceEntry.Read(price) };
        if (quoted.Price.Refusal != QuoteRefusal.None)
        {
            return true;
        }

        Span<int> steps = stackalloc int[SurgeFactors.Names.Count + SurgeLimitChanges.Names.Count];
        if (!reader.TryRead(out float demand) || !reader.TryRead(out float confidence))
        {
            return false;
        }

        for (int i = 0; i < steps.Length; i++)
        {
            if (!reader.TryRead(out steps[i]))
            {
                return false;
            }
        }

        if (!reader.TryRead(out byte source)
            || !reader.TryReadText(ProtocolConstants.MaxIdLength, out string model)
            || !reader.TryReadText(ProtocolConstants.MaxIdLength, out string rules))
        {
            return false;
        }

        quoted = quoted with
        {
            DemandScore = demand,
            Confidence = confidence,
            Factors = new SurgeFactors(steps[0], steps[1], steps[2], steps[3], steps[4]),
            Limits = new SurgeLimitChanges(steps[5], steps[6], steps[7], steps[8], steps[9], steps[10], steps[11]),
            ForecastSource = (ForecastSource)source,
            ModelVersion = model,
            RulesVersion = rules,
        };
        return true;
    }

    /// <summary>Writes the answer.</summary>
    /// <param name="destination">At least <see cref="MaxBytes"/>.</param>
    /// <returns>Bytes written.</returns>
    public int Write(Span<byte> destination)
    {
        Price.Write(destination);
        if (Price.Refusal != QuoteRefusal.None)
        {
            return PriceEntry.Size;
        }

        var writer = new BodyWriter(destination[PriceEntry.Size..]);
        writer.Write(DemandScore);
        writer.Write(Confidence);
        for (int i = 0; i < SurgeFactors.Names.Count; i++)
        {
            writer.Write(Factors[i]);
        }

        for (int i = 0; i < SurgeLimitChanges.Names.Count; i++)
        {
            writer.Write(Limits[i]);
        }

        writer.Write((byte)ForecastSource);
        writer.WriteText(ModelVersion);
        writer.WriteText(RulesVersion);
        return PriceEntry.Size + writer.Length;
    }
}
