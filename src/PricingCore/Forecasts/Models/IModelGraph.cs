namespace PricingCore.Forecasts.Models;

/// <summary>The graph of a model, ready to evaluate: a compiled tree kernel, or a session of ONNX Runtime.</summary>
/// <remarks>
/// A row's answer depends on that row alone: not on the other rows, the batch size or the thread. The columns of an answer are
/// <c>demand_score, confidence, expected_demand, low, high</c>.
/// </remarks>
/// <threadsafety><see cref="Evaluate"/>: any thread, several at a time.</threadsafety>
internal interface IModelGraph : IDisposable
{
    /// <summary>Columns of an answer for one horizon.</summary>
    const int AnswerWidth = 5;

    /// <summary>Features in a row.</summary>
    int FeatureCount { get; }

    /// <summary>Horizons that the graph answers for.</summary>
    int HorizonCount { get; }

    /// <summary>Evaluates rows for one horizon. Allocates nothing once warm.</summary>
    /// <param name="rows">Rows one after the other, in schema order; missing features are not a number.</param>
    /// <param name="rowCount">How many; 0 is allowed.</param>
    /// <param name="horizon">Which horizon: its index, from 0.</param>
    /// <param name="answers">Where the answers go: <see cref="AnswerWidth"/> numbers a row.</param>
    void Evaluate(ReadOnlySpan<float> rows, int rowCount, int horizon, Span<float> answers);
}
