using System.Globalization;
using PricingCore.Surge;

namespace PricingCore.Audit;

/// <summary>Reads the 32 hexadecimal digits of a decision's id.</summary>
internal static class DecisionIds
{
    public static bool TryParse(string text, out DecisionId id)
    {
        id = default;
        if (text.Length != 32
            || !ulong.TryParse(text.AsSpan(0, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong high)
            || !ulong.TryParse(text.AsSpan(16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong low))
        {
            return false;
        }

        id = new DecisionId(high, low);
        return true;
    }
}
