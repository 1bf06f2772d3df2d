using FsCheck;
using FsCheck.Fluent;

namespace PricingCore.Tests;

/// <summary>Seeds of random scripts. Any of them from the first test on: FsCheck's own integers start small and repeat.</summary>
internal static class Seeds
{
    public static Arbitrary<int> Any { get; } = Gen.Choose(0, int.MaxValue - 1).ToArbitrary();
}
