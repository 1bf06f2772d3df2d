using System.Diagnostics.Metrics;
using PricingCore.Events;
using PricingCore.Forecasts;
using PricingCore.Testing.Forecasts;

namespace PricingCore.Tests.Forecasts.Inference;

/// <summary>
/// Goal: each request gets its own answer whatever else is in its batch, and nothing is lost or allocated on the way.
/// Method: fill the queues and answer batches on the test's thread; each row carries its region's number, so a mix-up shows.
/// </summary>
public sealed class InferenceWorkerTests : IDisposable
{
    private readonly SteppedWorker _worker = new();

    public void Dispose() => _worker.Dispose();

    [Fact]
    public void AnswerBatch_TakesUpToALimit_AndUrgentRequestsFirst()
    {
        ScriptedForecaster model = _worker.Load(0);
        _worker.Ask(Enumerable.Range(100, 10), model: 0, isUrgent: false);
        _worker.Ask(Enumerable.Range(0, 40), model: 0);

        Assert.Equal([32, 8, 10, 0], Enumerable.Range(0, 4).Select(_ => _worker.AnswerBatch()));
        Assert.Equal(Enumerable.Range(0, 40).Concat(Enumerable.Range(100, 10)), _worker.Answers.Select(a => a.Region));
        Assert.All(_worker.Answers, AssertIsOfItsRow);
        Assert.Equal(3, model.Batches);
    }

    [Fact]
    public void AnswerBatch_WithModelsAndHorizonsMixed_GivesEachItsOwn()
    {
        _worker.Load(0);
        _worker.Load(1);
        for (int region = 0; region < 30; region++)
        {
            _worker.Ask([region], model: region % 2, horizon: region % 3 == 0 ? 30 : 15);
        }

        Assert.Equal(30, _worker.AnswerBatch());
        Assert.All(_worker.Answers, AssertIsOfItsRow);
        Assert.Equal(
            Enumerable.Range(0, 30).Select(region => (region, region % 2, region % 3 == 0 ? 30 : 15)).Order(),
            _worker.Answers.Select(a => (a.Region, (int)a.Product, (int)a.KeyHigh)).Order());
    }

    [Fact]
    public void AnswerBatch_ManyTimesAroundTheBuffers_KeepsRowsAndRequestsTogether()
    {
        _worker.Load(0);
        _worker.Load(1);
        int asked = 0;
        for (int round = 1; round <= 200; round++)
        {
            for (int i = 0; i < round % 61; i++)
            {
                _worker.Ask([asked % 500], model: asked % 7 == 0 ? 1 : 0, horizon: 15);
                asked++;
            }

            while (_worker.AnswerBatch() > 0)
            {
            }
        }

        Assert.Equal(asked, _worker.Answers.Count);
        Assert.All(_worker.Answers, AssertIsOfItsRow);
    }

    [Fact]
    public void AnswerBatch_WithAnotherModelToCompare_AnswersThatFirst()
    {
        _worker.Load(0);
        _worker.Load(1);
        _worker.Queues.TryAsk(SteppedWorker.RequestOf(5, model: 0, horizon: 15) with { OtherModel = 1 }, SteppedWorker.RowOf(5), default, isUrgent: true);
        _worker.Queues.TryAsk(SteppedWorker.RequestOf(6, model: -1, horizon: 15) with { OtherModel = 1 }, SteppedWorker.RowOf(6), default, isUrgent: true);
        _worker.AnswerBatch();

        Assert.Equal([(5, 1), (5, 0), (6, 1)], _worker.Answers.Select(a => (a.Region, (int)a.Product)));
    }

    [Fact]
    public void AnswerBatch_WhenTheRingIsFull_WaitsAndLosesNothing()
    {
        _worker.Load(0);
        _worker.Ask([1, 2, 3], model: 0);
        _worker.Refusals = 5;
        _worker.AnswerBatch();

        Assert.Equal([1, 2, 3], _worker.Answers.Select(a => a.Region));
    }

    [Fact]
    public void AnswerBatch_OnceWarm_AllocatesNothing()
    {
        _worker.Load(0);
        _worker.Load(1);
        _worker.Answers.EnsureCapacity(100_000);
        float[] row = SteppedWorker.RowOf(1);
        long bytes = AllocatedBytes.Of(() =>
        {
            for (int i = 0; i < 1_000; i++)
            {
                for (int k = 0; k < 8; k++)
                {
                    _worker.Queues.TryAsk(SteppedWorker.RequestOf(k, model: i % 5 == 0 ? k % 2 : 0, horizon: 15), row, default, isUrgent: true);
                }

                _worker.AnswerBatch();
            }

            _worker.Answers.Clear();
        });

        Assert.Equal(0, bytes);
    }

    [Fact]
    public void AnswerBatch_TellsTheMeterItsSizeAndItsTime()
    {
        _worker.Load(0);
        _worker.Ask([1, 2, 3], model: 0);
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

    private static void AssertIsOfItsRow(AcceptedEvent answer)
    {
        Assert.Equal(MarketEventKind.ForecastReady, answer.Kind);
        Forecast forecast = OutsideForecasts.Read(answer);
        Assert.Equal(answer.Region + (1_000 * answer.Product), forecast.ExpectedDemand);
        Assert.Equal((int)answer.KeyHigh, forecast.HorizonMinutes);
    }
}
