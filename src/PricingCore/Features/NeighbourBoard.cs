using System.Runtime.CompilerServices;
using PricingCore.Snapshots;

namespace PricingCore.Features;

/// <summary>Where the shards show each other their regions, once a minute, so that neighbours can be read across shards.</summary>
/// <remarks>
/// <para>At the first tick of a minute each shard posts posting number n of its regions and, until its next posting, reads posting
/// n - 1 of everybody. So what a region sees of its neighbours depends on ticks alone, not on how fast the shards run: it is
/// the same bits for any number of shards. The price is an age of one to two minutes.</para>
/// <para>A shard waits only for one that is more than a whole minute of ticks behind. Four postings are kept: while the fastest
/// writes n, the slowest may still read n - 3.</para>
/// </remarks>
/// <threadsafety>Each shard posts its own regions from its own thread; all shards read.</threadsafety>
internal sealed class NeighbourBoard
{
    private const int Postings = 4;
    private const int PaddedLong = 16; // 128 bytes, so that shards do not share a line.

    private readonly Entry[][] _postings;
    private readonly long[] _posted;
    private readonly int _shards;

    public NeighbourBoard(int maxRegions, int shards)
    {
        _postings = [.. Enumerable.Range(0, Postings).Select(_ => new Entry[maxRegions])];
        _posted = new long[(shards + 1) * PaddedLong];
        _shards = shards;
    }

    /// <summary>Shows a region in posting number <paramref name="number"/>.</summary>
    public void Write(long number, int region, in Entry entry) => _postings[number % Postings][region] = entry;

    /// <summary>Ends a shard's posting, then waits until everybody has ended the one before.</summary>
    public void Complete(long number, int shard, CancellationToken stopping)
    {
        Volatile.Write(ref _posted[(shard + 1) * PaddedLong], number); // Release: the entries, then the number.
        SpinWait spin = default;
        for (int other = 0; other < _shards; other++)
        {
            while (Volatile.Read(ref _posted[(other + 1) * PaddedLong]) < number - 1 && !stopping.IsCancellationRequested)
            {
                spin.SpinOnce();
            }
        }
    }

    /// <summary>What a region showed in posting number <paramref name="number"/>.</summary>
    public ref readonly Entry Read(long number, int region) => ref _postings[number % Postings][region];

    /// <summary>Writes what a region showed in all postings that are kept.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Save(StateWriter writer, int region)
    {
        foreach (Entry[] posting in _postings)
        {
            writer.Write(posting[region]);
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    public void Load(StateReader reader, int region)
    {
        foreach (Entry[] posting in _postings)
        {
            posting[region] = reader.Read<Entry>();
        }
    }

    /// <summary>Goes on after a posting that was made in an earlier life of the engine.</summary>
    public void Restore(long number, int shard) => Volatile.Write(ref _posted[(shard + 1) * PaddedLong], number);

    /// <summary>What the neighbours of a region may know of it.</summary>
    internal struct Entry
    {
        public float Bookings15Min;
        public float AvailableSupply;
        public float EventScore;
        public int MultiplierSteps;
    }
}
