using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace PricingCore.Money;

/// <summary>An ISO 4217 currency and the number of decimals that its amounts carry.</summary>
/// <remarks>
/// The default value of this type is no currency: its <see cref="Code"/> is empty and its <see cref="Decimals"/> are 0.
/// Source of the decimals: ISO 4217, column "minor unit".
/// </remarks>
/// <threadsafety>Immutable.</threadsafety>
public readonly record struct Currency
{
    private const string TwoDecimals =
        "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC " +
        "CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES " +
        "KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR " +
        "NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT " +
        "TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD YER ZAR ZMW ZWG";

    private const string NoDecimals = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF";
    private const string ThreeDecimals = "BHD IQD JOD KWD LYD OMR TND";

    private static readonly FrozenDictionary<string, Currency> Known =
        Of(TwoDecimals, 2).Concat(Of(NoDecimals, 0)).Concat(Of(ThreeDecimals, 3)).ToFrozenDictionary(c => c.Code, StringComparer.Ordinal);

    private readonly string? _code;

    private Currency(string code, int decimals)
    {
        _code = code;
        Decimals = decimals;
        int packed = 0;
        for (int i = 0; i < code.Length; i++)
        {
            packed |= (code[i] - 'A' + 1) << (5 * i);
        }

        Packed = (ushort)packed;
    }

    /// <summary>Three capital letters, for example <c>USD</c>; empty for the default value.</summary>
    public string Code => _code ?? "";

    /// <summary>Digits after the decimal point of an amount: 0, 2 or 3.</summary>
    public int Decimals { get; }

    /// <summary>The code as a number: five bits for each letter, A is 1, the first in the lowest bits; 0 for the default value.</summary>
    internal ushort Packed { get; }

    /// <summary>Minor units in one major unit: 1, 100 or 1,000.</summary>
    public int MinorUnitsPerMajor => Decimals switch { 0 => 1, 2 => 100, _ => 1_000 };

    /// <summary>Finds a currency by its code.</summary>
    /// <param name="code">Three capital letters, for example <c>USD</c>.</param>
    /// <exception cref="ArgumentException"><paramref name="code"/> is not an ISO 4217 code with 0, 2 or 3 decimals.</exception>
    public static Currency FromCode(string code) =>
        TryFromCode(code, out Currency currency)
            ? currency
            : throw new ArgumentException($"'{code}' is not an ISO 4217 currency code in capitals, such as USD, JPY or KWD.", nameof(code));

    /// <summary>Finds a currency by its code.</summary>
    /// <returns><see langword="false"/> when <paramref name="code"/> is not a known code.</returns>
    public static bool TryFromCode([NotNullWhen(true)] string? code, out Currency currency)
    {
        currency = default;
        return code is not null && Known.TryGetValue(code, out currency);
    }

    /// <summary>The code.</summary>
    public override string ToString() => Code;

    private static IEnumerable<Currency> Of(string codes, int decimals) =>
        codes.Split(' ').Select(code => new Currency(code, decimals));
}
