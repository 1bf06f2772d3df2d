namespace PricingCore.Features;

/// <summary>Told of each region whose row has changed, as of a tick: a later stage that must not be named here.</summary>
internal interface IRowListener
{
    /// <summary>Whether rows would make a difference; when nobody else reads them either, they need not be built.</summary>
    bool NeedsRows { get; }

    /// <summary>Takes notice of a new row.</summary>
    void Refresh(int region, ReadOnlySpan<float> row, long now);
}
