using PricingCore.Numerics;

namespace PricingCore.Regions;

/// <summary>All regions of an engine: their dense numbers, their metadata, and the shard each belongs to.</summary>
/// <threadsafety>Any thread. Finding a known region takes no lock.</threadsafety>
internal sealed class RegionDirectory
{
    private readonly NameTable _names;
    private readonly Region?[] _metadata;
    private readonly int[][] _neighbours;
    private readonly ulong[] _hashes;
    private readonly string _defaultTimeZone;
    private readonly bool _open;

    /// <param name="known">The regions known from the start; neighbours must be among them.</param>
    /// <param name="open">Whether others are added when first seen.</param>
    /// <param name="capacity">The most regions.</param>
    /// <param name="defaultTimeZone">The clock of regions that are added.</param>
    public RegionDirectory(IReadOnlyList<Region> known, bool open, int capacity, string defaultTimeZone)
    {
        _names = new NameTable(capacity);
        _metadata = new Region?[capacity];
        _neighbours = new int[capacity][];
        _hashes = new ulong[capacity];
        _defaultTimeZone = defaultTimeZone;
        _open = open;

        foreach (Region region in known)
        {
            _metadata[_names.FindOrAdd(region.Id)] = region;
        }

        foreach (Region region in known)
        {
            _neighbours[_names.Find(region.Id)] = [.. region.Neighbours.Select(_names.Find)];
            HasNeighbours |= region.Neighbours.Count > 0;
        }
    }

    /// <summary>Whether any region has a neighbour, so that there is something to exchange.</summary>
    public bool HasNeighbours { get; }

    /// <summary>How many regions there are by now.</summary>
    public int Count => _names.Count;

    /// <summary>The most regions there may be.</summary>
    public int Capacity => _names.Capacity;

    /// <summary>The number of a region, or <see cref="NameTable.Unknown"/>.</summary>
    public int Find(string id) => _names.Find(id);

    /// <summary>The number of a region, added if regions are open; <see cref="NameTable.Unknown"/> when closed or full.</summary>
    public int FindOrAdd(string id) => _open ? _names.FindOrAdd(id) : _names.Find(id);

    /// <summary>Gives a region the number that it had before; <see langword="false"/> when that cannot be.</summary>
    public bool TryRestore(int number, string id) => _names.TryRestore(number, id);

    /// <summary>Whether regions are added when first seen.</summary>
    public bool IsOpen => _open;

    public string IdOf(int region) => _names[region];

    public ReadOnlySpan<int> NeighboursOf(int region) => _neighbours[region];

    public string TimeZoneOf(int region) => _metadata[region]?.TimeZone ?? _defaultTimeZone;

    /// <summary>A stable hash of the region's id: the same in every process.</summary>
    public ulong HashOf(int region)
    {
        ulong hash = Volatile.Read(ref _hashes[region]);
        if (hash == 0)
        {
            hash = SipHash.Public.Hash64(_names[region]);
            Volatile.Write(ref _hashes[region], hash); // Whoever else computes it writes the same number.
        }

        return hash;
    }

    /// <summary>Which of so many shards holds the region.</summary>
    public int ShardOf(int region, int shards) => shards == 1 ? 0 : (int)(HashOf(region) % (ulong)shards);
}
