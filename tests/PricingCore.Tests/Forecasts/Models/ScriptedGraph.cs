using PricingCore.Forecasts.Models;

namespace PricingCore.Tests.Forecasts.Models;

/// <summary>A graph that a test writes as one function of a row, a horizon and a column.</summary>
internal sealed class ScriptedGraph(int featureCount, int horizonCount, Func<float[], int, int, float> answer) : IModelGraph
{
    public bool IsDisposed { get; private set; }

    public int FeatureCount => featureCount;

    public int HorizonCount => horizonCount;

    public void Evaluate(ReadOnlySpan<float> rows, int rowCount, int horizon, Span<float> answers)
    {
        for (int row = 0; row < rowCount; row++)
        {
            float[] features = rows.Slice(row * featureCount, featureCount).ToArray();
            for (int column = 0; column < IModelGraph.AnswerWidth; column++)
            {
                answers[(row * IModelGraph.AnswerWidth) + column] = answer(features, horizon, column);
            }
        }
    }

    public void Dispose() => IsDisposed = true;
}
