namespace PricingCore.Cli.Backtest;

/// <summary>Two policies over the same journal.</summary>
internal sealed record BacktestOutcome
{
    public required PolicyFigures A { get; init; }

    public required PolicyFigures B { get; init; }

    public required DecisionPairs Pairs { get; init; }

    public required BookingPrices Bookings { get; init; }

    public required MultiplierSeries Series { get; init; }

    public static BacktestOutcome Of(PolicyRun a, PolicyRun b, double elasticity) => new()
    {
        A = PolicyFigures.Of("A", a),
        B = PolicyFigures.Of("B", b),
        Pairs = DecisionPairs.Of(a, b),
        Bookings = BookingPrices.Of(a, b, elasticity),
        Series = MultiplierSeries.Of(a, b),
    };
}
