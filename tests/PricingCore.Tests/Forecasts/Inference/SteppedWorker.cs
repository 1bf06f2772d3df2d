using Microsoft.Extensions.Logging.Abstractions;
using PricingCore.Events;
using PricingCore.Features;
using PricingCore.Forecasts;
using PricingCore.Forecasts.Inference;
using PricingCore.Testing.Forecasts;

namespace PricingCore.Tests.Forecasts.Inference;

/// <summary>A worker that answers its batches on the test's thread, at the test's time.</summary>
internal sealed class SteppedWorker : IDisposable
{
    public const long DeadlineMicros = 20_000;
    private const int Width = 4;
    private readonly InferenceWorker _worker;

    public SteppedWorker()
    {
        _worker = new InferenceWorker(
            new InferenceSettings
            {
                RowWidth = Width,
                MaxBatch = 32,
                MaxRefreshBatch = 64,
                UrgentCapacity = 64,
                RefreshCapacity = 64,
                DeadlineMicros = DeadlineMicros,
                Time = TimeProvider.System,
                Logger = NullLogger.Instance,
            },
            Models,
            answers =>
            {
                if (Refusals > 0)
                {
                    Refusals--;
                    answers = answers[..(Refusals % 2)]; // A ring with room for none, or for one.
                }

                Answers.AddRange(answers);
                return answers.Length;
            },
            () => Now);
    }

    public LoadedModels Models { get; } = new(maxVersions: 16, maxLoaded: 8);

    /// <summary>What the ring has taken.</summary>
    public List<AcceptedEvent> Answers { get; } = [];

    public ForecastQueues Queues => _worker.Queues;

    public long Now { get; set; } = 1_000_000;

    /// <summary>How many more times the ring is full.</summary>
    public int Refusals { get; set; }

    public static float[] RowOf(int region) => [region, 1, float.NaN, 2];

    public static ForecastRequest RequestOf(int region, int model, int horizon) =>
        new() { Region = region, Model = model, OtherModel = -1, HorizonMinutes = horizon, AskedAt = 1_000_000 };

    /// <summary>A model whose forecast is its row's region plus 1,000 times its own number, so that a mix-up shows.</summary>
    public ScriptedForecaster Load(int number)
    {
        var model = new ScriptedForecaster($"m{number}", (ReadOnlySpan<float> row, in RegionSignals _, int horizon) =>
            new Forecast(0.5f, 0.5f, row[0] + (1_000 * number), 0, 1e6f, horizon));
        Assert.True(Models.TryAdd(number, model, isOwned: true));
        return model;
    }

    public void Ask(IEnumerable<int> regions, int model, int horizon = 15, bool isUrgent = true)
    {
        foreach (int region in regions)
        {
            Assert.True(Queues.TryAsk(RequestOf(region, model, horizon), RowOf(region), default, isUrgent));
        }
    }

    public int AnswerBatch() => _worker.AnswerBatch();

    public void Dispose()
    {
        _worker.Dispose();
        Models.Dispose();
    }
}
