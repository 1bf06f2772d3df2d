using PricingCore.Regions;

namespace PricingCore;

/// <summary>The names of an engine and the numbers that stand for them in records.</summary>
/// <param name="Regions">The regions.</param>
/// <param name="Products">The products.</param>
/// <param name="Models">The model versions.</param>
internal sealed record EngineDirectories(RegionDirectory Regions, NameTable Products, NameTable Models);
