namespace PricingCore.AspNetCore.Security;

/// <summary>Names of the scheme and of the policies that <see cref="PricingSecurityExtensions.AddPricingSecurity"/> adds.</summary>
public static class PricingSecurityDefaults
{
    /// <summary>The authentication scheme: <c>Pricing</c>.</summary>
    public const string Scheme = "Pricing";

    /// <summary>The policy for prices: <c>pricing.quote</c>.</summary>
    public const string QuotePolicy = "pricing.quote";

    /// <summary>The policy for events: <c>pricing.events</c>.</summary>
    public const string EventsPolicy = "pricing.events";

    /// <summary>The policy for administration: <c>pricing.admin</c>.</summary>
    public const string AdminPolicy = "pricing.admin";

    /// <summary>The claim that holds a scope, one for each.</summary>
    public const string ScopeClaim = "scope";
}
