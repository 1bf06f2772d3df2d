namespace PricingCore.Forecasts.Inference;

/// <summary>What a loop asks the inference thread for: the forecast of one region; its row and signals travel beside it.</summary>
internal struct ForecastRequest
{
    /// <summary>The region.</summary>
    public int Region;

    /// <summary>How far ahead, in minutes.</summary>
    public int HorizonMinutes;

    /// <summary>The number of the model that prices the region; negative when the baseline does.</summary>
    public int Model;

    /// <summary>The number of the model that is only compared with it; negative for none.</summary>
    public int OtherModel;

    /// <summary>When the loop asked: its time, in microseconds.</summary>
    public long AskedAt;

    /// <summary>Whether the same forward pass answers both.</summary>
    public readonly bool IsLike(in ForecastRequest other) =>
        Model == other.Model && OtherModel == other.OtherModel && HorizonMinutes == other.HorizonMinutes;
}
