using System.Runtime.InteropServices;

namespace PricingCore.Ring;

/// <summary>The cursors of an <see cref="EventRing{T}"/>, with a free line on both sides of each writer's fields.</summary>
/// <remarks>
/// <para>Lines are 128 bytes apart on every CPU: some have lines of that size, and those with 64 fetch them in pairs.
/// Not nested in the ring, since the runtime refuses an explicit layout in a generic type.</para>
/// <para>All positions count events since the ring was made; the slot is the position modulo the capacity.</para>
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = 3 * LineBytes)]
internal struct RingCursors
{
    /// <summary>Distance between fields of different writers, in bytes.</summary>
    public const int LineBytes = 128;

    /// <summary>The next position to claim. Moved by the producers.</summary>
    [FieldOffset(1 * LineBytes)] public long Tail;

    /// <summary>A value that <see cref="Head"/> had. Written by producers, on the line they read anyway.</summary>
    [FieldOffset((1 * LineBytes) + sizeof(long))] public long HeadSeen;

    /// <summary>The next position to take. Written by the one consumer only.</summary>
    [FieldOffset(2 * LineBytes)] public long Head;
}
