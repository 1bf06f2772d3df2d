using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PricingCore.Ring;

namespace PricingCore.Tests.Ring;

/// <summary>
/// Goal: fields that different threads write never share a line, and a 64-byte event is exactly one.
/// Method: compare offsets and addresses with the drawing in the documentation.
/// </summary>
public sealed class RingLayoutTests
{
    [Fact]
    public void Cursors_KeepALineFreeOnBothSidesOfEachWriter()
    {
        Assert.Equal(128, Offset(nameof(RingCursors.Tail)));
        Assert.Equal(136, Offset(nameof(RingCursors.HeadSeen))); // Also the producers'.
        Assert.Equal(256, Offset(nameof(RingCursors.Head)));
        Assert.Equal(384, Unsafe.SizeOf<RingCursors>());

        static int Offset(string field) => (int)Marshal.OffsetOf<RingCursors>(field);
    }

    [Fact]
    public void Slots_BeginOnALineBoundary()
    {
        // Several rings, since the first may be aligned by luck.
        for (int i = 0; i < 20; i++)
        {
            var ring = new EventRing<Event64>(capacity: 2);
            Assert.True(ring.TryClaim(2, out long position));

            nint first = AddressOf(ref ring.Slot(position));
            nint second = AddressOf(ref ring.Slot(position + 1));

            Assert.Equal(0, first % RingCursors.LineBytes);
            Assert.Equal(64, second - first);
            GC.KeepAlive(ring);
        }
    }

    // Distance from a null reference, since this project has no unsafe code. The ring's arrays are pinned.
    private static nint AddressOf(ref Event64 slot) => Unsafe.ByteOffset(ref Unsafe.NullRef<Event64>(), ref slot);

    [StructLayout(LayoutKind.Sequential, Size = 64)]
    private struct Event64
    {
        public long Number;
    }
}
