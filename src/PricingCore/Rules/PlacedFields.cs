using System.Globalization;
using System.Text.Json;

namespace PricingCore.Rules;

/// <summary>The fields of one JSON object: each read as what it should be, with an error at its place where it is something else.</summary>
internal sealed class PlacedFields
{
    private readonly PlacedJson _json;
    private readonly string _path;
    private readonly RuleErrorList _errors;
    private readonly Dictionary<string, PlacedJson> _values = new(StringComparer.Ordinal);
    private readonly HashSet<string> _failed = new(StringComparer.Ordinal);

    /// <param name="json">An object.</param>
    /// <param name="path">Where it is.</param>
    /// <param name="known">The fields that it may have.</param>
    /// <param name="errors">Takes what is wrong.</param>
    public PlacedFields(PlacedJson json, string path, IReadOnlyList<string> known, RuleErrorList errors)
    {
        (_json, _path, _errors) = (json, path, errors);
        foreach ((PlacedJson name, PlacedJson value) in json.Properties)
        {
            if (!known.Contains(name.Text))
            {
                string message = $"There is no such field; the nearest is {NearestName.Of(name.Text, known)}.";
                _errors.Add($"{_path}.{PlacedJson.Shorten(name.Text)}", name.Line, name.Column, message);
            }
            else if (!_values.TryAdd(name.Text, value))
            {
                _errors.Add($"{_path}.{name.Text}", name.Line, name.Column, "The field occurs twice; each may occur once.");
            }
        }
    }

    public bool Has(string field) => _values.ContainsKey(field);

    public bool HasFailed(string field) => _failed.Contains(field);

    /// <summary>Notes an error at the field, or at the object when the field is missing.</summary>
    public void Fail(string field, string message)
    {
        PlacedJson place = _values.GetValueOrDefault(field, _json);
        _failed.Add(field);
        _errors.Add($"{_path}.{field}", place.Line, place.Column, message);
    }

    /// <summary>The text of a field, or null when it is missing or wrong.</summary>
    public string? Text(string field)
    {
        if (!_values.TryGetValue(field, out PlacedJson? value))
        {
            return null;
        }

        if (value.Kind == JsonTokenType.String)
        {
            return value.Text;
        }

        Fail(field, $"It is {value.Describe()}; it must be a text in quotes.");
        return null;
    }

    /// <summary>The number of a field; <paramref name="fallback"/> when it is missing or wrong.</summary>
    public double Number(string field, double fallback)
    {
        if (!TryNumber(field, out string text))
        {
            return fallback;
        }

        double number = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        return number == 0 ? 0 : number; // No minus zero, so that equal rules have equal hashes.
    }

    /// <summary>The number of a field as a whole number of units, exact; null when it is missing or wrong.</summary>
    /// <param name="field">The field.</param>
    /// <param name="decimals">How many decimals one unit stands for.</param>
    /// <param name="least">The least number of units.</param>
    /// <param name="largest">The largest number of units.</param>
    public long? Units(string field, int decimals, long least, long largest)
    {
        if (!TryNumber(field, out string text))
        {
            return null;
        }

        decimal scale = 1;
        for (int i = 0; i < decimals; i++)
        {
            scale *= 10;
        }

        string? wrong = DecimalText.Read(text, decimals, out long units);
        if (wrong is null && units >= least && units <= largest)
        {
            return units;
        }

        wrong = wrong is null ? "" : $", and {wrong}";
        Fail(field, string.Create(
            CultureInfo.InvariantCulture,
            $"{PlacedJson.Shorten(text)} is not legal: it must be a number from {least / scale} to {largest / scale}{wrong}."));
        return null;
    }

    /// <summary>The object of a field, or null when it is missing or wrong.</summary>
    public PlacedFields? Object(string field, IReadOnlyList<string> known)
    {
        if (!_values.TryGetValue(field, out PlacedJson? value))
        {
            return null;
        }

        if (value.Kind == JsonTokenType.StartObject)
        {
            return new PlacedFields(value, $"{_path}.{field}", known, _errors);
        }

        Fail(field, $"It is {value.Describe()}; it must be an object.");
        return null;
    }

    private bool TryNumber(string field, out string text)
    {
        text = "";
        if (!_values.TryGetValue(field, out PlacedJson? value))
        {
            return false;
        }

        if (value.Kind == JsonTokenType.Number)
        {
            text = value.Text;
            return true;
        }

        Fail(field, $"It is {value.Describe()}; it must be a number without quotes.");
        return false;
    }
}
