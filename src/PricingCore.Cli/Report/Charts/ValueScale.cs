using System.Globalization;

namespace PricingCore.Cli.Report.Charts;

/// <summary>A vertical scale with ticks on round numbers (1, 2 or 5 times a power of ten).</summary>
/// <param name="Low">The least value.</param>
/// <param name="High">The largest value; more than <paramref name="Low"/>.</param>
/// <param name="Step">Distance of the ticks.</param>
internal readonly record struct ValueScale(double Low, double High, double Step)
{
    /// <summary>The smallest scale that holds the values and ends on ticks.</summary>
    public static ValueScale Around(double low, double high, int ticks)
    {
        if (!double.IsFinite(low) || !double.IsFinite(high))
        {
            (low, high) = (0, 1);
        }

        if (high - low < 1e-9)
        {
            high = low + 1;
        }

        double step = RoundStep((high - low) / ticks);
        return new ValueScale(Math.Floor(low / step) * step, Math.Ceiling(high / step) * step, step);
    }

    /// <summary>Where a value lies: 0 at the low end, 1 at the high end.</summary>
    public double Share(double value) => Math.Clamp((value - Low) / (High - Low), 0, 1);

    /// <summary>The ticks, low to high.</summary>
    public IEnumerable<double> Ticks()
    {
        int count = (int)Math.Round((High - Low) / Step);
        for (int i = 0; i <= count; i++)
        {
            yield return Low + (i * Step);
        }
    }

    /// <summary>A tick as text, with just the decimals that its step needs.</summary>
    public string Format(double value)
    {
        int decimals = Math.Clamp((int)Math.Ceiling(-Math.Log10(Step) - 1e-9), 0, 6);
        return value.ToString("N" + decimals, CultureInfo.InvariantCulture);
    }

    private static double RoundStep(double rough)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double lead = rough / power;
        return power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
    }
}
