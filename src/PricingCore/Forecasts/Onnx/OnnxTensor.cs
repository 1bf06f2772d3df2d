namespace PricingCore.Forecasts.Onnx;

/// <summary>An input or an output of a graph.</summary>
/// <param name="Name">Its name.</param>
/// <param name="ElementType">What its elements are.</param>
/// <param name="Shape">Its sizes; -1 where the graph leaves one open.</param>
/// <threadsafety>Immutable by convention.</threadsafety>
internal sealed record OnnxTensor(string Name, OnnxElementType ElementType, long[] Shape)
{
    /// <summary>The tensor as messages show it, for example <c>float [?, 64]</c>.</summary>
    public override string ToString() =>
        $"{ElementType.ToString().ToLowerInvariant()} [{string.Join(", ", Shape.Select(size => size < 0 ? "?" : size.ToString(System.Globalization.CultureInfo.InvariantCulture)))}]";
}

/// <summary>What the elements of a tensor are, with ONNX's numbers; only those that messages are likely to name.</summary>
internal enum OnnxElementType
{
    /// <summary>Not a tensor, or unknown.</summary>
    None = 0,

    /// <summary>32-bit floating point.</summary>
    Float = 1,

    /// <summary>32-bit integer.</summary>
    Int32 = 6,

    /// <summary>64-bit integer.</summary>
    Int64 = 7,

    /// <summary>Text.</summary>
    String = 8,

    /// <summary>True or false.</summary>
    Bool = 9,

    /// <summary>16-bit floating point.</summary>
    Float16 = 10,

    /// <summary>64-bit floating point.</summary>
    Double = 11,
}
