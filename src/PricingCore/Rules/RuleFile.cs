using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace PricingCore.Rules;

/// <summary>Reads a rules file as a whole: either every rule in it is right, or it is refused with everything that is wrong.</summary>
internal static class RuleFile
{
    /// <summary>The largest file in bytes: 16 MB.</summary>
    public const int MaxBytes = 16 * 1_024 * 1_024;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>The bytes of a file, at most one more than <see cref="MaxBytes"/>, so that <see cref="Parse"/> can refuse it.</summary>
    public static byte[] Read(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var content = new MemoryStream();
        byte[] chunk = new byte[64 * 1_024];
        while (content.Length <= MaxBytes)
        {
            int read = file.Read(chunk);
            if (read == 0)
            {
                break;
            }

            content.Write(chunk, 0, read);
        }

        return content.ToArray();
    }

    /// <summary>Parses a rules file.</summary>
    /// <exception cref="RuleSetException">Something is wrong; lists every error.</exception>
    public static RuleSet Parse(ReadOnlyMemory<byte> utf8)
    {
        var errors = new RuleErrorList();
        if (utf8.Length > MaxBytes)
        {
            string message = string.Create(CultureInfo.InvariantCulture, $"The file has more than {MaxBytes:N0} bytes, the most it may have.");
            errors.Add("", 1, 1, message);
            errors.ThrowIfAny();
        }

        utf8 = utf8.Span.StartsWith(ByteOrderMark) ? utf8[ByteOrderMark.Length..] : utf8;
        var rules = new RuleReader(errors);
        var lines = new LineCounter(utf8);
        if (!Utf8.IsValid(utf8.Span))
        {
            (int line, int column) = lines.At(FirstInvalidByte(utf8.Span));
            errors.Add("", line, column, "A byte that is not UTF-8; the file must be UTF-8 text.");
            errors.ThrowIfAny();
        }

        var reader = new Utf8JsonReader(utf8.Span);
        try
        {
            ReadFile(ref reader, lines, rules, errors);
        }
        catch (JsonException broken)
        {
            int line = (int)(broken.LineNumber ?? 0) + 1;
            errors.Add("", line, (int)(broken.BytePositionInLine ?? 0) + 1, "The JSON is broken: " + Sentence(broken.Message));
        }
        catch (InvalidOperationException)
        {
            (int line, int column) = lines.At(reader.TokenStartIndex);
            errors.Add("", line, column, "The text holds half a Unicode character; write \\u escapes of such characters in pairs.");
        }

        return RuleSet.Of(rules.Rules, errors);
    }

    private static void ReadFile(ref Utf8JsonReader reader, LineCounter lines, RuleReader rules, RuleErrorList errors)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            (int line, int column) = lines.At(reader.TokenStartIndex);
            errors.Add("", line, column, "The file must be an object: {\"rules\": [...]}.");
            return;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            PlacedJson name = PlacedJson.Read(ref reader, lines);
            reader.Read();
            if (!seen.Add(name.Text))
            {
                errors.Add(PlacedJson.Shorten(name.Text), name.Line, name.Column, "The field occurs twice; each may occur once.");
            }

            if (name.Text == RuleFields.Rules && reader.TokenType == JsonTokenType.StartArray)
            {
                rules.ReadAll(ref reader, lines);
                continue;
            }

            string? wrong = name.Text switch
            {
                RuleFields.Rules => "It must be an array of rules.",
                RuleFields.Schema => reader.TokenType == JsonTokenType.String ? null : "It must be a text, the address of the JSON schema.",
                _ => $"There is no such field; the nearest is {NearestName.Of(name.Text, RuleFields.OfFile)}.",
            };
            reader.Skip();
            if (wrong is not null)
            {
                errors.Add(PlacedJson.Shorten(name.Text), name.Line, name.Column, wrong);
            }
        }

        (int lastLine, int lastColumn) = lines.At(reader.TokenStartIndex);
        reader.Read(); // Refuses what follows the object.
        if (!seen.Contains(RuleFields.Rules))
        {
            errors.Add(RuleFields.Rules, lastLine, lastColumn, "The field is missing; it must be an array of rules.");
        }
        else if (errors.IsEmpty && rules.Rules.Count == 0)
        {
            errors.Add(RuleFields.Rules, lastLine, lastColumn, "There is no rule; a file must hold at least one.");
        }
    }

    private static int FirstInvalidByte(ReadOnlySpan<byte> utf8)
    {
        int position = 0;
        while (Rune.DecodeFromUtf8(utf8[position..], out _, out int consumed) == System.Buffers.OperationStatus.Done)
        {
            position += consumed;
        }

        return position;
    }

    // The place is in the error already; the reader's own is counted from 0 and would only confuse.
    private static string Sentence(string message)
    {
        int place = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return place < 0 ? message : message[..place];
    }
}
