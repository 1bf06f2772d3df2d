using System.Globalization;

namespace PricingCore.Surge;

/// <summary>Names a decision: a hash of region and product, the time, and a count within the same microsecond.</summary>
/// <remarks>Derived, not drawn: the same input gives the same id. The default value names no decision.</remarks>
/// <param name="High">The hash of region and product.</param>
/// <param name="Low">Microseconds since 1970 in the upper 52 bits, the count in the lower 12.</param>
/// <threadsafety>Immutable.</threadsafety>
public readonly record struct DecisionId(ulong High, ulong Low)
{
    /// <summary>32 hexadecimal digits.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{High:x16}{Low:x16}");
}
