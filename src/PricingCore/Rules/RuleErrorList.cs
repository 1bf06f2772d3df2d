namespace PricingCore.Rules;

/// <summary>Gathers what is wrong with a rule set, up to a limit, so that a hostile file cannot fill the memory with complaints.</summary>
internal sealed class RuleErrorList
{
    private const int MaxErrors = 10_000;

    private readonly List<RuleError> _errors = [];

    public bool IsEmpty => _errors.Count == 0;

    public bool IsFull => _errors.Count > MaxErrors;

    public void Add(string path, int line, int column, string message)
    {
        if (_errors.Count < MaxErrors)
        {
            _errors.Add(new RuleError(path, line, column, message));
        }
        else if (_errors.Count == MaxErrors)
        {
            _errors.Add(new RuleError("", line, column, "There are more errors than the 10,000 listed."));
        }
    }

    public void ThrowIfAny()
    {
        if (!IsEmpty)
        {
            throw new RuleSetException([.. _errors.OrderBy(error => error.Line).ThenBy(error => error.Column)]);
        }
    }
}
