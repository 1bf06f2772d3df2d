namespace PricingCore.Rules;

/// <summary>CONTRACT STUB: rules that take effect together, with a version and a hash.</summary>
public sealed class RuleSet
{
    /// <summary>Makes a rule set; throws RuleSetException listing all errors.</summary>
    public RuleSet(IReadOnlyList<PricingRule> rules) => Rules = rules;

    /// <summary>The rules.</summary>
    public IReadOnlyList<PricingRule> Rules { get; }

    /// <summary>Names the set: the first 12 hexadecimal digits of <see cref="Hash"/>.</summary>
    public string Version => throw new NotImplementedException();

    /// <summary>SHA-256 of the canonical form, 64 hexadecimal digits.</summary>
    public string Hash => throw new NotImplementedException();

    /// <summary>The rule for a region and product: the most specific, then the latest in effect; null when none covers it.</summary>
    public PricingRule? Find(string regionId, string productType, DateTimeOffset at) => throw new NotImplementedException();

    /// <summary>Parses the JSON of a rules file; throws RuleSetException listing all errors.</summary>
    public static RuleSet Parse(string json) => throw new NotImplementedException();

    /// <summary>Reads a rules file.</summary>
    public static RuleSet Load(string path) => throw new NotImplementedException();
}
