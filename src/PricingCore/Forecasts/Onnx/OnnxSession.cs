using System.Runtime.InteropServices;

namespace PricingCore.Forecasts.Onnx;

/// <summary>A graph loaded into ONNX Runtime.</summary>
/// <remarks>
/// It runs on the caller's thread alone and starts none. A run allocates nothing on the managed heap. What is running when the
/// session is disposed of runs to its end; the memory is freed after the last.
/// </remarks>
/// <threadsafety><see cref="Run"/>: any thread, several at a time. <see cref="IDisposable.Dispose"/>: any thread.</threadsafety>
internal sealed unsafe class OnnxSession : SafeHandle
{
    private readonly OnnxRuntimeApi _api;

    /// <param name="graph">The bytes of an ONNX file; not used once the session is made.</param>
    /// <exception cref="DllNotFoundException">There is no ONNX Runtime.</exception>
    /// <exception cref="NotSupportedException">The ONNX Runtime that was found is too old.</exception>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime refuses the graph.</exception>
    public OnnxSession(ReadOnlySpan<byte> graph)
        : base(invalidHandleValue: 0, ownsHandle: true)
    {
        _api = OnnxRuntimeLibrary.Load();
        SetHandle(_api.CreateSession(graph));
        Inputs = _api.Inputs(handle);
        Outputs = _api.Outputs(handle);
    }

    /// <summary>The inputs that the graph declares.</summary>
    public IReadOnlyList<OnnxTensor> Inputs { get; }

    /// <summary>The outputs that the graph declares.</summary>
    public IReadOnlyList<OnnxTensor> Outputs { get; }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>Runs the graph.</summary>
    /// <param name="inputName">The input's name as UTF-8, ending in a zero byte.</param>
    /// <param name="input">Rows one after the other.</param>
    /// <param name="outputName">The output's name as UTF-8, ending in a zero byte.</param>
    /// <param name="output">Where the answer's rows go, one after the other.</param>
    /// <param name="rows">How many; 1 or more. Both spans must be whole rows.</param>
    /// <exception cref="OnnxRuntimeException">The shapes do not fit the graph, or it failed.</exception>
    /// <exception cref="ObjectDisposedException">The session is disposed of.</exception>
    public void Run(ReadOnlySpan<byte> inputName, ReadOnlySpan<float> input, ReadOnlySpan<byte> outputName, Span<float> output, int rows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        if (input.Length == 0 || input.Length % rows != 0 || output.Length == 0 || output.Length % rows != 0)
        {
            throw new ArgumentException($"{input.Length} numbers in and {output.Length} out are not {rows} whole rows.", nameof(rows));
        }

        if (inputName is not [.., 0] || outputName is not [.., 0])
        {
            throw new ArgumentException("A name must end in a zero byte.", nameof(inputName));
        }

        bool isHeld = false;
        try
        {
            DangerousAddRef(ref isHeld);
            fixed (byte* inputText = inputName, outputText = outputName)
            fixed (float* inputNumbers = input, outputNumbers = output)
            {
                _api.Run(handle, inputText, inputNumbers, input.Length / rows, outputText, outputNumbers, output.Length / rows, rows);
            }
        }
        finally
        {
            if (isHeld)
            {
                DangerousRelease();
            }
        }
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        _api.ReleaseSession(handle);
        return true;
    }
}
