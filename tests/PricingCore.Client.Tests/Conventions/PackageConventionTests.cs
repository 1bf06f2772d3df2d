using System.Net;
using PricingCore.Tests.Conventions;

namespace PricingCore.Client.Tests.Conventions;

/// <summary><see cref="PackageConventions"/> of PricingCore.Client.</summary>
public sealed class PackageConventionTests() : PackageConventions(
    typeof(PricingClient).Assembly,
    "PricingCore.Client.Tests",
    new PackageOptions(() => new PricingClientOptions { EndPoint = new IPEndPoint(IPAddress.Loopback, 1) }, options => ((PricingClientOptions)options).Validate()));
