namespace PricingCore.Features;

/// <summary>Reads one ratio that a host declared, from the part of the row that is filled already.</summary>
internal sealed class RatioReader(FeatureRatio ratio, FeatureSchema schema)
{
    private readonly int _above = schema.IndexOf(ratio.Above);
    private readonly int _below = schema.IndexOf(ratio.Below);
    private readonly float _prior = ratio.Prior;

    /// <summary>The ratio; not a number when it is missing.</summary>
    public float Read(ReadOnlySpan<float> row)
    {
        float below = row[_below] + _prior;
        return below > 0 ? (row[_above] + _prior) / below : float.NaN;
    }
}
