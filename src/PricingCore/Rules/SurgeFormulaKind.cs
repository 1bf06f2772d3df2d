namespace PricingCore.Rules;

/// <summary>Which formula turns the inputs into factors.</summary>
public enum SurgeFormulaKind : byte
{
    /// <summary>The specification's formula, word for word; never below 1.3 before the clip.</summary>
    Reference = 0,

    /// <summary>Each term measured from its neutral value, so that a quiet market is 1.00 and factors can be negative.</summary>
    Centred = 1,
}
