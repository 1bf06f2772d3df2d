using System.Runtime.Intrinsics.X86;

namespace PricingCore.Forecasts.Trees;

/// <summary>How a kernel walks its trees. All ways give the same bits.</summary>
internal enum KernelPath
{
    /// <summary>Plain C#: any CPU.</summary>
    Portable,

    /// <summary>Eight lanes with gathers.</summary>
    Avx2,

    /// <summary>Sixteen rows, trees in registers; single rows as with AVX2.</summary>
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
