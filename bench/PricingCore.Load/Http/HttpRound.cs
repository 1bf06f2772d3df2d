using System.Globalization;
using PricingCore.Load.Measuring;

namespace PricingCore.Load.Http;

/// <summary>What one run over HTTP gave.</summary>
internal sealed record HttpRound(double PerSecond, double CpuMicros, double AllocatedBytes, long Errors, Latencies Latencies)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{PerSecond,9:N0}/s  {CpuMicros,6:F2} us of CPU each  {AllocatedBytes,5:F0} B each  {Errors} errors  {Latencies}");
}
