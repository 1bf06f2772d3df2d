using System.Runtime.CompilerServices;
using PricingCore.Events;
using PricingCore.Forecasts.Rollouts;
using PricingCore.Snapshots;

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

    /// <summary>Writes the answers for a region.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Save(StateWriter writer, int region)
    {
        _stable[region].Save(writer);
        (region < _candidate.Length ? _candidate[region] : default).Save(writer);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="SnapshotException">A model answered that is not known.</exception>
    public void Load(StateReader reader, int region, int models)
    {
        _stable[region] = Answer.Load(reader, models);
        var candidate = Answer.Load(reader, models);
        if (candidate.ReceivedAt != 0)
        {
            _candidate = _candidate.Length == 0 ? new Answer[_stable.Length] : _candidate;
            _candidate[region] = candidate;
        }
    }

    private Answer[] AnswersOf(ModelArm arm) => arm == ModelArm.Candidate ? _candidate : _stable;

    private struct Answer
    {
        public long ReceivedAt;
        public int Model;
        public Forecast Forecast;

        public readonly void Save(StateWriter writer)
        {
            writer.Write(ReceivedAt);
            if (ReceivedAt != 0)
            {
                writer.Write(Model);
                writer.Write(Forecast);
            }
        }

        public static Answer Load(StateReader reader, int models)
        {
            long receivedAt = reader.Read<long>();
            return receivedAt == 0
                ? default
                : new Answer { ReceivedAt = receivedAt, Model = reader.ReadNumber(models, "model"), Forecast = reader.Read<Forecast>() };
        }
    }
}
