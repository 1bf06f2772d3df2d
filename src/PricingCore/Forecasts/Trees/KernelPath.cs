using System.Runtime.Intrinsics.X86;

namespace PricingCore.Forecasts.Trees;

/// <summary>What a kernel uses of a CPU. All ways give the same bits.</summary>
internal enum KernelPath
{
    /// <summary>Plain C#, eight trees of a row at a time: any CPU.</summary>
    Portable,

    /// <summary>The same walk; keys and tail are computed eight at a time.</summary>
    Avx2,

    /// <summary>As with AVX2 for a few rows; more are played sixteen or thirty-two at a time with AVX-512F.</summary>
    Avx512,
}

/// <summary>Which ways this CPU has.</summary>
internal static class KernelPaths
{
    /// <summary>The fastest way here.</summary>
    public static KernelPath Best => IsSupported(KernelPath.Avx512) ? KernelPath.Avx512 : IsSupported(KernelPath.Avx2) ? KernelPath.Avx2 : KernelPath.Portable;

    /// <summary>Whether this CPU has a way.</summary>
    public static bool IsSupported(KernelPath path) => path switch
    {
        KernelPath.Avx512 => Avx512F.IsSupported,
        KernelPath.Avx2 => Avx2.IsSupported,
        _ => true,
    };
}
