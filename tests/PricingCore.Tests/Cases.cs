namespace PricingCore.Tests;

/// <summary>How many cases a long property tries.</summary>
internal static class Cases
{
    /// <summary>All of them in Release. In Debug, which runs for its assertions and takes twice as long for a case, a quarter.</summary>
    public static int Of(int all) =>
#if DEBUG
        (all + 3) / 4;
#else
        all;
#endif
}
