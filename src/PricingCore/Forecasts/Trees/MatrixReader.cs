namespace PricingCore.Forecasts.Trees;

/// <summary>Reads what a graph says of its input or output: <c>ValueInfoProto</c> of the format.</summary>
internal static class MatrixReader
{
    private const int FloatTensor = 1; // TensorProto.DataType of the format.
    private const int MaxColumns = 65_536;

    /// <summary>Reads a matrix of floats with any number of rows and a known number of columns.</summary>
    /// <exception cref="GraphRefusedException">It is something else.</exception>
    public static GraphMatrix Read(ReadOnlySpan<byte> file, FilePart part)
    {
        string name = "";
        FilePart? type = null;
        var value = new WireReader(file, part);
        while (value.MoveNext())
        {
            switch (value.Field)
            {
                case 1:
                    name = value.Name();
                    break;
                case 2:
                    type = value.Part();
                    break;
                default:
                    value.Skip();
                    break;
            }
        }

        FilePart tensor = Only(file, type, 1, name); // TypeProto: tensor_type.
        FilePart? shape = null;
        long element = 0;
        var fields = new WireReader(file, tensor);
        while (fields.MoveNext())
        {
            switch (fields.Field)
            {
                case 1:
                    element = fields.Integer();
                    break;
                case 2:
                    shape = fields.Part();
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }

        List<long?> sides = shape is { } sized ? Sides(file, sized) : [];
        if (element != FloatTensor || sides is not [null, { } columns] || columns is < 1 or > MaxColumns)
        {
            throw new GraphRefusedException($"{name} is not a matrix of floats with any number of rows and 1 to {MaxColumns} columns");
        }

        return new GraphMatrix(name, (int)columns);
    }

    private static FilePart Only(ReadOnlySpan<byte> file, FilePart? message, int field, string name)
    {
        FilePart? found = null;
        var fields = new WireReader(file, message ?? throw new GraphRefusedException($"{name} has no type"));
        while (fields.MoveNext())
        {
            if (fields.Field == field)
            {
                found = fields.Part();
            }
            else
            {
                fields.Skip();
            }
        }

        return found ?? throw new GraphRefusedException($"{name} is not a tensor");
    }

    /// <summary>The sides of a shape; nothing where a side is open.</summary>
    private static List<long?> Sides(ReadOnlySpan<byte> file, FilePart shape)
    {
        List<long?> sides = [];
        var dimensions = new WireReader(file, shape);
        while (dimensions.MoveNext())
        {
            if (dimensions.Field != 1)
            {
                dimensions.Skip();
                continue;
            }

            long? side = null;
            var dimension = new WireReader(file, dimensions.Part());
            while (dimension.MoveNext())
            {
                if (dimension.Field == 1)
                {
                    side = dimension.Integer();
                }
                else
                {
                    dimension.Skip();
                }
            }

            sides.Add(side);
            if (sides.Count > 2)
            {
                break; // Not a matrix, whatever follows.
            }
        }

        return sides;
    }
}
