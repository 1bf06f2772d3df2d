using System.Globalization;
using PricingCore.AspNetCore.Problems;
using PricingCore.Money;
using PricingCore.Quotes;

namespace PricingCore.AspNetCore.Compute;

/// <summary>Turns a base price in major units into minor units of the currency that the rule prices in.</summary>
internal static class BasePrices
{
    /// <summary>What is legal, for messages.</summary>
    public const string Legal = "a number from 0, with no more decimals than the currency has, up to 1,000,000,000,000 minor units";

    /// <summary>Finds the minor units, and checks the currency if the caller expects one.</summary>
    /// <param name="engine">Whose rules.</param>
    /// <param name="request">The request.</param>
    /// <param name="now">When.</param>
    /// <param name="minorUnits">The base price in minor units; null when the request brings none.</param>
    /// <param name="currency">The currency that they are of; default when it was not needed, or there is no rule.</param>
    /// <param name="problem">What is wrong.</param>
    public static bool TryResolve(PricingEngine engine, in ComputeRequest request, DateTimeOffset now, out long? minorUnits, out Currency currency, out Problem problem)
    {
        minorUnits = null;
        currency = default;
        problem = default;
        if (engine.Rules?.Find(request.RegionId, request.ProductType, now) is not { } rule)
        {
            return true; // The engine says that there is no rule.
        }

        currency = rule.BasePrice.Currency;
        if (request.Currency is { } expected && expected != currency.Code)
        {
            problem = new Problem(ProblemType.CurrencyMismatch, "The region and product are not priced in the currency that is expected.", "currency", currency.Code);
            return false;
        }

        if (request.BasePrice is not { } price)
        {
            return true;
        }

        if (price >= 0 && price <= QuotePrice.MaxBaseMinorUnits)
        {
            decimal minor = price * currency.MinorUnitsPerMajor;
            if (minor <= QuotePrice.MaxBaseMinorUnits && minor == decimal.Truncate(minor))
            {
                minorUnits = (long)minor;
                return true;
            }
        }

        problem = new Problem(
            ProblemType.OutOfRange,
            string.Create(CultureInfo.InvariantCulture, $"base_price is {price} {currency.Code}."),
            "base_price",
            string.Create(CultureInfo.InvariantCulture, $"from 0 to {decimal.Divide(QuotePrice.MaxBaseMinorUnits, currency.MinorUnitsPerMajor)} {currency.Code}, with at most {currency.Decimals} decimals"));
        return false;
    }
}
