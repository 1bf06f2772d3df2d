namespace PricingCore.Hosting.Alerts;

/// <summary>The kinds of alerts that are no conditions of an engine's health; those have their own codes.</summary>
internal static class AlertKinds
{
    /// <summary>A region is booked far beyond the usual. A moment: it has no end.</summary>
    public const string DemandSpike = "demand_spike";

    /// <summary>A measure of data quality is on the wrong side of its threshold.</summary>
    public const string DataQuality = "data_quality";

    /// <summary>A roll-out went back. A moment.</summary>
    public const string RolledBack = "rolled_back";
}
