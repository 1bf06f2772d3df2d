using System.Text.Json;

namespace PricingCore.Cli;

/// <summary>Reads a JSON file of settings and collects every error with its path, instead of stopping at the first.</summary>
/// <threadsafety>One thread at a time.</threadsafety>
internal sealed class JsonWalk(string file)
{
    private readonly List<string> _errors = [];

    public IReadOnlyList<string> Errors => _errors;

    public void Error(string path, string message) => _errors.Add($"{file}: {path}: {message}");

    /// <exception cref="CommandFailedException">The bytes are not JSON.</exception>
    public JsonDocument Parse(byte[] utf8)
    {
        try
        {
            return JsonDocument.Parse(utf8, new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
        }
        catch (JsonException exception)
        {
            throw new CommandFailedException(
                $"{file} is not JSON: line {exception.LineNumber + 1}, byte {exception.BytePositionInLine}: {exception.Message.Split(". ")[0]}")
            {
                ExitCode = ExitCode.WrongUsage,
            };
        }
    }

    /// <exception cref="CommandFailedException">There were errors.</exception>
    public void ThrowIfErrors(string what)
    {
        if (_errors.Count > 0)
        {
            throw new CommandFailedException($"{file}: {_errors.Count} error(s) in {what}; fix them all and try again")
            {
                ExitCode = ExitCode.WrongUsage,
                Errors = _errors,
            };
        }
    }

    /// <summary>The members of an object; names that are not known, or come twice, are errors.</summary>
    public Dictionary<string, JsonElement> Members(JsonElement element, string path, params ReadOnlySpan<string> known)
    {
        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        if (element.ValueKind != JsonValueKind.Object)
        {
            Error(path, "must be an object { }");
            return members;
        }

        foreach (JsonProperty member in element.EnumerateObject())
        {
            if (member.Name == "$schema")
            {
                continue;
            }

            if (!known.IsEmpty && !known.Contains(member.Name))
            {
                Error(path, $"'{member.Name}' is not known here; known are {string.Join(", ", known.ToArray())}");
            }
            else if (!members.TryAdd(member.Name, member.Value))
            {
                Error(path, $"'{member.Name}' is given twice");
            }
        }

        return members;
    }

    public IEnumerable<JsonElement> Items(JsonElement element, string path)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            return element.EnumerateArray();
        }

        Error(path, "must be a list [ ]");
        return [];
    }

    public string? Text(Dictionary<string, JsonElement> members, string name, string path, bool required = false)
    {
        if (!members.TryGetValue(name, out JsonElement element))
        {
            if (required)
            {
                Error(path, $"'{name}' is missing");
            }

            return null;
        }

        if (element.ValueKind == JsonValueKind.String && element.GetString() is { Length: > 0 } text)
        {
            return text;
        }

        Error($"{path}.{name}", "must be a text in quotes, not empty");
        return null;
    }

    public double Number(Dictionary<string, JsonElement> members, string name, string path, double standard, double least, double largest)
    {
        if (!members.TryGetValue(name, out JsonElement element))
        {
            return standard;
        }

        if (element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out double number) && number >= least && number <= largest)
        {
            return number;
        }

        Error($"{path}.{name}", FormattableString.Invariant($"must be a number from {least} to {largest}"));
        return standard;
    }
}
