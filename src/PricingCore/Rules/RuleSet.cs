using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;

namespace PricingCore.Rules;

/// <summary>Rules that take effect together, with a version and a hash. Either all of them are right, or there is no rule set.</summary>
/// <remarks>Two sets of the same rules have the same hash, whatever the order or the spelling in the file.</remarks>
/// <threadsafety>Immutable.</threadsafety>
public sealed class RuleSet
{
    /// <summary>The most rules in a set: 100,000.</summary>
    public const int MaxRules = 100_000;

    private const int VersionDigits = 12;

    private readonly DateTimeOffset[] _changes;

    // By region, product and date, so that a number means the same rule whatever the order in the file: the hash does not tell it either.
    private readonly PricingRule[] _numbered;

    // The numbers of rules, newest first within each region and product.
    private readonly FrozenDictionary<(string RegionId, string ProductType), int[]> _byScope;

    /// <summary>Makes a rule set.</summary>
    /// <param name="rules">The rules; none is legal and prices nothing.</param>
    /// <exception cref="ArgumentNullException"><paramref name="rules"/> is null.</exception>
    /// <exception cref="RuleSetException">A rule is wrong, or two have the same region, product and date; lists every error.</exception>
    public RuleSet(IReadOnlyList<PricingRule> rules)
        : this(rules, Check(rules))
    {
    }

    private RuleSet(IReadOnlyList<PricingRule> rules, RuleErrorList errors)
    {
        errors.ThrowIfAny();
        Rules = [.. rules];
        _numbered = [.. InCanonicalOrder(Rules)];
        _byScope = Enumerable.Range(0, _numbered.Length)
            .GroupBy(number => ScopeOf(_numbered[number]))
            .ToFrozenDictionary(scope => scope.Key, scope => scope.OrderByDescending(number => _numbered[number].EffectiveFrom).ToArray());
        _changes = [.. Rules.Select(rule => rule.EffectiveFrom).Distinct().Order()];
        Hash = Convert.ToHexStringLower(SHA256.HashData(RuleWriter.Write(_numbered, indented: false).Span));
    }

    /// <summary>The rules, in the order they were given.</summary>
    public IReadOnlyList<PricingRule> Rules { get; }

    /// <summary>Names the set: the first 12 hexadecimal digits of <see cref="Hash"/>.</summary>
    public string Version => Hash[..VersionDigits];

    /// <summary>SHA-256 of the canonical form, 64 hexadecimal digits in small letters.</summary>
    public string Hash { get; }

    /// <summary>Finds the rule for a region and product: the most specific, then the latest in effect.</summary>
    /// <remarks>
    /// Region and product before region alone, before product alone, before neither. A rule that is not yet in effect
    /// leaves its place to the next. Allocates nothing.
    /// </remarks>
    /// <param name="regionId">The region.</param>
    /// <param name="productType">The product.</param>
    /// <param name="at">The time to price for.</param>
    /// <returns>The rule, or null when none covers the region and product at that time.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="regionId"/> or <paramref name="productType"/> is null.</exception>
    public PricingRule? Find(string regionId, string productType, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(regionId);
        ArgumentNullException.ThrowIfNull(productType);
        return ByNumber(NumberOf(regionId, productType, at));
    }

    /// <summary>When the next rule takes effect after a time; null when none does.</summary>
    /// <param name="at">The time.</param>
    public DateTimeOffset? NextChangeAfter(DateTimeOffset at)
    {
        int index = Array.BinarySearch(_changes, at);
        int next = index >= 0 ? index + 1 : ~index;
        return next < _changes.Length ? _changes[next] : null;
    }

    /// <summary>The rules as the JSON of a rules file, with every field; <see cref="Parse"/> reads it back.</summary>
    public string ToJson() => Encoding.UTF8.GetString(RuleWriter.Write(Rules, indented: true).Span);

    /// <summary>Parses the JSON of a rules file; docs/rules.md lists the fields.</summary>
    /// <param name="json">At most 16 MB in UTF-8.</param>
    /// <exception cref="ArgumentNullException"><paramref name="json"/> is null.</exception>
    /// <exception cref="RuleSetException">Something is wrong; lists every error with its path and line.</exception>
    public static RuleSet Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return RuleFile.Parse(Encoding.UTF8.GetBytes(json));
    }

    /// <summary>Reads a rules file; docs/rules.md lists the fields.</summary>
    /// <param name="path">A JSON file of at most 16 MB.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is null or empty.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    /// <exception cref="RuleSetException">Something is wrong; lists every error with its path and line.</exception>
    public static RuleSet Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return RuleFile.Parse(RuleFile.Read(path));
    }

    /// <summary>The number of the rule that <see cref="Find"/> finds; -1 for none.</summary>
    internal int NumberOf(string regionId, string productType, DateTimeOffset at)
    {
        int number = InEffect(regionId, productType, at);
        number = number >= 0 ? number : InEffect(regionId, PricingRule.Any, at);
        number = number >= 0 ? number : InEffect(PricingRule.Any, productType, at);
        return number >= 0 ? number : InEffect(PricingRule.Any, PricingRule.Any, at);
    }

    /// <summary>The rule with a number; null when there is none. Sets with the same hash give the same rule the same number.</summary>
    internal PricingRule? ByNumber(int number) => number >= 0 && number < _numbered.Length ? _numbered[number] : null;

    /// <summary>The parser's way in: rules whose errors it has already found and placed.</summary>
    internal static RuleSet Of(IReadOnlyList<PricingRule> rules, RuleErrorList errors) => new(rules, errors);

    private int InEffect(string regionId, string productType, DateTimeOffset at)
    {
        if (!_byScope.TryGetValue((regionId, productType), out int[]? newestFirst))
        {
            return -1;
        }

        // Binary search for the first that is not after the time.
        int low = 0;
        int high = newestFirst.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_numbered[newestFirst[middle]].EffectiveFrom > at)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low < newestFirst.Length ? newestFirst[low] : -1;
    }

    private static RuleErrorList Check(IReadOnlyList<PricingRule> rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        var errors = new RuleErrorList();
        if (rules.Count > MaxRules)
        {
            errors.Add(RuleFields.Rules, 0, 0, $"{rules.Count} rules; there may be at most {MaxRules}.");
            return errors;
        }

        var seen = new Dictionary<(string, string, DateTimeOffset), int>();
        for (int i = 0; i < rules.Count; i++)
        {
            PricingRule rule = rules[i] ?? throw new ArgumentException($"Rule {i} is null.", nameof(rules));
            foreach ((string field, _, string message) in RuleChecks.Check(rule))
            {
                errors.Add($"rules[{i}].{field}", 0, 0, message);
            }

            if (!seen.TryAdd((rule.RegionId, rule.ProductType, rule.EffectiveFrom), i))
            {
                int first = seen[(rule.RegionId, rule.ProductType, rule.EffectiveFrom)];
                errors.Add($"rules[{i}]", 0, 0, $"The same region, product and effective date as rules[{first}]; each may occur once.");
            }
        }

        return errors;
    }

    private static (string RegionId, string ProductType) ScopeOf(PricingRule rule) => (rule.RegionId, rule.ProductType);

    private static IOrderedEnumerable<PricingRule> InCanonicalOrder(IEnumerable<PricingRule> rules) => rules
        .OrderBy(rule => rule.RegionId, StringComparer.Ordinal)
        .ThenBy(rule => rule.ProductType, StringComparer.Ordinal)
        .ThenBy(rule => rule.EffectiveFrom);
}
