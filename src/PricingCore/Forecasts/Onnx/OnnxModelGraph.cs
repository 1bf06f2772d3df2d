using System.Runtime.CompilerServices;
using System.Text;
using PricingCore.Forecasts.Models;

namespace PricingCore.Forecasts.Onnx;

/// <summary>A model's graph that ONNX Runtime evaluates.</summary>
/// <threadsafety><see cref="Evaluate"/>: any thread, several at a time.</threadsafety>
internal sealed class OnnxModelGraph : IModelGraph
{
    private const int NumbersOnTheStack = 4_096; // 16 KB: 273 rows of three horizons in one run.

    private readonly OnnxSession _session;
    private readonly byte[] _input;
    private readonly byte[] _output;

    /// <param name="session">The graph, found right by <see cref="FindErrors"/>; disposed of with this.</param>
    /// <param name="input">The name of the input.</param>
    /// <param name="output">The name of the output.</param>
    /// <param name="featureCount">Features in a row.</param>
    /// <param name="horizonCount">Horizons that the graph answers for.</param>
    public OnnxModelGraph(OnnxSession session, string input, string output, int featureCount, int horizonCount)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(horizonCount * IModelGraph.AnswerWidth, NumbersOnTheStack);
        _session = session;
        _input = Encoding.UTF8.GetBytes(input + '\0');
        _output = Encoding.UTF8.GetBytes(output + '\0');
        FeatureCount = featureCount;
        HorizonCount = horizonCount;
    }

    /// <inheritdoc/>
    public int FeatureCount { get; }

    /// <inheritdoc/>
    public int HorizonCount { get; }

    /// <summary>Everything in which a graph differs from one float input [?, features] and the named float output [?, 5 x horizons].</summary>
    public static IEnumerable<string> FindErrors(OnnxSession session, string input, string output, int featureCount, int horizonCount)
    {
        if (session.Inputs.Count != 1 || session.Inputs[0].Name != input)
        {
            yield return $"its inputs are {Names(session.Inputs)}; exactly one, '{input}', is expected.";
        }
        else if (!Fits(session.Inputs[0], featureCount))
        {
            yield return $"its input '{input}' is {session.Inputs[0]}; float [?, {featureCount}] is expected.";
        }

        int width = horizonCount * IModelGraph.AnswerWidth;
        OnnxTensor? found = session.Outputs.FirstOrDefault(one => one.Name == output);
        if (found is null)
        {
            yield return $"its outputs are {Names(session.Outputs)}; '{output}' is expected.";
        }
        else if (!Fits(found, width))
        {
            yield return $"its output '{output}' is {found}; float [?, {width}] is expected, five numbers a horizon.";
        }
    }

    /// <inheritdoc/>
    [SkipLocalsInit]
    public void Evaluate(ReadOnlySpan<float> rows, int rowCount, int horizon, Span<float> answers)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rowCount);
        ArgumentOutOfRangeException.ThrowIfNegative(horizon);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(horizon, HorizonCount);
        rows = rows[..(rowCount * FeatureCount)];
        answers = answers[..(rowCount * IModelGraph.AnswerWidth)];

        int width = HorizonCount * IModelGraph.AnswerWidth;
        Span<float> all = stackalloc float[NumbersOnTheStack];
        int most = NumbersOnTheStack / width;
        for (int first = 0; first < rowCount; first += most)
        {
            int count = Math.Min(most, rowCount - first);
            Span<float> part = all[..(count * width)];
            _session.Run(_input, rows.Slice(first * FeatureCount, count * FeatureCount), _output, part, count);
            for (int i = 0; i < count; i++)
            {
                part.Slice((i * width) + (horizon * IModelGraph.AnswerWidth), IModelGraph.AnswerWidth)
                    .CopyTo(answers[((first + i) * IModelGraph.AnswerWidth)..]);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();

    private static bool Fits(OnnxTensor tensor, int columns) =>
        tensor.ElementType == OnnxElementType.Float
        && tensor.Shape.Length == 2
        && tensor.Shape[0] < 0
        && (tensor.Shape[1] < 0 || tensor.Shape[1] == columns);

    private static string Names(IReadOnlyList<OnnxTensor> tensors) => string.Join(", ", tensors.Select(tensor => $"'{tensor.Name}'"));
}
