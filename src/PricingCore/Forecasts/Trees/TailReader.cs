using static PricingCore.Forecasts.Trees.TailOperation;

namespace PricingCore.Forecasts.Trees;

/// <summary>Reads the nodes around the trees as arithmetic on single columns, in any arrangement of the operators of <see cref="TailOperation"/>.</summary>
/// <remarks>
/// Each value of the graph is a matrix with one row per row of the input; here it is the list of its columns, each the result of a step.
/// Gather picks columns and Concat joins them: both cost nothing later. Equal steps are taken once.
/// </remarks>
/// <threadsafety>One thread, used once.</threadsafety>
internal sealed class TailReader
{
    private const int MaxColumns = 4_096;
    private const int MaxSteps = 65_536;

    private readonly GraphFile _graph;
    private readonly Dictionary<string, Columns> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<TailStep, int> _known = [];
    private readonly List<TailStep> _steps = [];

    private TailReader(GraphFile graph) => _graph = graph;

    /// <summary>Reads all nodes of a graph.</summary>
    /// <returns>The steps, the step of each output column, and the trees among the nodes.</returns>
    /// <exception cref="GraphRefusedException">A node is not known.</exception>
    public static (List<TailStep> Steps, int[] Outputs, TreeEnsemble Trees) Read(ReadOnlySpan<byte> file, GraphFile graph)
    {
        var reader = new TailReader(graph);
        TreeEnsemble? trees = null;
        reader.Define(graph.Input.Name, reader.Indexed(Feature, graph.Input.Columns));
        foreach (GraphNode node in graph.Nodes)
        {
            if (node is not { Outputs: [string output] })
            {
                throw new GraphRefusedException($"the operator {node.Operator} has {node.Outputs.Count} outputs");
            }

            if (node is { Operator: "TreeEnsembleRegressor", Domain: "ai.onnx.ml" })
            {
                if (trees is not null || node.Inputs is not [string input] || input != graph.Input.Name)
                {
                    throw new GraphRefusedException("there is more than one TreeEnsembleRegressor, or one that does not read the input alone");
                }

                trees = TreeEnsembleReader.Read(file, node, graph.Input.Columns);
                reader.Define(output, reader.Indexed(Target, trees.TargetCount));
            }
            else
            {
                reader.Define(output, reader.Apply(file, node));
            }
        }

        Columns outputs = reader.Get(graph.Output.Name);
        return trees is null || outputs.IsMask || outputs.Steps.Length != graph.Output.Columns
            ? throw new GraphRefusedException("the graph has no TreeEnsembleRegressor, or its output is not what it says")
            : (reader._steps, outputs.Steps, trees);
    }

    private Columns Indexed(TailOperation operation, int count) =>
        count <= MaxColumns
            ? new Columns([.. Enumerable.Range(0, count).Select(i => Step(new TailStep(operation, i)))])
            : throw new GraphRefusedException($"a value has {count} columns; up to {MaxColumns} are known");

    private Columns Apply(ReadOnlySpan<byte> file, GraphNode node) => (node.Domain, node.Operator) switch
    {
        ("", "Gather") => Gather(file, node),
        ("", "Concat") => Concat(file, node),
        ("", "IsNaN") => Each(node, IsNaN, operands: 1) with { IsMask = true },
        ("", "Where") => Each(node, Where, operands: 3),
        ("", "Max") => Fold(node, Max),
        ("", "Min") => Fold(node, Min),
        ("", "Add") => Each(node, Add, operands: 2),
        ("", "Sub") => Each(node, Sub, operands: 2),
        ("", "Mul") => Each(node, Mul, operands: 2),
        ("", "Div") => Each(node, Div, operands: 2),
        _ => throw new GraphRefusedException($"the operator {node.Operator} is not one that the kernel knows"),
    };

    private Columns Gather(ReadOnlySpan<byte> file, GraphNode node)
    {
        CheckAxis(file, node);
        if (node.Inputs is not [string from, string which] || !_graph.Constants.TryGetValue(which, out GraphConstant? indices)
            || indices is not { Integers: { } columns, Shape.Length: 1 })
        {
            throw new GraphRefusedException("a Gather takes columns that are not a constant list");
        }

        Columns value = Get(from);
        int count = value.Steps.Length;
        return columns.All(column => column >= -count && column < count)
            ? value with { Steps = [.. columns.Select(column => value.Steps[column < 0 ? column + count : column])] }
            : throw new GraphRefusedException($"a Gather takes a column that is not there; there are {count}");
    }

