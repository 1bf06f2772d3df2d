namespace PricingCore.Features;

/// <summary>The latest feature row of each region, readable from any thread while the loop writes the next.</summary>
/// <remarks>
/// A sequence lock per region. The version is odd while the loop writes. A reader copies between two reads of the version and
/// starts again when they differ or are odd; the writer never waits. Fences: the writer's odd version is ordered before the row
/// by a write barrier, the row before the even version by a release store; the reader's acquire load and read barrier pair with them.
/// </remarks>
/// <threadsafety><see cref="Write"/>: the loop that holds the region. <see cref="TryRead"/>: any thread.</threadsafety>
internal sealed class PublishedRows
{
    private readonly float[] _rows;
    private readonly Stamp[] _stamps;

    public PublishedRows(int maxRegions, int width)
    {
        Width = width;
        _rows = new float[checked(maxRegions * width)];
        _stamps = new Stamp[maxRegions];
    }

    /// <summary>Features in a row.</summary>
    public int Width { get; }

    /// <summary>Replaces a region's row.</summary>
    public void Write(int region, ReadOnlySpan<float> row, long asOf)
    {
        ref Stamp stamp = ref _stamps[region];
        Volatile.Write(ref stamp.Version, stamp.Version + 1);
        Volatile.WriteBarrier();
        row.CopyTo(_rows.AsSpan(region * Width, Width));
        stamp.AsOf = asOf;
        Volatile.Write(ref stamp.Version, stamp.Version + 1);
    }

    /// <summary>Copies a region's row.</summary>
    /// <returns><see langword="false"/> when the region has none yet.</returns>
    public bool TryRead(int region, Span<float> row, out long asOf)
    {
        ref Stamp stamp = ref _stamps[region];
        SpinWait spin = default;
        while (true)
        {
            long before = Volatile.Read(ref stamp.Version);
            if (before == 0)
            {
                asOf = 0;
                return false;
            }

            if ((before & 1) == 0)
            {
                _rows.AsSpan(region * Width, Width).CopyTo(row);
                asOf = stamp.AsOf;
                Volatile.ReadBarrier();
                if (Volatile.Read(ref stamp.Version) == before)
                {
                    return true;
                }
            }

            spin.SpinOnce(); // Bounded in practice: a write takes a tenth of a microsecond.
        }
    }

    private struct Stamp
    {
        public long Version;
        public long AsOf;
    }
}
