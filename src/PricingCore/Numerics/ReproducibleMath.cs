namespace PricingCore.Numerics;

/// <summary>Functions whose last bit is the same on every platform, where that of <see cref="Math"/> is the C library's choice.</summary>
/// <remarks>
/// Built from the IEEE operations + - * / and shifts of bits only, in a fixed order; .NET never fuses them. Each result is within
/// 2 ulp of the exact value. <see cref="Math.Sqrt"/> needs no counterpart: IEEE prescribes its every bit.
/// </remarks>
/// <threadsafety>Pure functions.</threadsafety>
internal static class ReproducibleMath
{
    /// <summary>The largest argument of <see cref="Sin"/> and <see cref="Cos"/>, in radians; beyond, they answer not a number.</summary>
    public const double MaxRadians = 1_000_000;

    // ln 2 and pi/2 in pieces. The leading pieces have 33 bits or fewer, so that a whole number times a piece is exact.
    private const double InverseLn2 = 1.4426950408889634;
    private const double Ln2High = 0.6931471803691238;
    private const double Ln2Low = 1.9082149292705877e-10;
    private const double InverseHalfPi = 0.6366197723675814;
    private const double HalfPiHigh = 1.5707963267341256;
    private const double HalfPiMiddle = 6.077100506303966e-11;
    private const double HalfPiLow = 2.0222662487959506e-21;

    private const double LargestExponent = 709.782712893384; // e to this is the largest finite double.
    private const double SmallestExponent = -745.1332191019412; // e to less than this rounds to 0.

    /// <summary>e to the power of <paramref name="x"/>.</summary>
    public static double Exp(double x)
    {
        if (double.IsNaN(x))
        {
            return double.NaN;
        }

        if (x > LargestExponent)
        {
            return double.PositiveInfinity;
        }

        if (x < SmallestExponent)
        {
            return 0;
        }

        // x = k ln 2 + r with |r| <= 0.35, and e^x = 2^k e^r.
        double k = Math.Round(x * InverseLn2);
        double high = x - k * Ln2High;
        double low = k * Ln2Low;
        double r = high - low;
        double lost = high - r - low;

        double series = 1.0 / 6_227_020_800;
        series = 1.0 / 479_001_600 + r * series;
        series = 1.0 / 39_916_800 + r * series;
        series = 1.0 / 3_628_800 + r * series;
        series = 1.0 / 362_880 + r * series;
        series = 1.0 / 40_320 + r * series;
        series = 1.0 / 5_040 + r * series;
        series = 1.0 / 720 + r * series;
        series = 1.0 / 120 + r * series;
        series = 1.0 / 24 + r * series;
        series = 1.0 / 6 + r * series;
        series = 0.5 + r * series;
        return Scale(1 + (r + (lost + r * r * series)), (int)k);
    }

    /// <summary>1 / (1 + e^-x): from 0 to 1, and 0.5 at 0.</summary>
    public static double Sigmoid(double x)
    {
        // The small tail is computed on both sides, so that a small result keeps all its digits and Sigmoid(-x) = 1 - Sigmoid(x).
        double power = Exp(-Math.Abs(x));
        double tail = power / (1 + power);
        return x < 0 ? tail : 1 - tail;
    }

    /// <summary>The sine of an angle in radians.</summary>
    public static double Sin(double x) => Turn(x, 0);

    /// <summary>The cosine of an angle in radians.</summary>
    public static double Cos(double x) => Turn(x, 1);

    // The sine of x plus some quarters of a turn.
    private static double Turn(double x, int quarters)
    {
        if (!(Math.Abs(x) <= MaxRadians))
        {
            return double.NaN;
        }

        // x = k pi/2 + (r + lost), the pair holding some 20 bits more than a double.
        double k = Math.Round(x * InverseHalfPi);
        double high = x - k * HalfPiHigh;
        double middle = k * HalfPiMiddle;
        double near = high - middle;
        double back = near - high;
        double error = high - (near - back) - (middle + back) - k * HalfPiLow;
        double r = near + error;
        double lost = error - (r - near);

        return (((int)k + quarters) & 3) switch
        {
            0 => SinNear(r, lost),
            1 => CosNear(r, lost),
            2 => -SinNear(r, lost),
            _ => -CosNear(r, lost),
        };
    }

    // |r| <= pi/4.
    private static double SinNear(double r, double lost)
    {
        double square = r * r;
        double series = 1.0 / 355_687_428_096_000;
        series = -1.0 / 1_307_674_368_000 + square * series;
        series = 1.0 / 6_227_020_800 + square * series;
        series = -1.0 / 39_916_800 + square * series;
        series = 1.0 / 362_880 + square * series;
        series = -1.0 / 5_040 + square * series;
        series = 1.0 / 120 + square * series;
        series = -1.0 / 6 + square * series;
        return r + (lost * (1 - 0.5 * square) + r * square * series);
    }

    // |r| <= pi/4.
    private static double CosNear(double r, double lost)
    {
        double square = r * r;
        double series = 1.0 / 20_922_789_888_000;
        series = -1.0 / 87_178_291_200 + square * series;
        series = 1.0 / 479_001_600 + square * series;
        series = -1.0 / 3_628_800 + square * series;
        series = 1.0 / 40_320 + square * series;
        series = -1.0 / 720 + square * series;
        series = 1.0 / 24 + square * series;
        double half = 0.5 * square;
        double rough = 1 - half;
        return rough + (1 - rough - half + (square * square * series - r * lost));
    }

    // value times 2^k, in two steps where one power of two would not be a normal number.
    private static double Scale(double value, int k)
    {
        if (k is >= -1_022 and <= 1_023)
        {
            return value * PowerOfTwo(k);
        }

        int half = k / 2;
        return value * PowerOfTwo(half) * PowerOfTwo(k - half);
    }

    private static double PowerOfTwo(int k) => BitConverter.Int64BitsToDouble((long)(k + 1_023) << 52);
}
