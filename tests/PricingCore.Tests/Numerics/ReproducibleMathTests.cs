using PricingCore.Numerics;

namespace PricingCore.Tests.Numerics;

/// <summary>
/// Goal: the functions are right, and their bits are the same everywhere.
/// Method: compared with <see cref="Math"/> over sweeps and near the hard arguments, and with bits that were written down once.
/// </summary>
public sealed class ReproducibleMathTests
{
    private const long AllowedUlps = 2;

    [Fact]
    public void Exp_OverItsRange_IsWithinTwoUlps()
    {
        for (double x = -707; x <= 709; x += 0.00731)
        {
            AssertClose(Math.Exp(x), ReproducibleMath.Exp(x), x);
        }
    }

    [Fact]
    public void Exp_NearZero_IsWithinTwoUlps()
    {
        for (double x = 1; x > 1e-20; x *= 0.99)
        {
            AssertClose(Math.Exp(x), ReproducibleMath.Exp(x), x);
            AssertClose(Math.Exp(-x), ReproducibleMath.Exp(-x), -x);
        }
    }

    [Theory]
    [InlineData(0.0, 1.0)]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity, 0.0)]
    [InlineData(710.0, double.PositiveInfinity)]
    [InlineData(-746.0, 0.0)]
    [InlineData(double.NaN, double.NaN)]
    public void Exp_AtTheEdges_IsExact(double x, double expected) => Assert.Equal(expected, ReproducibleMath.Exp(x));

    [Fact]
    public void Exp_WhereResultsAreSubnormal_IsWithinTwoUlps()
    {
        for (double x = -745; x <= -707; x += 0.0173)
        {
            AssertClose(Math.Exp(x), ReproducibleMath.Exp(x), x);
        }
    }

    [Fact]
    public void Sigmoid_OverItsRange_IsWithinTwoUlpsAndMirrored()
    {
        Assert.Equal(0.5, ReproducibleMath.Sigmoid(0));
        for (double x = -40; x <= 40; x += 0.00137)
        {
            // The usual way to write it loses digits where e^-x is small, so the small side is the reference.
            double power = Math.Exp(-Math.Abs(x));
            double expected = x < 0 ? power / (1 + power) : 1 / (1 + power);
            AssertClose(expected, ReproducibleMath.Sigmoid(x), x);
            Assert.Equal(1 - ReproducibleMath.Sigmoid(-Math.Abs(x)), ReproducibleMath.Sigmoid(Math.Abs(x)));
        }
    }

    [Fact]
    public void SinAndCos_OverManyTurns_AreWithinTwoUlps()
    {
        for (double x = -1_000; x <= 1_000; x += 0.00317)
        {
            AssertClose(Math.Sin(x), ReproducibleMath.Sin(x), x);
            AssertClose(Math.Cos(x), ReproducibleMath.Cos(x), x);
        }
    }

    [Fact]
    public void SinAndCos_NearTheirZeros_KeepAllDigits()
    {
        for (int quarter = -600_000; quarter <= 600_000; quarter += 997)
        {
            double x = quarter * (Math.PI / 2);
            AssertClose(Math.Sin(x), ReproducibleMath.Sin(x), x);
            AssertClose(Math.Cos(x), ReproducibleMath.Cos(x), x);
        }
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(1_000_001.0)]
    public void SinAndCos_OutsideTheirRange_AreNotANumber(double x)
    {
        Assert.True(double.IsNaN(ReproducibleMath.Sin(x)));
        Assert.True(double.IsNaN(ReproducibleMath.Cos(x)));
    }

    [Theory]
    [InlineData("exp", 1.0, "4005BF0A8B14576A")]
    [InlineData("exp", -0.3, "3FE7B4C869C37C05")]
    [InlineData("exp", 12.345, "410C0D80FFB740C4")]
    [InlineData("sigmoid", -0.3, "3FDB3C5574372AEB")]
    [InlineData("sigmoid", 2.4, "3FED56A636946E58")]
    [InlineData("sin", 1.8325957145940461, "3FEEE8DD4748BF15")]
    [InlineData("sin", 12345.678, "BFE687D5890974A5")]
    [InlineData("cos", 1.8325957145940461, "BFD0907DC1930692")]
    [InlineData("cos", 12345.678, "3FE6B94C3BBE24B8")]
    public void AnyFunction_AtAnyTime_GivesTheBitsWrittenDown(string function, double x, string bits)
    {
        double value = function switch
        {
            "exp" => ReproducibleMath.Exp(x),
            "sigmoid" => ReproducibleMath.Sigmoid(x),
            "sin" => ReproducibleMath.Sin(x),
            _ => ReproducibleMath.Cos(x),
        };
        Assert.Equal(bits, $"{BitConverter.DoubleToInt64Bits(value):X16}");
    }

    private static void AssertClose(double expected, double actual, double x)
    {
        long apart = Math.Abs(BitConverter.DoubleToInt64Bits(expected) - BitConverter.DoubleToInt64Bits(actual));
        Assert.True(apart <= AllowedUlps, $"At {x:R}: expected {expected:R}, got {actual:R}, {apart} ulps apart.");
    }
}
