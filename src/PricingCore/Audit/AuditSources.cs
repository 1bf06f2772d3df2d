using PricingCore.Rules;

namespace PricingCore.Audit;

/// <summary>The rule sets and models that decisions may name, as the engine has told of them.</summary>
/// <threadsafety>Any thread.</threadsafety>
internal sealed class AuditSources
{
    /// <summary>Decisions follow the newest rules, and some that were under way the ones before; more need not be kept.</summary>
    private const int MostRuleSets = 16;
    private const int MostModels = 1_024;

    private readonly Lock _lock = new();
    private readonly List<RuleSet> _rules = [];
    private readonly Dictionary<string, string> _models = new(StringComparer.Ordinal);

    /// <summary>Whether the next rule set makes the oldest go.</summary>
    public bool IsFull
    {
        get
        {
            lock (_lock)
            {
                return _rules.Count >= MostRuleSets;
            }
        }
    }

    public void Add(RuleSet rules)
    {
        lock (_lock)
        {
            _rules.RemoveAll(other => other.Version == rules.Version);
            _rules.Add(rules);
            if (_rules.Count > MostRuleSets)
            {
                _rules.RemoveAt(0);
            }
        }
    }

    public void AddModel(string version, string sha256)
    {
        lock (_lock)
        {
            if (_models.Count < MostModels || _models.ContainsKey(version))
            {
                _models[version] = sha256;
            }
        }
    }

    public RuleSet? FindRules(string version)
    {
        lock (_lock)
        {
            return _rules.FindLast(rules => rules.Version == version);
        }
    }

    public string? FindModel(string version)
    {
        lock (_lock)
        {
            return _models.GetValueOrDefault(version);
        }
    }
}
