using System.Buffers.Binary;

namespace PricingCore.Forecasts.Trees;

/// <summary>What a model file says: nodes, constants, one input and one output. Reads the part of ONNX that a tree model needs.</summary>
/// <remarks>
/// Model files come from outside. Each length is checked against what is left of the file before anything is made, each count against a
/// limit; whatever is damaged or not known ends in a <see cref="GraphRefusedException"/> and in nothing else.
/// </remarks>
/// <threadsafety>Immutable once read.</threadsafety>
internal sealed class GraphFile
{
    /// <summary>The largest file that is read, in bytes: a node takes some 35, so that an ensemble of the largest size fits.</summary>
    public const int MaxBytes = 128 * 1_024 * 1_024;

    private const int MaxNodes = 4_096;
    private const int MaxNames = 1_024; // Inputs or outputs of a node, its attributes, constants of the graph.
    private const int MaxConstantNumbers = 65_536;
    private const int MaxSides = 8;
    private const int FloatTensor = 1; // TensorProto.DataType of the format.
    private const int Int64Tensor = 7;

    private readonly List<GraphNode> _nodes = [];
    private readonly Dictionary<string, GraphConstant> _constants = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _opsets = new(StringComparer.Ordinal);
    private GraphMatrix? _input;
    private GraphMatrix? _output;

    private GraphFile()
    {
    }

    /// <summary>The operations, in the order in which they run.</summary>
    public IReadOnlyList<GraphNode> Nodes => _nodes;

    /// <summary>Constants by name.</summary>
    public IReadOnlyDictionary<string, GraphConstant> Constants => _constants;

    /// <summary>Versions of the operators by domain.</summary>
    public IReadOnlyDictionary<string, long> Opsets => _opsets;

    /// <summary>The only input.</summary>
    public GraphMatrix Input => _input!;

    /// <summary>The only output.</summary>
    public GraphMatrix Output => _output!;

    /// <summary>Reads a file.</summary>
    /// <exception cref="GraphRefusedException">It is damaged, too large, or not of this shape.</exception>
    public static GraphFile Read(ReadOnlySpan<byte> file)
    {
        if (file.Length > MaxBytes)
        {
            throw new GraphRefusedException($"the file has {file.Length} bytes; at most {MaxBytes} are read");
        }

        var read = new GraphFile();
        FilePart? graph = null;
        var model = new WireReader(file, new FilePart(0, file.Length));
        while (model.MoveNext())
        {
            switch (model.Field)
            {
                case 7:
                    graph = graph is null ? model.Part() : throw new GraphRefusedException("the file has two graphs");
                    break;
                case 8:
                    read.AddOpset(file, model.Part());
                    break;
                case 20 or 25:
                    throw new GraphRefusedException("the model has training steps or functions of its own");
                default:
                    model.Skip();
                    break;
            }
        }

        read.ReadGraph(file, graph ?? throw new GraphRefusedException("the file has no graph"));
        return read;
    }

    private static GraphNode ReadNode(ReadOnlySpan<byte> file, FilePart part)
    {
        string op = "", domain = "";
        List<string> inputs = [], outputs = [];
        var attributes = new Dictionary<string, FilePart>(StringComparer.Ordinal);
        var node = new WireReader(file, part);
        while (node.MoveNext())
        {
            switch (node.Field)
            {
                case 1:
                    inputs.Add(node.Name());
                    Limit(inputs.Count, MaxNames, "inputs of a node");
                    break;
                case 2:
                    outputs.Add(node.Name());
                    Limit(outputs.Count, MaxNames, "outputs of a node");
                    break;
                case 4:
                    op = node.Name();
                    break;
                case 5:
                    FilePart attribute = node.Part();
                    string name = AttributeValues.NameOf(file, attribute);
                    Limit(attributes.Count, MaxNames, "attributes of a node");
                    if (!attributes.TryAdd(name, attribute))
                    {
                        throw new GraphRefusedException($"a node has the attribute {name} twice");
                    }

                    break;
                case 7:
                    domain = node.Name();
                    break;
                default:
                    node.Skip();
                    break;
            }
        }

        return new GraphNode(op, domain == "ai.onnx" ? "" : domain, inputs, outputs, attributes);
    }

