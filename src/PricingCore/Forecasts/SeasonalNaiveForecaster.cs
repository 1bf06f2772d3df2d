using PricingCore.Features;

namespace PricingCore.Forecasts;

/// <summary>Predicts what is usual for this hour of the week, corrected by how the last hour compared with its usual.</summary>
/// <remarks>
/// <para>With u0 and u1 the usual bookings of this hour and the next, p the part of this hour that has passed and h the horizon in hours:</para>
/// <code>
/// usual      = bookings that u0 and u1 put into the next h hours
/// recent     = bookings of the last clock hour and of this one so far;   expected = the usual ones of the same time
/// correction = (recent + 4) / (expected + 4), held within 1/4 to 4
/// expected demand = usual x correction
/// interval   = +- 1.61 x residual x sqrt(expected demand + 1)          4 times out of 5
/// score      = demand / (demand + mean demand of a week + 1/2)          1/2 is an average hour of a busy region
/// confidence = (demand + 1) / (demand + 1 + half the interval), x (1/2 + hours learned / 336)
/// </code>
/// <para>The residual is the running mean of |bookings - usual| / sqrt(usual + 1) and at least 0.8, which is chance alone (Poisson);
/// 1.61 = 1.2533 x 1.2816 turns a mean absolute deviation into the half-width of an 80 % interval of a normal distribution. Before anything
/// is usual, the last 15 minutes stand in. Where the hour of the week is new, the same hour of the days before stands in.</para>
/// <para>The pull of 4 towards 1 keeps a region with few bookings near its usual: one booking too many is not a trend. docs/nyc.md has the
/// errors on real streams.</para>
/// </remarks>
/// <threadsafety>Stateless: any thread.</threadsafety>
public sealed class SeasonalNaiveForecaster : IForecaster
{
    private const float PoissonResidual = 0.8f;
    private const float IntervalPerResidual = 1.61f;
    private const float ScorePrior = 0.5f;

    /// <summary>The one instance.</summary>
    public static SeasonalNaiveForecaster Instance { get; } = new();

    /// <inheritdoc/>
    public string ModelVersion => "seasonal-naive-1";

    /// <inheritdoc/>
    public void Predict(in ForecastBatch batch, Span<Forecast> forecasts)
    {
        for (int i = 0; i < batch.Count; i++)
        {
            forecasts[i] = Predict(batch.Signals[i], batch.HorizonMinutes);
        }
    }

    /// <summary>Predicts one region.</summary>
    /// <param name="signals">The region's signals.</param>
    /// <param name="horizonMinutes">How far ahead, 1 to 60 minutes.</param>
    public static Forecast Predict(in RegionSignals signals, int horizonMinutes)
    {
        float hours = horizonMinutes / 60f;
        float demand = SeasonalDemand.Expected(signals, hours);
        float residual = Math.Max(PoissonResidual, signals.Residual);
        float halfInterval = IntervalPerResidual * residual * MathF.Sqrt(demand + 1);
        float mean = float.IsNaN(signals.MeanPerHour) ? 0 : signals.MeanPerHour * hours;
        float knowledge = 0.5f + (signals.HoursLearned / 336f);

        return new Forecast(
            DemandScore: demand / (demand + mean + ScorePrior),
            Confidence: (demand + 1) / (demand + 1 + halfInterval) * knowledge,
            ExpectedDemand: demand,
            Low: Math.Max(0, demand - halfInterval),
            High: demand + halfInterval,
            HorizonMinutes: horizonMinutes);
    }
}
