using PricingCore.Forecasts;
using PricingCore.Forecasts.Models;
using PricingCore.Training.Onnx;

namespace PricingCore.Training.Fitting;

/// <summary>A model that was just fitted, as a forecaster: what it would answer once it is packaged, bit for bit.</summary>
/// <threadsafety>Any thread.</threadsafety>
internal sealed class FittedForecaster(DemandReference reference, IReadOnlyList<int> horizonsMinutes) : IForecaster
{
    public string ModelVersion => "fitted";

    public void Predict(in ForecastBatch batch, Span<Forecast> forecasts)
    {
        int horizon = horizonsMinutes.Index().First(BatchHorizon(batch.HorizonMinutes)).Index;
        var answers = new float[reference.AnswerCount];
        for (int i = 0; i < batch.Count; i++)
        {
            reference.Evaluate(batch.Row(i), answers);
            ReadOnlySpan<float> answer = answers.AsSpan(horizon * IModelGraph.AnswerWidth, IModelGraph.AnswerWidth);
            forecasts[i] = new Forecast(answer[0], answer[1], answer[2], answer[3], answer[4], batch.HorizonMinutes);
        }
    }

    private static Func<(int Index, int Item), bool> BatchHorizon(int minutes) => horizon => horizon.Item == minutes;
}
