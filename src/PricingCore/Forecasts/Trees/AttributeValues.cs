namespace PricingCore.Forecasts.Trees;

/// <summary>Reads the settings of a node: <c>AttributeProto</c> of the format.</summary>
/// <remarks>Lists are counted before they are read, so that memory is only taken for what is in the file, up to a limit.</remarks>
internal static class AttributeValues
{
    /// <summary>The longest list: as many nodes as an ensemble may have.</summary>
    public const int MaxNumbers = 2_097_152;

    private const int NameField = 1;
    private const int FloatField = 2;
    private const int IntegerField = 3;
    private const int TextField = 4;
    private const int FloatsField = 7;
    private const int IntegersField = 8;
    private const int TextsField = 9;
    private const int DocumentationField = 13;
    private const int TypeField = 20;

    public static string NameOf(ReadOnlySpan<byte> file, FilePart attribute)
    {
        var fields = new WireReader(file, attribute);
        while (fields.MoveNext())
        {
            if (fields.Field == NameField)
            {
                return fields.Name();
            }

            fields.Skip();
        }

        throw new GraphRefusedException("an attribute has no name");
    }

    public static long Integer(ReadOnlySpan<byte> file, FilePart attribute)
    {
        var fields = new WireReader(file, attribute);
        return MoveTo(ref fields, IntegerField) ? fields.Integer() : throw Missing(file, attribute, "an integer");
    }

    public static string Text(ReadOnlySpan<byte> file, FilePart attribute)
    {
        var fields = new WireReader(file, attribute);
        return MoveTo(ref fields, TextField) ? fields.Name() : throw Missing(file, attribute, "a text");
    }

    public static long[] Integers(ReadOnlySpan<byte> file, FilePart attribute)
    {
        int count = 0;
        var counting = new WireReader(file, attribute);
        while (MoveTo(ref counting, IntegersField))
        {
            count += counting.CountIntegers();
            Limit(count);
        }

        long[] values = new long[count];
        int at = 0;
        var reading = new WireReader(file, attribute);
        while (MoveTo(ref reading, IntegersField))
        {
            at += reading.ReadIntegers(values.AsSpan(at));
        }

        return values;
    }

    public static float[] Floats(ReadOnlySpan<byte> file, FilePart attribute)
    {
        int count = 0;
        var counting = new WireReader(file, attribute);
        while (MoveTo(ref counting, FloatsField))
        {
            count += counting.CountSingles();
            Limit(count);
        }

        float[] values = new float[count];
        int at = 0;
        var reading = new WireReader(file, attribute);
        while (MoveTo(ref reading, FloatsField))
        {
            at += reading.ReadSingles(values.AsSpan(at));
        }

        return values;
    }

    /// <summary>A list of texts as the index of each in <paramref name="known"/>.</summary>
    public static byte[] Choices(ReadOnlySpan<byte> file, FilePart attribute, IReadOnlyList<byte[]> known)
    {
        int count = 0;
        var counting = new WireReader(file, attribute);
        while (MoveTo(ref counting, TextsField))
        {
            counting.Skip();
            Limit(++count);
        }

        byte[] choices = new byte[count];
        var reading = new WireReader(file, attribute);
        for (int i = 0; MoveTo(ref reading, TextsField); i++)
        {
            FilePart text = reading.Part();
            choices[i] = IndexOf(file.Slice(text.Start, text.Length), known, NameOf(file, attribute));
        }

        return choices;
    }

    private static byte IndexOf(ReadOnlySpan<byte> text, IReadOnlyList<byte[]> known, string attribute)
    {
        for (byte i = 0; i < known.Count; i++)
        {
            if (text.SequenceEqual(known[i]))
            {
                return i;
            }
        }

        throw new GraphRefusedException($"{attribute} has a value that the kernel does not know");
    }

    /// <summary>Moves to the next field with a value, which must be the one that is asked for.</summary>
    private static bool MoveTo(ref WireReader fields, int field)
    {
        while (fields.MoveNext())
        {
            if (fields.Field == field)
            {
                return true;
            }

            // A writer may store the default of another kind beside the value; anything but a default would be a contradiction.
            bool isDefault = fields.Field switch
            {
                FloatField => fields.Single() == 0,
                IntegerField => fields.Integer() == 0,
                TextField => fields.Part().Length == 0,
                NameField or DocumentationField or TypeField => Skipped(ref fields),
                _ => false,
            };
            if (!isDefault)
            {
                throw new GraphRefusedException("an attribute has a value of another kind than its node asks for");
            }
        }

        return false;
    }

    private static bool Skipped(ref WireReader fields)
    {
        fields.Skip();
        return true;
    }

    private static void Limit(int count)
    {
        if (count > MaxNumbers)
        {
            throw new GraphRefusedException($"a list has more than {MaxNumbers} values");
        }
    }

    private static GraphRefusedException Missing(ReadOnlySpan<byte> file, FilePart attribute, string what) =>
        new($"the attribute {NameOf(file, attribute)} is not {what}");
}
