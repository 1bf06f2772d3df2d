namespace PricingCore.Forecasts.Inference;

/// <summary>Why a model gave no forecast.</summary>
internal enum ForecastMiss
{
    /// <summary>It threw.</summary>
    Failed = 1,

    /// <summary>It answered something that is not a forecast, such as not a number.</summary>
    Invalid = 2,

    /// <summary>The request waited beyond the deadline before the model could look at it.</summary>
    Late = 3,

    /// <summary>It does not predict this far ahead.</summary>
    HorizonUnknown = 4,

    /// <summary>It is no longer loaded.</summary>
    NotLoaded = 5,
}
