namespace PricingCore.Forecasts;

/// <summary>How a loop deals with forecasts: how far ahead, how old they may be, how long it waits.</summary>
internal readonly struct ForecastLimits
{
    /// <summary>Features in a row.</summary>
    public required int RowWidth { get; init; }

    /// <summary>The horizon of decisions.</summary>
    public required int HorizonMinutes { get; init; }

    /// <summary>How long a forecast may be used.</summary>
    public required long ValidMicros { get; init; }

    /// <summary>How long a decision waits for its forecast.</summary>
    public required long DeadlineMicros { get; init; }

    /// <summary>Misses in a row after which a model is no longer asked for a while.</summary>
    public required int MissesBeforePause { get; init; }

    /// <summary>How long it is not asked.</summary>
    public required long PauseMicros { get; init; }
}
