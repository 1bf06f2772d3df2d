using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using PricingCore.Events;
using PricingCore.Features;
using PricingCore.Forecasts;
using PricingCore.Forecasts.Inference;
using PricingCore.Testing.Forecasts;

namespace PricingCore.Tests.Forecasts.Inference;

/// <summary>
/// Goal: each request gets its own answer whatever else is in its batch, and a model that misbehaves costs its own requests only.
/// Method: fill the queues and answer batches on the test's thread; each row carries its region's number, so a mix-up shows.
/// </summary>
public sealed class InferenceWorkerTests : IDisposable
{
    private const int Width = 4;
    private const long Deadline = 20_000;
    private readonly LoadedModels _models = new(maxVersions: 16, maxLoaded: 8);
    private readonly List<AcceptedEvent> _answers = [];
    private readonly InferenceWorker _worker;
    private long _now = 1_000_000;
    private int _refusals;

    public InferenceWorkerTests()
    {
        _worker = new InferenceWorker(
            new InferenceSettings
            {
                RowWidth = Width,
                MaxBatch = 32,
                MaxRefreshBatch = 64,
                UrgentCapacity = 64,
                RefreshCapacity = 64,
                DeadlineMicros = Deadline,
                Time = TimeProvider.System,
                Logger = NullLogger.Instance,
            },
            _models,
            answer =>
            {
                if (_refusals > 0)
                {
                    _refusals--;
                    return false;
                }

                _answers.Add(answer);
                return true;
            },
            () => _now);
    }

    public void Dispose()
    {
        _worker.Dispose();
        _models.Dispose();
    }

    [Fact]
    public void AnswerBatch_TakesUpToALimit_AndUrgentRequestsFirst()
    {
        ScriptedForecaster model = Load(0);
        Ask(Enumerable.Range(100, 10), model: 0, isUrgent: false);
        Ask(Enumerable.Range(0, 40), model: 0);

        Assert.Equal([32, 8, 10, 0], Enumerable.Range(0, 4).Select(_ => _worker.AnswerBatch()));
        Assert.Equal(Enumerable.Range(0, 40).Concat(Enumerable.Range(100, 10)), _answers.Select(a => a.Region));
        Assert.All(_answers, AssertIsOfItsRow);
        Assert.Equal(3, model.Batches);
    }

    [Fact]
    public void AnswerBatch_WithModelsAndHorizonsMixed_GivesEachItsOwn()
    {
        Load(0);
        Load(1);
        for (int region = 0; region < 30; region++)
        {
            Ask([region], model: region % 2, horizon: region % 3 == 0 ? 30 : 15);
        }

        Assert.Equal(30, _worker.AnswerBatch());
        Assert.All(_answers, AssertIsOfItsRow);
        Assert.Equal(
            Enumerable.Range(0, 30).Select(region => (region, region % 2, region % 3 == 0 ? 30 : 15)).Order(),
            _answers.Select(a => (a.Region, (int)a.Product, (int)a.KeyHigh)).Order());
    }

    [Fact]
    public void AnswerBatch_ManyTimesAroundTheBuffers_KeepsRowsAndRequestsTogether()
    {
        Load(0);
        Load(1);
        int asked = 0;
        for (int round = 1; round <= 200; round++)
        {
            for (int i = 0; i < round % 61; i++)
            {
                Ask([asked % 500], model: asked % 7 == 0 ? 1 : 0, horizon: 15);
                asked++;
            }

            while (_worker.AnswerBatch() > 0)
            {
            }
        }

        Assert.Equal(asked, _answers.Count);
        Assert.All(_answers, AssertIsOfItsRow);
    }

    [Fact]
    public void AnswerBatch_WithAnotherModelToCompare_AnswersThatFirst()
    {
        Load(0);
        Load(1);
        _worker.Queues.TryAsk(RequestOf(5, model: 0, horizon: 15) with { OtherModel = 1 }, RowOf(5), default, isUrgent: true);
        _worker.Queues.TryAsk(RequestOf(6, model: -1, horizon: 15) with { OtherModel = 1 }, RowOf(6), default, isUrgent: true);
        _worker.AnswerBatch();

        Assert.Equal([(5, 1), (5, 0), (6, 1)], _answers.Select(a => (a.Region, (int)a.Product)));
    }

    [Fact]
    public void AnswerBatch_WhenAModelThrows_MissesAndGoesOn()
    {
        _models.TryAdd(0, new ScriptedForecaster("bad", (ReadOnlySpan<float> _, in RegionSignals _, int _) => throw new InvalidOperationException("no")), isOwned: true);
        Load(1);
        Ask([1, 2], model: 0);
        Ask([3], model: 1);
        _worker.AnswerBatch();

        Assert.Equal([(1, ForecastMiss.Failed), (2, ForecastMiss.Failed)], Misses());
        Assert.Equal(3, _answers[^1].Region);
        Assert.Equal(2, _models.Find(0)!.Health.Misses);
        Assert.Equal(1, _models.Find(1)!.Health.Answers);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(-0.1f)]
    [InlineData(1.5f)]
    public void AnswerBatch_WhenAnAnswerIsNoForecast_MissesThatRowOnly(float score)
    {
        _models.TryAdd(0, new ScriptedForecaster("odd", (ReadOnlySpan<float> row, in RegionSignals _, int horizon) =>
            new Forecast(row[0] == 2 ? score : 0.5f, 0.5f, row[0], 0, row[0], horizon)), isOwned: true);
        Ask([1, 2, 3], model: 0);
        _worker.AnswerBatch();

        Assert.Equal([(2, ForecastMiss.Invalid)], Misses());
        Assert.Equal([1, 3], _answers.Where(a => a.Kind == MarketEventKind.ForecastReady).Select(a => a.Region));
    }

