using PricingCore.Events;
using PricingCore.Forecasts.Rollouts;

namespace PricingCore.Forecasts;

/// <summary>The latest answers that models outside the loop gave for each region, as they came through the ring.</summary>
/// <threadsafety>One thread: the shard's loop.</threadsafety>
internal sealed class OutsideForecasts(int maxRegions)
{
    private readonly Answer[] _stable = new Answer[maxRegions];
    private Answer[] _candidate = []; // Made when the first candidate answers.

    /// <summary>Whether a forecaster has answered that nobody deployed; if so, the baseline is a fallback.</summary>
    public bool IsAnyUnplanned { get; set; }

    /// <summary>The forecast that a record brings.</summary>
    public static Forecast Read(in AcceptedEvent e) => new(
        DemandScore: e.Values.First,
        Confidence: e.Values.Second,
        ExpectedDemand: e.Values.Third,
        Low: BitConverter.UInt32BitsToSingle((uint)e.Subject),
        High: e.Values.Fourth,
        HorizonMinutes: unchecked((int)e.KeyHigh));

    /// <summary>Takes in an answer.</summary>
    public void Apply(in AcceptedEvent e, ModelArm arm)
    {
        if (arm == ModelArm.Candidate && _candidate.Length == 0)
        {
            _candidate = new Answer[_stable.Length];
        }

        AnswersOf(arm)[e.Region] = new Answer { ReceivedAt = e.ReceivedAt, Model = e.Product, Forecast = Read(e) };
    }

    /// <summary>Forgets every answer.</summary>
    public void Clear()
    {
        Array.Clear(_stable);
        Array.Clear(_candidate);
    }

    /// <summary>The region's answer, when it is recent and valid and, unless <paramref name="model"/> is negative, of that model.</summary>
    public bool TryGet(int region, ModelArm arm, int model, long receivedAfter, out Forecast forecast, out int answeredBy)
    {
        Answer[] answers = AnswersOf(arm);
        Answer answer = region < answers.Length ? answers[region] : default;
        forecast = answer.Forecast;
        answeredBy = answer.Model;
        return answer.ReceivedAt != 0
            && answer.ReceivedAt >= receivedAfter
            && (model < 0 || model == answer.Model)
            && forecast.IsValid;
    }

    private Answer[] AnswersOf(ModelArm arm) => arm == ModelArm.Candidate ? _candidate : _stable;

    private struct Answer
    {
        public long ReceivedAt;
        public int Model;
        public Forecast Forecast;
    }
}
