using System.Globalization;
using PricingCore.Money;

namespace PricingCore.Cli.Backtest;

/// <summary>What was taken in one currency. Sums of minor units in decimals: exact at unchanged demand.</summary>
internal sealed class CurrencyRevenue(Currency currency)
{
    public Currency Currency { get; } = currency;

    /// <summary>Bookings that policy A prices in this currency.</summary>
    public long BookingsOfA { get; set; }

    /// <summary>Bookings that policy B prices in it.</summary>
    public long BookingsOfB { get; set; }

    /// <summary>Bookings under policy B at the stated elasticity.</summary>
    public double BookingsAtElasticity { get; set; }

    /// <summary>Minor units under policy A.</summary>
    public decimal A { get; set; }

    /// <summary>Minor units under policy B at unchanged demand.</summary>
    public decimal B { get; set; }

    /// <summary>Minor units under policy B at the stated elasticity, not rounded.</summary>
    public decimal BAtElasticity { get; set; }

    /// <summary>Major units of a sum of minor units, rounded to one.</summary>
    public decimal Major(decimal minorUnits) => decimal.Round(minorUnits, 0, MidpointRounding.AwayFromZero) / Currency.MinorUnitsPerMajor;

    /// <summary>A sum for people, for example <c>12,345.50 USD</c>.</summary>
    public string Say(decimal minorUnits) => Major(minorUnits).ToString("N" + Currency.Decimals, CultureInfo.InvariantCulture) + " " + Currency.Code;
}
