using PricingCore.Events;

namespace PricingCore.Forecasts;

/// <summary>The latest answer that a forecaster outside the loop gave for each region, as it came through the ring.</summary>
/// <threadsafety>One thread: the shard's loop.</threadsafety>
internal sealed class OutsideForecasts(int maxRegions)
{
    private readonly Answer[] _answers = new Answer[maxRegions];

    /// <summary>Whether any forecaster has answered yet; if not, the baseline is the model and not a fallback.</summary>
    public bool IsAnyDeployed { get; private set; }

    /// <summary>Takes in an answer.</summary>
    public void Apply(in AcceptedEvent e)
    {
        IsAnyDeployed = true;
        _answers[e.Region] = new Answer
        {
            ReceivedAt = e.ReceivedAt,
            Model = e.Product,
            Forecast = new Forecast(
                DemandScore: e.Values.First,
                Confidence: e.Values.Second,
                ExpectedDemand: e.Values.Third,
                Low: BitConverter.UInt32BitsToSingle((uint)e.Subject),
                High: e.Values.Fourth,
                HorizonMinutes: unchecked((int)e.KeyHigh)),
        };
    }

    /// <summary>The region's answer, when it is recent and valid.</summary>
    public bool TryGet(int region, long now, long validMicros, out Forecast forecast, out int model)
    {
        ref readonly Answer answer = ref _answers[region];
        forecast = answer.Forecast;
        model = answer.Model;
        return answer.ReceivedAt != 0 && now - answer.ReceivedAt <= validMicros && forecast.IsValid;
    }

    private struct Answer
    {
        public long ReceivedAt;
        public int Model;
        public Forecast Forecast;
    }
}
