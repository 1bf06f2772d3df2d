using System.Runtime.CompilerServices;
using PricingCore.Snapshots;

namespace PricingCore.Features;

/// <summary>The regions of a shard as they were at one moment, copied a few at a time while the loop goes on.</summary>
/// <remarks>
/// Regions are most of a loop's state, and a loop must not stand still for all of them. So each is copied when its turn comes or when a record is about to
/// change it, whichever is first: <see cref="RegionStates"/> hands out no region that is still to be copied. Both happen on the loop, so nothing is shared.
/// </remarks>
/// <param name="states">All regions.</param>
/// <param name="shard">Whose are copied.</param>
/// <param name="writer">Where to.</param>
/// <threadsafety>The shard's loop.</threadsafety>
internal sealed class RegionCopy(RegionStates states, int shard, StateWriter writer)
{
    private int[] _own = [];
    private int _next;
    private int _left;

    /// <summary>Whether every region has been copied.</summary>
    public bool IsComplete => _left == 0;

    /// <summary>Fixes the moment: from here on each region is copied before it changes.</summary>
    /// <param name="own">The shard's regions.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Begin(ReadOnlySpan<int> own)
    {
        _own = own.ToArray();
        _left = own.Length;
        writer.Begin(StateSection.Regions);
        writer.Write(own.Length);
        states.CopyBeforeChange(shard, own, this);
    }

    /// <summary>Copies some of those that are left.</summary>
    /// <param name="most">How many at most.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void CopySome(int most)
    {
        for (int end = Math.Min(_own.Length, _next + most); _next < end; _next++)
        {
            states.CopyIfDue(_own[_next]);
        }
    }

    /// <summary>Copies a region.</summary>
    public void Add(int region)
    {
        writer.Write(region);
        states.Save(writer, region);
        _left--;
    }
}
