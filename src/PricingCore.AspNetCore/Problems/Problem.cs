namespace PricingCore.AspNetCore.Problems;

/// <summary>What is wrong with one request: which field, and what would be right. The default value is no problem.</summary>
/// <param name="Type">The kind of problem.</param>
/// <param name="Detail">A sentence about this request. Never a user id, a token or a key.</param>
/// <param name="Field">The field or parameter; null when it is about the whole.</param>
/// <param name="Legal">What is legal there; null when there is nothing to say.</param>
/// <threadsafety>Immutable.</threadsafety>
internal readonly record struct Problem(ProblemType Type, string Detail, string? Field = null, string? Legal = null)
{
    /// <summary>Further errors, where many are found at once, as in rules.</summary>
    public IReadOnlyList<ProblemPart> Parts { get; init; } = [];

    /// <summary>Whether there is none.</summary>
    public bool IsNone => Type is null;
}

/// <summary>One of several errors.</summary>
/// <param name="Field">Where.</param>
/// <param name="Detail">What is wrong, and what would be right.</param>
/// <param name="Line">The line of the body, counted from 1; 0 when there is none.</param>
/// <param name="Column">The column in it, counted from 1; 0 when there is none.</param>
internal readonly record struct ProblemPart(string Field, string Detail, int Line = 0, int Column = 0);
