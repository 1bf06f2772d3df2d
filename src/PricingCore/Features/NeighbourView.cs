namespace PricingCore.Features;

/// <summary>What a region sees of its neighbours; the default value is a region without any.</summary>
internal struct NeighbourView
{
    public float Bookings15Min;
    public float AvailableSupply;

    /// <summary>Half of the strongest city event among them.</summary>
    public float EventScore;

    /// <summary>Mean of their last multipliers; 0 when none has one.</summary>
    public int MultiplierSteps;
}
