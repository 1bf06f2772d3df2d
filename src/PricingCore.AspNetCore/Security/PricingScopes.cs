namespace PricingCore.AspNetCore.Security;

/// <summary>What a credential allows.</summary>
[Flags]
public enum PricingScopes
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary><c>quote</c>: prices, forecasts, explanations, redemptions, streams.</summary>
    Quote = 1,

    /// <summary><c>events</c>: publishing events.</summary>
    Events = 2,

    /// <summary><c>admin</c>: rules, models, journal and audit status.</summary>
    Admin = 4,
}
