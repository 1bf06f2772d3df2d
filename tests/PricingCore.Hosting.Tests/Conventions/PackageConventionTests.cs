using PricingCore.Tests.Conventions;

namespace PricingCore.Hosting.Tests.Conventions;

/// <summary><see cref="PackageConventions"/> of PricingCore.Hosting.</summary>
public sealed class PackageConventionTests() : PackageConventions(
    typeof(EngineLifetime).Assembly,
    "PricingCore.Hosting.Tests",
    new PackageOptions(() => new PricingHostOptions(), options => ((PricingHostOptions)options).Validate()));
