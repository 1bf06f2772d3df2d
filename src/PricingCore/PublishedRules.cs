using System.Collections.Concurrent;
using PricingCore.Rules;

namespace PricingCore;

/// <summary>Rule sets on their way through the ring: a record has room for a number, not for a reference.</summary>
/// <threadsafety>Any thread.</threadsafety>
internal sealed class PublishedRules
{
    private readonly ConcurrentDictionary<int, (RuleSet Rules, int Readers)> _sets = new();
    private int _last;

    /// <summary>Keeps a rule set until so many loops have taken it.</summary>
    public int Add(RuleSet rules, int readers)
    {
        int number = Interlocked.Increment(ref _last);
        _sets[number] = (rules, readers);
        return number;
    }

    /// <summary>Gives a loop its rule set.</summary>
    public RuleSet Take(int number)
    {
        (RuleSet rules, int readers) = _sets.AddOrUpdate(
            number, _ => throw new InvalidOperationException($"Rule set {number} was never published."), (_, set) => (set.Rules, set.Readers - 1));
        if (readers == 0)
        {
            _sets.TryRemove(number, out _);
        }

        return rules;
    }

    /// <summary>Forgets a rule set that did not enter the ring.</summary>
    public void Remove(int number) => _sets.TryRemove(number, out _);
}
