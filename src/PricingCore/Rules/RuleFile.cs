namespace PricingCore.Rules;

internal static class RuleFile
{
    public static RuleSet Parse(ReadOnlySpan<byte> utf8) => throw new NotImplementedException();

    public static byte[] Read(string path) => throw new NotImplementedException();
}
