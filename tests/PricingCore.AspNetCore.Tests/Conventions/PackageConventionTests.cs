using PricingCore.AspNetCore.Binary;
using PricingCore.AspNetCore.Security;
using PricingCore.Tests.Conventions;

namespace PricingCore.AspNetCore.Tests.Conventions;

/// <summary><see cref="PackageConventions"/> of PricingCore.AspNetCore.</summary>
public sealed class PackageConventionTests() : PackageConventions(
    typeof(PricingEndpointOptions).Assembly,
    "PricingCore.AspNetCore.Tests",
    new PackageOptions(() => new PricingEndpointOptions(), options => ((PricingEndpointOptions)options).Validate()),
    new PackageOptions(() => new PricingSecurityOptions(), options => ((PricingSecurityOptions)options).Validate()),
    new PackageOptions(() => new BinaryProtocolOptions(), options => ((BinaryProtocolOptions)options).Validate()));
