namespace PricingCore.Cli.Backtest;

/// <summary>How policy B changes what a group of bookings pays.</summary>
internal sealed class PaidChange
{
    private double _sum;

    /// <summary>Bookings that both policies price in the same currency, above 0 under policy A.</summary>
    public long Bookings { get; private set; }

    /// <summary>Bookings that pay more under policy B.</summary>
    public long More { get; private set; }

    /// <summary>Bookings that pay less.</summary>
    public long Less { get; private set; }

    /// <summary>Mean of price B / price A - 1, in percent; not a number without bookings. Free of currency, so groups can be of several.</summary>
    public double MeanPercent => Bookings == 0 ? double.NaN : _sum / Bookings * 100;

    public void Add(long priceOfA, long priceOfB)
    {
        Bookings++;
        More += priceOfB > priceOfA ? 1 : 0;
        Less += priceOfB < priceOfA ? 1 : 0;
        _sum += (double)(priceOfB - priceOfA) / priceOfA;
    }
}