    private Columns Concat(ReadOnlySpan<byte> file, GraphNode node)
    {
        CheckAxis(file, node);
        Columns[] parts = [.. node.Inputs.Select(Get)];
        if (parts.Any(part => part.IsMask) || parts.Sum(part => part.Steps.Length) is 0 or > MaxColumns)
        {
            throw new GraphRefusedException($"a Concat joins masks, nothing, or more than {MaxColumns} columns");
        }

        return new Columns([.. parts.SelectMany(part => part.Steps)]);
    }

    private Columns Fold(GraphNode node, TailOperation operation)
    {
        if (node.Inputs.Count != 2)
        {
            throw new GraphRefusedException($"a {operation} has {node.Inputs.Count} operands; two are known");
        }

        return Each(node, operation, operands: 2);
    }

    /// <summary>Applies an operation column by column; a single column goes with each of the others.</summary>
    private Columns Each(GraphNode node, TailOperation operation, int operands)
    {
        if (node.Inputs.Count != operands || node.Attributes.Count != 0)
        {
            throw new GraphRefusedException($"a {operation} has operands or attributes that it should not have");
        }

        Columns[] values = [.. node.Inputs.Select(GetOrConstant)];
        int columns = values.Max(value => value.Steps.Length);
        bool fit = values.All(value => value.Steps.Length == columns || value.Steps.Length == 1)
            && values.Any(value => !value.IsConstant)
            && values.Select((value, i) => value.IsMask == (operation == Where && i == 0)).All(isRight => isRight);
        if (!fit)
        {
            throw new GraphRefusedException($"the operands of a {operation} do not fit each other");
        }

        int[] steps = new int[columns];
        for (int i = 0; i < columns; i++)
        {
            steps[i] = Step(new TailStep(operation, At(0, i), At(1, i), At(2, i)));
        }

        return new Columns(steps);

        int At(int operand, int column) =>
            operand >= values.Length ? 0 : values[operand].Steps[values[operand].Steps.Length == 1 ? 0 : column];
    }

    private static void CheckAxis(ReadOnlySpan<byte> file, GraphNode node)
    {
        long axis = node.Attributes.TryGetValue("axis", out FilePart part) ? AttributeValues.Integer(file, part) : 0;
        if (node.Attributes.Count != 1 || axis is not (1 or -1))
        {
            throw new GraphRefusedException($"a {node.Operator} works on rows, not on columns");
        }
    }

    private int Step(TailStep step)
    {
        if (_known.TryGetValue(step, out int number))
        {
            return number;
        }

        if (_steps.Count == MaxSteps)
        {
            throw new GraphRefusedException($"the nodes around the trees take more than {MaxSteps} steps");
        }

        _steps.Add(step);
        _known.Add(step, _steps.Count - 1);
        return _steps.Count - 1;
    }

    private void Define(string name, Columns value)
    {
        if (_graph.Constants.ContainsKey(name) || !_values.TryAdd(name, value))
        {
            throw new GraphRefusedException($"two values have the name {name}");
        }
    }

    private Columns Get(string name) =>
        _values.TryGetValue(name, out Columns? value) ? value : throw new GraphRefusedException($"the value {name} is not there, or is a constant");

    private Columns GetOrConstant(string name)
    {
        if (!_graph.Constants.TryGetValue(name, out GraphConstant? constant))
        {
            return Get(name);
        }

        bool isRow = constant.Shape.Length <= 1 || constant.Shape is [1, _];
        if (constant.Floats is not { } numbers || !isRow || numbers.Length > MaxColumns)
        {
            throw new GraphRefusedException($"the constant {name} is not a row of floats");
        }

        return new Columns([.. numbers.Select(number => Step(new TailStep(Constant, BitConverter.SingleToInt32Bits(number))))]) { IsConstant = true };
    }

    /// <summary>A value: the step of each of its columns.</summary>
    private sealed record Columns(int[] Steps)
    {
        public bool IsMask { get; init; }

        public bool IsConstant { get; init; }
    }
}
