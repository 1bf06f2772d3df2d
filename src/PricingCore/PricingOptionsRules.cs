namespace PricingCore;

internal static class PricingOptionsRules
{
    public static IReadOnlyList<string> Check(PricingOptions options) => throw new NotImplementedException();
}