    [Fact]
    public void AnswerBatch_WhenAModelAnswersNothing_NeverGivesAnOldAnswer()
    {
        Load(0);
        _models.TryAdd(1, new SilentForecaster(), isOwned: true);
        Ask([1], model: 0);
        _worker.AnswerBatch();
        Ask([2], model: 1);
        _worker.AnswerBatch();

        Assert.Equal([(2, ForecastMiss.Invalid)], Misses());
    }

    [Fact]
    public void AnswerBatch_AfterTheDeadline_DoesNotAskTheModel()
    {
        ScriptedForecaster model = Load(0);
        Ask([1], model: 0);
        Ask([2], model: 0, isUrgent: false);
        _now += Deadline + 1;
        _worker.AnswerBatch();
        _worker.AnswerBatch();

        Assert.Equal([(1, ForecastMiss.Late)], Misses());
        Assert.Equal(1, model.Rows); // Nobody waits for a refresh.
    }

    [Fact]
    public void AnswerBatch_OfAModelThatIsGoneOrAHorizonItDoesNotKnow_Misses()
    {
        _models.TryAdd(1, new ScriptedForecaster("15", (ReadOnlySpan<float> _, in RegionSignals _, int h) => new Forecast(0, 0, 0, 0, 0, h)) { OnlyHorizonMinutes = 15 }, isOwned: true);
        Ask([1], model: 0);
        Ask([2], model: 1, horizon: 45);
        _worker.AnswerBatch();

        Assert.Equal([(1, ForecastMiss.NotLoaded), (2, ForecastMiss.HorizonUnknown)], Misses());
        Assert.Equal(0, _models.Find(1)!.Health.Misses); // Not the model's fault.
    }

    [Fact]
    public void AnswerBatch_WhenTheRingIsFull_WaitsAndLosesNothing()
    {
        Load(0);
        Ask([1, 2, 3], model: 0);
        _refusals = 5;
        _worker.AnswerBatch();

        Assert.Equal([1, 2, 3], _answers.Select(a => a.Region));
    }

    [Fact]
    public void AnswerBatch_OnceWarm_AllocatesNothing()
    {
        Load(0);
        Load(1);
        _answers.EnsureCapacity(100_000);
        float[] row = RowOf(1);
        long bytes = AllocatedBytes.Of(() =>
        {
            for (int i = 0; i < 1_000; i++)
            {
                for (int k = 0; k < 8; k++)
                {
                    _worker.Queues.TryAsk(RequestOf(k, model: i % 5 == 0 ? k % 2 : 0, horizon: 15), row, default, isUrgent: true);
                }

                _worker.AnswerBatch();
            }

            _answers.Clear();
        });

        Assert.Equal(0, bytes);
    }

    [Fact]
    public void AnswerBatch_TellsTheMeterItsSizeAndItsTime()
    {
        Load(0);
        Ask([1, 2, 3], model: 0);
        int thread = Environment.CurrentManagedThreadId;
        var measured = new List<(string Name, double Value)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, l) =>
            {
                if (instrument.Meter.Name == "PricingCore")
                {
                    l.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<int>((instrument, value, _, _) => Note(instrument, value));
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => Note(instrument, value));
        listener.Start();
        _worker.AnswerBatch();

        Assert.Equal(("pricingcore.forecast.batch_size", 3), measured[0]);
        Assert.Equal("pricingcore.forecast.duration", measured[1].Name);
        Assert.InRange(measured[1].Value, 0, 10);

        void Note(Instrument instrument, double value)
        {
            if (Environment.CurrentManagedThreadId == thread) // Other tests measure too, on threads of their own.
            {
                measured.Add((instrument.Name, value));
            }
        }
    }

    private static float[] RowOf(int region) => [region, 1, float.NaN, 2];

    private static ForecastRequest RequestOf(int region, int model, int horizon) =>
        new() { Region = region, Model = model, OtherModel = -1, HorizonMinutes = horizon, AskedAt = 1_000_000 };

    private static void AssertIsOfItsRow(AcceptedEvent answer)
    {
        Assert.Equal(MarketEventKind.ForecastReady, answer.Kind);
        Forecast forecast = OutsideForecasts.Read(answer);
        Assert.Equal(answer.Region + (1_000 * answer.Product), forecast.ExpectedDemand);
        Assert.Equal((int)answer.KeyHigh, forecast.HorizonMinutes);
    }

    private IEnumerable<(int, ForecastMiss)> Misses() =>
        _answers.Where(a => a.Kind == MarketEventKind.ForecastMissed).Select(a => (a.Region, (ForecastMiss)a.KeyLow));

    private ScriptedForecaster Load(int number)
    {
        var model = new ScriptedForecaster($"m{number}", (ReadOnlySpan<float> row, in RegionSignals _, int horizon) =>
            new Forecast(0.5f, 0.5f, row[0] + (1_000 * number), 0, 1e6f, horizon));
        Assert.True(_models.TryAdd(number, model, isOwned: true));
        return model;
    }

    private void Ask(IEnumerable<int> regions, int model, int horizon = 15, bool isUrgent = true)
    {
        foreach (int region in regions)
        {
            Assert.True(_worker.Queues.TryAsk(RequestOf(region, model, horizon), RowOf(region), default, isUrgent));
        }
    }

    private sealed class SilentForecaster : IForecaster
    {
        public string ModelVersion => "silent";

        public void Predict(in ForecastBatch batch, Span<Forecast> forecasts)
        {
        }
    }
}
