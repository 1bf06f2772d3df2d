using System.Globalization;

namespace PricingCore.Rules;

/// <summary>How many times its base price a product costs right now: 1.0000 is normal, 1.8000 is busy.</summary>
/// <remarks>
/// <para>Unit: steps of 1/10,000. Range: 0.0000 to 100.0000.</para>
/// <para>An integer, not a <see cref="double"/>: adding and comparing give the same bits on every CPU, which is what
/// lets a replay reproduce each price exactly.</para>
/// <para>The default value of this type is <see cref="One"/>, so a cleared array holds no free rides.</para>
/// </remarks>
/// <threadsafety>Immutable.</threadsafety>
public readonly record struct SurgeMultiplier : IComparable<SurgeMultiplier>
{
    /// <summary>Steps in 1.0: 10,000.</summary>
    public const int StepsPerOne = 10_000;

    /// <summary>The largest multiplier in steps: 1,000,000, which is 100.0000.</summary>
    public const int MaxSteps = 100 * StepsPerOne;

    // Distance from one rather than the value itself, so that default(SurgeMultiplier) means 1.0000.
    private readonly int _offset;

    private SurgeMultiplier(int steps) => _offset = steps - StepsPerOne;

    /// <summary>No surge: 1.0000.</summary>
    public static SurgeMultiplier One => default;

    /// <summary>The multiplier in steps of 1/10,000; 10,000 means 1.0.</summary>
    /// <value>From 0 to 1,000,000.</value>
    public int Steps => StepsPerOne + _offset;

    /// <summary>Makes a multiplier from steps of 1/10,000.</summary>
    /// <param name="steps">From 0 to 1,000,000.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="steps"/> is below 0 or above 1,000,000.</exception>
    public static SurgeMultiplier FromSteps(int steps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(steps, MaxSteps);
        return new SurgeMultiplier(steps);
    }

    /// <inheritdoc/>
    public int CompareTo(SurgeMultiplier other) => _offset.CompareTo(other._offset);

    /// <summary>Whether <paramref name="left"/> is the smaller multiplier.</summary>
    public static bool operator <(SurgeMultiplier left, SurgeMultiplier right) => left._offset < right._offset;

    /// <summary>Whether <paramref name="left"/> is the larger multiplier.</summary>
    public static bool operator >(SurgeMultiplier left, SurgeMultiplier right) => left._offset > right._offset;

    /// <summary>Whether <paramref name="left"/> is the smaller multiplier, or they are equal.</summary>
    public static bool operator <=(SurgeMultiplier left, SurgeMultiplier right) => left._offset <= right._offset;

    /// <summary>Whether <paramref name="left"/> is the larger multiplier, or they are equal.</summary>
    public static bool operator >=(SurgeMultiplier left, SurgeMultiplier right) => left._offset >= right._offset;

    /// <summary>The multiplier with four decimals and an x, for example <c>1.2500x</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Steps / (decimal)StepsPerOne:0.0000}x");
}
