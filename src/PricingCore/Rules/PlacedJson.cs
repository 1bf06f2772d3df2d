using System.Text;
using System.Text.Json;

namespace PricingCore.Rules;

/// <summary>A JSON value that knows its line and column, as an operator needs to find it.</summary>
internal sealed class PlacedJson
{
    private const int MaxDepth = 2; // A rule, and the objects in it.
    private const int MaxProperties = 256;

    /// <summary>What it is: a string, number, true, false, null, start of an object or start of an array.</summary>
    public required JsonTokenType Kind { get; init; }

    public required int Line { get; init; }

    public required int Column { get; init; }

    /// <summary>The text of a string without its escapes; a number letter by letter as it stands in the file; else empty.</summary>
    public string Text { get; init; } = "";

    /// <summary>The properties of an object in order, each with the place of its name. Names may repeat.</summary>
    public IReadOnlyList<(PlacedJson Name, PlacedJson Value)> Properties { get; private set; } = [];

    /// <summary>What the value is, for an error message.</summary>
    public string Describe() => Kind switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => $"the text '{Shorten(Text)}'",
        JsonTokenType.Number => Shorten(Text),
        JsonTokenType.True => "true",
        JsonTokenType.False => "false",
        _ => "null",
    };

    /// <summary>Cuts a text that would make a message unreadable.</summary>
    public static string Shorten(string text) => text.Length <= 40 ? text : text[..40] + "...";

    /// <summary>Reads the value that the reader stands on, to its end.</summary>
    /// <remarks>
    /// What no rule can hold is skipped, so that a hostile file costs little memory: items of arrays, objects in the objects of a
    /// rule, and properties after the 256th, before which one is unknown or repeated already.
    /// </remarks>
    /// <exception cref="JsonException">The JSON is broken.</exception>
    /// <exception cref="InvalidOperationException">A string holds half a Unicode character.</exception>
    public static PlacedJson Read(ref Utf8JsonReader reader, LineCounter lines) => Read(ref reader, lines, depth: 0);

    private static PlacedJson Read(ref Utf8JsonReader reader, LineCounter lines, int depth)
    {
        (int line, int column) = lines.At(reader.TokenStartIndex);
        var value = new PlacedJson
        {
            Kind = reader.TokenType,
            Line = line,
            Column = column,
            Text = reader.TokenType switch
            {
                JsonTokenType.String or JsonTokenType.PropertyName => reader.GetString()!,
                JsonTokenType.Number => Encoding.UTF8.GetString(reader.ValueSpan),
                _ => "",
            },
        };

        if (reader.TokenType == JsonTokenType.StartObject && depth < MaxDepth)
        {
            value.Properties = ReadProperties(ref reader, lines, depth);
        }
        else if (reader.TokenType != JsonTokenType.PropertyName)
        {
            reader.Skip();
        }

        return value;
    }

    private static List<(PlacedJson Name, PlacedJson Value)> ReadProperties(ref Utf8JsonReader reader, LineCounter lines, int depth)
    {
        List<(PlacedJson, PlacedJson)> properties = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            PlacedJson name = Read(ref reader, lines, depth);
            reader.Read();
            PlacedJson property = Read(ref reader, lines, depth + 1);
            if (properties.Count < MaxProperties)
            {
                properties.Add((name, property));
            }
        }

        return properties;
    }
}
