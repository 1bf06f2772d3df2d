using System.Globalization;

namespace PricingCore.Money;

/// <summary>An amount of money: integer minor units of one currency.</summary>
/// <remarks>
/// Unit: the currency's minor unit (cents for USD, yen for JPY, fils for KWD). Range: that of <see cref="long"/>.
/// The default value of this type is 0 of no currency. Never converted from <see cref="double"/>.
/// </remarks>
/// <param name="MinorUnits">The amount in minor units.</param>
/// <param name="Currency">The currency that gives the minor unit its size.</param>
/// <threadsafety>Immutable.</threadsafety>
public readonly record struct Amount(long MinorUnits, Currency Currency)
{
    /// <summary>The amount in major units, exact.</summary>
    public decimal Major => decimal.Divide(MinorUnits, Currency.MinorUnitsPerMajor);

    /// <summary>Makes an amount from major units.</summary>
    /// <param name="major">Major units, for example 12.50 dollars; no more decimals than the currency has.</param>
    /// <param name="currency">The currency.</param>
    /// <exception cref="ArgumentException"><paramref name="major"/> has more decimals than the currency carries.</exception>
    /// <exception cref="OverflowException">The amount does not fit in a <see cref="long"/> of minor units.</exception>
    public static Amount FromMajor(decimal major, Currency currency)
    {
        decimal minor = major * currency.MinorUnitsPerMajor;
        if (minor != decimal.Truncate(minor))
        {
            throw new ArgumentException(
                $"{major.ToString(CultureInfo.InvariantCulture)} has more than the {currency.Decimals} decimals of {currency.Code}.",
                nameof(major));
        }

        return new Amount(decimal.ToInt64(minor), currency);
    }

    /// <summary>The major units with the currency's decimals and the code, for example <c>12.50 USD</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Major.ToString("F" + Currency.Decimals, CultureInfo.InvariantCulture)} {Currency.Code}");
}
