using System.Globalization;

namespace PricingCore.Rules;

/// <summary>Rules that were refused as a whole, with everything that is wrong with them.</summary>
/// <threadsafety>Immutable.</threadsafety>
public sealed class RuleSetException : Exception
{
    private const int ErrorsInMessage = 20; // A log line stays readable; Errors has them all.

    /// <summary>Makes an exception without a list of errors.</summary>
    public RuleSetException()
        : this([])
    {
    }

    /// <summary>Makes an exception with one error that has no place.</summary>
    /// <param name="message">What is wrong.</param>
    public RuleSetException(string message)
        : this([new RuleError("", 0, 0, message)])
    {
    }

    /// <summary>Makes an exception with one error that has no place.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="innerException">What it follows from.</param>
    public RuleSetException(string message, Exception innerException)
        : base(message, innerException) => Errors = [new RuleError("", 0, 0, message)];

    /// <summary>Makes an exception that lists errors.</summary>
    /// <param name="errors">The errors, in the order of the rules.</param>
    public RuleSetException(IReadOnlyList<RuleError> errors)
        : base(Describe(errors)) => Errors = errors;

    /// <summary>Everything that is wrong, in the order of the rules; at most 10,000 errors, and one more that says so.</summary>
    public IReadOnlyList<RuleError> Errors { get; }

    private static string Describe(IReadOnlyList<RuleError> errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        IEnumerable<string> lines = errors.Take(ErrorsInMessage).Select(error => error.ToString());
        if (errors.Count > ErrorsInMessage)
        {
            lines = lines.Append(string.Create(CultureInfo.InvariantCulture, $"... and {errors.Count - ErrorsInMessage} more"));
        }

        return string.Join('\n', lines.Prepend("The rules were refused; the running rules stay as they are."));
    }
}
