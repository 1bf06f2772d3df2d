namespace PricingCore.Rules;

/// <summary>A change of the multiplier in some regions, drawn once and for all by a hash of name and region.</summary>
/// <param name="Name">Names the experiment; another name draws other regions. 1 to 64 characters.</param>
/// <param name="Share">The share of regions that take part, 0 to 1.</param>
/// <param name="ChangeSteps">What is added to the multiplier there, in steps of 1/10,000; -10,000 to 10,000.</param>
/// <threadsafety>Immutable.</threadsafety>
public sealed record PricingExperiment(string Name, double Share, int ChangeSteps)
{
    private const double Draws = 1L << 53; // Every whole number up to here is a double, so the comparison is exact.

    /// <summary>Whether a region takes part: always the same answer for the same name and region.</summary>
    /// <param name="regionHash">A stable hash of the region.</param>
    public bool Includes(ulong regionHash) => (Mix(regionHash ^ NameHash()) >> 11) < Share * Draws;

    /// <summary>What the experiment adds to the multiplier of a region, in steps of 1/10,000.</summary>
    internal int ChangeIn(ulong regionHash) => Includes(regionHash) ? ChangeSteps : 0;

    // FNV-1a over the UTF-16 units of the name.
    private ulong NameHash()
    {
        ulong hash = 0xCBF29CE484222325;
        foreach (char unit in Name)
        {
            hash = unchecked((hash ^ unit) * 0x100000001B3);
        }

        return hash;
    }

    // The finisher of SplitMix64: every bit of the input changes every bit of the output with even odds.
    private static ulong Mix(ulong value)
    {
        unchecked
        {
            value += 0x9E3779B97F4A7C15;
            value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
            value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
            return value ^ (value >> 31);
        }
    }
}
