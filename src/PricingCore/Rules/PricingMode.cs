namespace PricingCore.Rules;

/// <summary>How a multiplier becomes a price.</summary>
public enum PricingMode : byte
{
    /// <summary>price = base of the request x multiplier.</summary>
    Multiplicative = 0,

    /// <summary>
    /// price = base of the request + base of the rule x (multiplier - 1): the same surcharge on a short trip and a long one.
    /// </summary>
    Additive = 1,
}
