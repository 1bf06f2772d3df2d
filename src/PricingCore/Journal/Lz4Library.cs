using System.Runtime.InteropServices;

namespace PricingCore.Journal;

/// <summary>The system's LZ4, looked for when it is first needed.</summary>
/// <threadsafety>Any thread.</threadsafety>
internal static unsafe class Lz4Library
{
    private static readonly string[] Names = ["liblz4.so.1", "liblz4.1.dylib", "liblz4.dll", "lz4"];
    private static readonly delegate* unmanaged[Cdecl]<byte*, byte*, int, int, int> CompressDefault;
    private static readonly delegate* unmanaged[Cdecl]<byte*, byte*, int, int, int> DecompressSafe;

#pragma warning disable CA1810 // The two come from one library, which is looked for once.
    static Lz4Library()
#pragma warning restore CA1810
    {
        foreach (string name in Names)
        {
            if (NativeLibrary.TryLoad(name, out nint library))
            {
                if (NativeLibrary.TryGetExport(library, "LZ4_compress_default", out nint compress)
                    && NativeLibrary.TryGetExport(library, "LZ4_decompress_safe", out nint decompress))
                {
                    CompressDefault = (delegate* unmanaged[Cdecl]<byte*, byte*, int, int, int>)compress;
                    DecompressSafe = (delegate* unmanaged[Cdecl]<byte*, byte*, int, int, int>)decompress;
                    return;
                }
            }
        }
    }

    /// <summary>Whether it is there.</summary>
    public static bool IsPresent => CompressDefault is not null;

    /// <summary>Says how to get it when it is not there.</summary>
    /// <exception cref="NotSupportedException">It is not there.</exception>
    public static void Demand()
    {
        if (!IsPresent)
        {
            throw new NotSupportedException("LZ4 needs the system's liblz4 (liblz4.so.1), which was not found: install it (Debian: liblz4-1), or use another codec.");
        }
    }

    /// <summary>Compresses.</summary>
    /// <returns>Bytes; 0 when there is no room for them.</returns>
    public static int Compress(ReadOnlySpan<byte> source, Span<byte> target)
    {
        Demand();
        fixed (byte* from = source, to = target)
        {
            return CompressDefault(from, to, source.Length, target.Length);
        }
    }

    /// <summary>Unpacks, never beyond the target.</summary>
    /// <returns>Whether it filled the target exactly.</returns>
    public static bool TryDecompress(ReadOnlySpan<byte> source, Span<byte> target)
    {
        Demand();
        fixed (byte* from = source, to = target)
        {
            return DecompressSafe(from, to, source.Length, target.Length) == target.Length;
        }
    }
}
