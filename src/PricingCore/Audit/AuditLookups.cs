using PricingCore.Rules;

namespace PricingCore.Audit;

/// <summary>Finds what a decision only names: its rule set and its model, as recorded before it in the same segment.</summary>
/// <param name="findRules">The rule set of a version.</param>
/// <param name="findModel">The hash of a model's graph.</param>
internal sealed class AuditLookups(Func<string, RuleSet?> findRules, Func<string, string?> findModel)
{
    public RuleSet? FindRules(string version) => findRules(version);

    public PricingRule? FindRule(string version, int number) => findRules(version)?.ByNumber(number);

    public string? FindModel(string version) => findModel(version);
}
