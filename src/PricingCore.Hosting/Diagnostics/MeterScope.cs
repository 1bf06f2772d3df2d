namespace PricingCore.Hosting.Diagnostics;

/// <summary>Tells the meters of one host from those of another in the same process, whose engines may have the same names.</summary>
internal sealed class MeterScope;
