using PricingCore.Rules;

namespace PricingCore.Cli.Backtest;

/// <summary>The command line of a back-test, parsed.</summary>
internal sealed record BacktestSettings
{
    public required string Journal { get; init; }

    /// <summary>The rules of policy B; null for the journal's.</summary>
    public string? Rules { get; init; }

    /// <summary>The formula of every rule of policy B; null for that of the rules.</summary>
    public SurgeFormulaKind? Formula { get; init; }

    /// <summary>The model of policy B; null for the journal's forecasts.</summary>
    public string? Model { get; init; }

    /// <summary>From -10 to 0; 0 means that demand does not answer prices.</summary>
    public double Elasticity { get; init; }

    public string? Report { get; init; }

    public string? Schema { get; init; }

    public bool Json { get; init; }

    /// <summary>The whole command line, for the report.</summary>
    public required string Command { get; init; }
}