    private static (string Name, GraphConstant Value) ReadConstant(ReadOnlySpan<byte> file, FilePart part)
    {
        string name = "";
        long type = 0;
        long[] shape = [];
        FilePart? raw = null;
        var tensor = new WireReader(file, part);
        while (tensor.MoveNext())
        {
            switch (tensor.Field)
            {
                case 1:
                    shape = [.. shape, .. Sides(ref tensor)];
                    Limit(shape.Length, MaxSides, "dimensions of a constant");
                    break;
                case 2:
                    type = tensor.Integer();
                    break;
                case 8:
                    name = tensor.Name();
                    break;
                case 9:
                    raw = tensor.Part();
                    break;
                case 12:
                    tensor.Skip(); // Its documentation.
                    break;
                default:
                    throw new GraphRefusedException($"the constant {name} is not stored as raw bytes in the file");
            }
        }

        long count = 1;
        foreach (long length in shape)
        {
            count = length is >= 1 and <= MaxConstantNumbers ? count * length : throw new GraphRefusedException($"the constant {name} has a side of {length}");
            Limit(count, MaxConstantNumbers, "numbers of a constant");
        }

        int size = type switch
        {
            FloatTensor => sizeof(float),
            Int64Tensor => sizeof(long),
            _ => throw new GraphRefusedException($"the constant {name} has the element type {type}; float (1) and int64 (7) are known"),
        };
        ReadOnlySpan<byte> bytes = raw is { } at ? file.Slice(at.Start, at.Length) : [];
        if (bytes.Length != count * size)
        {
            throw new GraphRefusedException($"the constant {name} has {bytes.Length} bytes, but its shape needs {count * size}");
        }

        return (name, type == FloatTensor ? new GraphConstant(shape, Floats(bytes), null) : new GraphConstant(shape, null, Integers(bytes)));
    }

    private static long[] Sides(ref WireReader tensor)
    {
        WireReader ahead = tensor;
        int count = ahead.CountIntegers();
        Limit(count, MaxSides, "dimensions of a constant");
        long[] sides = new long[count];
        _ = tensor.ReadIntegers(sides);
        return sides;
    }

    private static float[] Floats(ReadOnlySpan<byte> bytes)
    {
        float[] floats = new float[bytes.Length / sizeof(float)];
        for (int i = 0; i < floats.Length; i++)
        {
            floats[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(i * sizeof(float))..]);
        }

        return floats;
    }

    private static long[] Integers(ReadOnlySpan<byte> bytes)
    {
        long[] integers = new long[bytes.Length / sizeof(long)];
        for (int i = 0; i < integers.Length; i++)
        {
            integers[i] = BinaryPrimitives.ReadInt64LittleEndian(bytes[(i * sizeof(long))..]);
        }

        return integers;
    }

    private static void Limit(long count, long most, string what)
    {
        if (count > most)
        {
            throw new GraphRefusedException($"there are more than {most} {what}");
        }
    }

    private void ReadGraph(ReadOnlySpan<byte> file, FilePart part)
    {
        var graph = new WireReader(file, part);
        while (graph.MoveNext())
        {
            switch (graph.Field)
            {
                case 1:
                    _nodes.Add(ReadNode(file, graph.Part()));
                    Limit(_nodes.Count, MaxNodes, "nodes");
                    break;
                case 5:
                    (string name, GraphConstant value) = ReadConstant(file, graph.Part());
                    Limit(_constants.Count, MaxNames, "constants");
                    if (!_constants.TryAdd(name, value))
                    {
                        throw new GraphRefusedException($"the constant {name} is there twice");
                    }

                    break;
                case 11:
                    _input = _input is null ? MatrixReader.Read(file, graph.Part()) : throw new GraphRefusedException("the graph has more than one input");
                    break;
                case 12:
                    _output = _output is null ? MatrixReader.Read(file, graph.Part()) : throw new GraphRefusedException("the graph has more than one output");
                    break;
                case 14 or 15:
                    throw new GraphRefusedException("the graph has quantised or sparse constants");
                default:
                    graph.Skip();
                    break;
            }
        }

        if (_input is null || _output is null)
        {
            throw new GraphRefusedException("the graph has no input or no output");
        }
    }

    private void AddOpset(ReadOnlySpan<byte> file, FilePart part)
    {
        string domain = "";
        long version = 0;
        var opset = new WireReader(file, part);
        while (opset.MoveNext())
        {
            switch (opset.Field)
            {
                case 1:
                    domain = opset.Name();
                    break;
                case 2:
                    version = opset.Integer();
                    break;
                default:
                    opset.Skip();
                    break;
            }
        }

        Limit(_opsets.Count, MaxNames, "operator sets");
        _opsets[domain == "ai.onnx" ? "" : domain] = version;
    }
}
