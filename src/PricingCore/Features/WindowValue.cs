namespace PricingCore.Features;

/// <summary>How windows keep the value of an event: as a whole number, so that what is added can be taken back exactly.</summary>
internal static class WindowValue
{
    private const double Scale = 10_000;

    /// <summary>A value as the number that windows add up and compare, in 1/10,000; not a number is 0.</summary>
    public static long ToScaled(float value) =>
        float.IsNaN(value) ? 0 : (long)Math.Round(value * Scale, MidpointRounding.AwayFromZero);

    /// <summary>What <see cref="ToScaled"/> was given, or a sum of those.</summary>
    public static float FromScaled(long scaled) => (float)(scaled / Scale);

    /// <summary>A value with its time above its bits: the larger is the later.</summary>
    /// <param name="value">The value.</param>
    /// <param name="microsOfMinute">When, in its minute.</param>
    public static long ToTimed(float value, long microsOfMinute) =>
        ((microsOfMinute + 1) << 32) | BitConverter.SingleToUInt32Bits(value); // Plus one, so that 0 is none.

    /// <summary>The value that <see cref="ToTimed"/> was given; not a number when there is none.</summary>
    public static float FromTimed(long timed) => timed == 0 ? float.NaN : BitConverter.UInt32BitsToSingle((uint)(timed & uint.MaxValue));
}
