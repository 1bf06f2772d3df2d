using System.Globalization;

namespace PricingCore.Tokens;

/// <summary>How quotes are signed and redeemed: keys, clocks and limits.</summary>
/// <threadsafety>Not thread-safe; the engine reads it once, when it starts.</threadsafety>
public sealed class SigningOptions
{
    private const int MostRedemptions = 10_000_000;

    /// <summary>The keys that sign and verify; <c>PricingEngine.ReplaceKeys</c> changes them while the engine runs.</summary>
    /// <value>No default: nothing is signed without a key.</value>
    public QuoteKeys? Keys { get; set; }

    /// <summary>How long after its end a quote is still honoured, since clocks differ, and how early one may come.</summary>
    /// <value>From 0 to 60 seconds; 5 seconds unless set.</value>
    public TimeSpan ClockSkewGrace { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The most redeemed quotes remembered, each until a minute after its end; when full, redemptions are refused. Takes 64 bytes each.</summary>
    /// <value>From 1 to 10,000,000; 262,144 unless set.</value>
    public int MaxRedemptions { get; set; } = 262_144;

    /// <summary>All errors, each with the name, the value and the legal range; empty when there are none.</summary>
    public IReadOnlyList<string> Validate()
    {
        var errors = new List<string>();
        if (Keys is null)
        {
            errors.Add($"Signing.{nameof(Keys)} must not be null: give at least one key.");
        }

        if (ClockSkewGrace < TimeSpan.Zero || ClockSkewGrace > QuoteToken.MaxClockSkewGrace)
        {
            errors.Add(string.Create(
                CultureInfo.InvariantCulture, $"Signing.{nameof(ClockSkewGrace)} is {ClockSkewGrace}; it must be from {TimeSpan.Zero} to {QuoteToken.MaxClockSkewGrace}."));
        }

        if (MaxRedemptions is < 1 or > MostRedemptions)
        {
            errors.Add(string.Create(CultureInfo.InvariantCulture, $"Signing.{nameof(MaxRedemptions)} is {MaxRedemptions}; it must be from 1 to {MostRedemptions}."));
        }

        return errors;
    }
}
