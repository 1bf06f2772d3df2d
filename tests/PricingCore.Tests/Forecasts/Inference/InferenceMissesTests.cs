using PricingCore.Events;
using PricingCore.Features;
using PricingCore.Forecasts;
using PricingCore.Forecasts.Inference;
using PricingCore.Testing.Forecasts;

namespace PricingCore.Tests.Forecasts.Inference;

/// <summary>
/// Goal: a model that misbehaves, is late or is not there costs its own requests only, and each miss says why.
/// Method: fill the queues and answer batches on the test's thread, with models that fail on purpose.
/// </summary>
public sealed class InferenceMissesTests : IDisposable
{
    private readonly SteppedWorker _worker = new();

    public void Dispose() => _worker.Dispose();

    [Fact]
    public void AnswerBatch_WhenAModelThrows_MissesAndGoesOn()
    {
        _worker.Models.TryAdd(0, new ScriptedForecaster("bad", (ReadOnlySpan<float> _, in RegionSignals _, int _) => throw new InvalidOperationException("no")), isOwned: true);
        _worker.Load(1);
        _worker.Ask([1, 2], model: 0);
        _worker.Ask([3], model: 1);
        _worker.AnswerBatch();

        Assert.Equal([(1, ForecastMiss.Failed), (2, ForecastMiss.Failed)], Misses());
        Assert.Equal(3, _worker.Answers[^1].Region);
        Assert.Equal(2, _worker.Models.Find(0)!.Health.Misses);
        Assert.Equal(1, _worker.Models.Find(1)!.Health.Answers);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(-0.1f)]
    [InlineData(1.5f)]
    public void AnswerBatch_WhenAnAnswerIsNoForecast_MissesThatRowOnly(float score)
    {
        _worker.Models.TryAdd(0, new ScriptedForecaster("odd", (ReadOnlySpan<float> row, in RegionSignals _, int horizon) =>
            new Forecast(row[0] == 2 ? score : 0.5f, 0.5f, row[0], 0, row[0], horizon)), isOwned: true);
        _worker.Ask([1, 2, 3], model: 0);
        _worker.AnswerBatch();

        Assert.Equal([(2, ForecastMiss.Invalid)], Misses());
        Assert.Equal([1, 3], _worker.Answers.Where(a => a.Kind == MarketEventKind.ForecastReady).Select(a => a.Region));
    }

    [Fact]
    public void AnswerBatch_WhenAModelAnswersNothing_NeverGivesAnOldAnswer()
    {
        _worker.Load(0);
        _worker.Models.TryAdd(1, new SilentForecaster(), isOwned: true);
        _worker.Ask([1], model: 0);
        _worker.AnswerBatch();
        _worker.Ask([2], model: 1);
        _worker.AnswerBatch();

        Assert.Equal([(2, ForecastMiss.Invalid)], Misses());
    }

    [Fact]
    public void AnswerBatch_AfterTheDeadline_DoesNotAskTheModel()
    {
        ScriptedForecaster model = _worker.Load(0);
        _worker.Ask([1], model: 0);
        _worker.Ask([2], model: 0, isUrgent: false);
        _worker.Now += SteppedWorker.DeadlineMicros + 1;
        _worker.AnswerBatch();
        _worker.AnswerBatch();

        Assert.Equal([(1, ForecastMiss.Late)], Misses());
        Assert.Equal(1, model.Rows); // Nobody waits for a refresh.
    }

    [Fact]
    public void AnswerBatch_OfAModelThatIsGoneOrAHorizonItDoesNotKnow_Misses()
    {
        _worker.Models.TryAdd(1, new ScriptedForecaster("15", (ReadOnlySpan<float> _, in RegionSignals _, int h) => new Forecast(0, 0, 0, 0, 0, h)) { OnlyHorizonMinutes = 15 }, isOwned: true);
        _worker.Ask([1], model: 0);
        _worker.Ask([2], model: 1, horizon: 45);
        _worker.AnswerBatch();

        Assert.Equal([(1, ForecastMiss.NotLoaded), (2, ForecastMiss.HorizonUnknown)], Misses());
        Assert.Equal(0, _worker.Models.Find(1)!.Health.Misses); // Not the model's fault.
    }

    private IEnumerable<(int, ForecastMiss)> Misses() =>
        _worker.Answers.Where(a => a.Kind == MarketEventKind.ForecastMissed).Select(a => (a.Region, (ForecastMiss)a.KeyLow));

    private sealed class SilentForecaster : IForecaster
    {
        public string ModelVersion => "silent";

        public void Predict(in ForecastBatch batch, Span<Forecast> forecasts)
        {
        }
    }
}
