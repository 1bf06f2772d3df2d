using System.Buffers.Binary;
using Google.Protobuf;
using PricingCore.Training.Onnx.Format;
using AttributeType = PricingCore.Training.Onnx.Format.AttributeProto.Types.AttributeType;

namespace PricingCore.Training.Onnx;

/// <summary>Puts an ONNX graph together, node by node. The same calls give the same bytes.</summary>
/// <threadsafety>One thread.</threadsafety>
internal sealed class GraphBuilder
{
    /// <summary>The name of the only input: float [N, features].</summary>
    public const string Features = "features";

    /// <summary>The name of the only output: float [N, 5 x horizons].</summary>
    public const string Forecasts = "forecasts";

    private const long IrVersion = 8;
    private const long Opset = 17;
    private const long TreeOpset = 3;
    private const string TreeDomain = "ai.onnx.ml";
    private const int FloatTensor = 1; // TensorProto.DataType of the format.
    private const int Int64Tensor = 7;

    private readonly GraphProto _graph;

    public GraphBuilder(string name) => _graph = new GraphProto { Name = name };

    /// <summary>Adds a node of the standard operators with one output, named <paramref name="output"/>.</summary>
    /// <returns>The output's name.</returns>
    public string Add(string op, string output, string[] inputs, params AttributeProto[] attributes) =>
        Add("", op, output, inputs, attributes);

    /// <summary>Adds a node of the machine-learning operators.</summary>
    /// <returns>The output's name.</returns>
    public string AddTrees(string op, string output, string[] inputs, params AttributeProto[] attributes) =>
        Add(TreeDomain, op, output, inputs, attributes);

    /// <summary>Adds a constant of floats.</summary>
    /// <returns>Its name.</returns>
    public string Constant(string name, ReadOnlySpan<float> values, params ReadOnlySpan<long> shape)
    {
        byte[] bytes = new byte[values.Length * sizeof(float)];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), values[i]);
        }

        return Constant(name, FloatTensor, bytes, shape);
    }

    /// <summary>Adds a one-dimensional constant of integers.</summary>
    /// <returns>Its name.</returns>
    public string Constant(string name, ReadOnlySpan<long> values)
    {
        byte[] bytes = new byte[values.Length * sizeof(long)];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * sizeof(long)), values[i]);
        }

        return Constant(name, Int64Tensor, bytes, [values.Length]);
    }

    /// <summary>The finished file.</summary>
    /// <param name="featureCount">Columns of the input.</param>
    /// <param name="outputColumns">Columns of the output.</param>
    public byte[] ToBytes(int featureCount, int outputColumns)
    {
        _graph.Input.Add(Matrix(Features, featureCount));
        _graph.Output.Add(Matrix(Forecasts, outputColumns));
        var model = new ModelProto { IrVersion = IrVersion, ProducerName = "PricingCore", ModelVersion = 1, Graph = _graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = Opset });
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = TreeDomain, Version = TreeOpset });
        return model.ToByteArray();
    }

    public static AttributeProto Integer(string name, long value) => new() { Name = name, Type = AttributeType.Int, I = value };

    public static AttributeProto Text(string name, string value) =>
        new() { Name = name, Type = AttributeType.String, S = ByteString.CopyFromUtf8(value) };

    public static AttributeProto Integers(string name, IEnumerable<long> values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeType.Ints };
        attribute.Ints.AddRange(values);
        return attribute;
    }

    public static AttributeProto Floats(string name, IEnumerable<float> values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeType.Floats };
        attribute.Floats.AddRange(values);
        return attribute;
    }

    public static AttributeProto Texts(string name, IEnumerable<string> values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeType.Strings };
        attribute.Strings.AddRange(values.Select(ByteString.CopyFromUtf8));
        return attribute;
    }

    private static ValueInfoProto Matrix(string name, int columns)
    {
        var shape = new TensorShapeProto();
        shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimParam = "N" });
        shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = columns });
        var tensor = new TypeProto.Types.Tensor { ElemType = FloatTensor, Shape = shape };
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
    }

    private string Constant(string name, int type, byte[] bytes, ReadOnlySpan<long> shape)
    {
        var tensor = new TensorProto { Name = name, DataType = type, RawData = ByteString.CopyFrom(bytes) };
        foreach (long length in shape)
        {
            tensor.Dims.Add(length);
        }

        _graph.Initializer.Add(tensor);
        return name;
    }

    private string Add(string domain, string op, string output, string[] inputs, AttributeProto[] attributes)
    {
        var node = new NodeProto { OpType = op, Name = $"{op}_{output}", Domain = domain };
        node.Input.AddRange(inputs);
        node.Output.Add(output);
        node.Attribute.AddRange(attributes);
        _graph.Node.Add(node);
        return output;
    }
}
