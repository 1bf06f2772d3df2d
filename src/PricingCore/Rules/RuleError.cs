using System.Globalization;

namespace PricingCore.Rules;

/// <summary>One thing that is wrong with a rule set: where, and what would be right.</summary>
/// <param name="Path">Where, for example <c>rules[3].max_multiplier</c>; empty for the file as a whole.</param>
/// <param name="Line">The line of the file, counted from 1; 0 for rules that were made in code.</param>
/// <param name="Column">The character in that line, counted from 1; 0 for rules that were made in code.</param>
/// <param name="Message">The value and what is legal, a sentence.</param>
/// <threadsafety>Immutable.</threadsafety>
public readonly record struct RuleError(string Path, int Line, int Column, string Message)
{
    /// <summary>For example <c>line 5, column 7: rules[3].max_multiplier: ...</c>.</summary>
    public override string ToString()
    {
        string place = Path.Length == 0 ? Message : $"{Path}: {Message}";
        return Line == 0 ? place : string.Create(CultureInfo.InvariantCulture, $"line {Line}, column {Column}: {place}");
    }
}
