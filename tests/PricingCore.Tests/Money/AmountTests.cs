using PricingCore.Money;

namespace PricingCore.Tests.Money;

/// <summary>
/// Goal: amounts are exact in currencies with 0, 2 and 3 decimals.
/// Method: examples of each, at both ends of the range, and what must be refused.
/// </summary>
public sealed class AmountTests
{
    [Theory]
    [InlineData("JPY", "1200", 1_200)]
    [InlineData("USD", "12.50", 1_250)]
    [InlineData("USD", "-0.01", -1)]
    [InlineData("KWD", "1.375", 1_375)]
    public void FromMajor_WithTheCurrencysDecimals_IsExact(string code, string major, long minorUnits)
    {
        var currency = Currency.FromCode(code);
        decimal number = decimal.Parse(major, System.Globalization.CultureInfo.InvariantCulture);

        var amount = Amount.FromMajor(number, currency);

        Assert.Equal(minorUnits, amount.MinorUnits);
        Assert.Equal(number, amount.Major);
    }

    [Theory]
    [InlineData("JPY", 0.5)]
    [InlineData("USD", 0.125)]
    [InlineData("KWD", 0.0625)]
    public void FromMajor_WithMoreDecimals_IsRefused(string code, double major)
    {
        ArgumentException refusal = Assert.Throws<ArgumentException>(() => Amount.FromMajor((decimal)major, Currency.FromCode(code)));
        Assert.Contains(code, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FromMajor_WhenTooLarge_Overflows() =>
        Assert.Throws<OverflowException>(() => Amount.FromMajor(100_000_000_000_000_000_000m, Currency.FromCode("USD")));

    [Theory]
    [InlineData("JPY", 1_200, "1200 JPY")]
    [InlineData("USD", 1_250, "12.50 USD")]
    [InlineData("USD", -5, "-0.05 USD")]
    [InlineData("KWD", 1_375, "1.375 KWD")]
    [InlineData("USD", long.MaxValue, "92233720368547758.07 USD")]
    public void ToString_Always_HasTheCurrencysDecimals(string code, long minorUnits, string text) =>
        Assert.Equal(text, new Amount(minorUnits, Currency.FromCode(code)).ToString());

    [Theory]
    [InlineData("JPY", 0, 1)]
    [InlineData("USD", 2, 100)]
    [InlineData("KWD", 3, 1_000)]
    public void FromCode_WhenKnown_HasItsDecimals(string code, int decimals, int minorUnitsPerMajor)
    {
        var currency = Currency.FromCode(code);
        Assert.Equal((code, decimals, minorUnitsPerMajor), (currency.Code, currency.Decimals, currency.MinorUnitsPerMajor));
    }

    [Theory]
    [InlineData("")]
    [InlineData("usd")]
    [InlineData("XXX")]
    [InlineData("US")]
    [InlineData(null)]
    public void TryFromCode_WhenUnknown_IsFalse(string? code)
    {
        Assert.False(Currency.TryFromCode(code, out Currency currency));
        Assert.Equal(default, currency);
    }

    [Fact]
    public void Default_OfCurrency_IsNoCurrency() => Assert.Equal(("", 0), (default(Currency).Code, default(Currency).Decimals));
}
