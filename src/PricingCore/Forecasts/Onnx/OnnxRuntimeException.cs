namespace PricingCore.Forecasts.Onnx;

/// <summary>ONNX Runtime refused to do something; the message is its own.</summary>
/// <threadsafety>Immutable.</threadsafety>
public sealed class OnnxRuntimeException : Exception
{
    /// <summary>Makes an exception without a message.</summary>
    public OnnxRuntimeException()
        : this(0, "")
    {
    }

    /// <summary>Makes an exception without a code.</summary>
    /// <param name="message">What is wrong.</param>
    public OnnxRuntimeException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception without a code.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="innerException">What it follows from.</param>
    public OnnxRuntimeException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Makes an exception of what ONNX Runtime answered.</summary>
    /// <param name="code">Its error code.</param>
    /// <param name="message">Its message.</param>
    public OnnxRuntimeException(int code, string message)
        : base($"ONNX Runtime error {code}: {message}") => Code = code;

    /// <summary>ONNX Runtime's error code, for example 2 (invalid argument) or 7 (invalid protobuf); 0 when there is none.</summary>
    public int Code { get; }
}
