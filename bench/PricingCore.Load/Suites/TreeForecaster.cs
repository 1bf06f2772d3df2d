using PricingCore.Features;
using PricingCore.Forecasts;
using PricingCore.Forecasts.Models;
using PricingCore.Forecasts.Trees;
using PricingCore.Training.Onnx;
using PricingCore.Training.Tests.Onnx;
using PricingCore.Training.Trees;

namespace PricingCore.Load.Suites;

/// <summary>100 full trees of depth 6 over the 64 mobility features with the trainer's scoring tail, compiled: what a model costs, without what it knows.</summary>
internal sealed class TreeForecaster : IForecaster, IDisposable
{
    private const int MaxRows = 4_096;
    private readonly TreeKernel _kernel;
    private readonly float[] _answers = new float[MaxRows * IModelGraph.AnswerWidth]; // One thread: the inference thread.

    public TreeForecaster()
    {
        FeatureSchema schema = FeatureSchema.Mobility;
        DecisionForest forest = RandomForest.Balanced(1, schema.Count, targets: 2, trees: 100, depth: 6);
        var scale = new DemandScale(schema.IndexOf("rolling_avg_demand_7d"), [0.001f], [0.01f], schema.IndexOf("rolling_avg_demand_7d"));
        byte[] graph = DemandGraph.Write(forest, [15], scale);
        _kernel = TreeKernel.TryCompile(graph, out TreeKernel? kernel, out string reason) ? kernel : throw new InvalidOperationException(reason);
    }

    public string ModelVersion => "trees-100x6/1.0.0";

    public void Predict(in ForecastBatch batch, Span<Forecast> forecasts)
    {
        _kernel.Evaluate(batch.Rows, batch.Count, 0, _answers);
        for (int i = 0; i < batch.Count; i++)
        {
            ReadOnlySpan<float> answer = _answers.AsSpan(i * IModelGraph.AnswerWidth, IModelGraph.AnswerWidth);
            forecasts[i] = new Forecast(answer[0], answer[1], answer[2], answer[3], answer[4], batch.HorizonMinutes);
        }
    }

    public void Dispose() => _kernel.Dispose();
}
