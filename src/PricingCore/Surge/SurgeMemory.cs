using System.Runtime.CompilerServices;
using PricingCore.Snapshots;

namespace PricingCore.Surge;

/// <summary>The last multiplier of every region and product, which step limit and hysteresis start from.</summary>
/// <remarks>Apart from the quote book, whose bound may push a decision out: what was decided must not depend on that.</remarks>
/// <threadsafety>One thread: the shard's loop.</threadsafety>
internal sealed class SurgeMemory
{
    private readonly Dictionary<long, Lane> _lanes = [];
    private readonly List<Lane> _inOrder = [];

    /// <summary>Every lane, in the order they were made.</summary>
    public IReadOnlyList<Lane> Lanes => _inOrder;

    /// <summary>The lane of a region and product, made when it is new.</summary>
    public Lane Of(int region, int product)
    {
        long key = ((long)region << 16) | (long)(ushort)product;
        if (!_lanes.TryGetValue(key, out Lane? lane))
        {
            lane = new Lane { Region = region, Product = product };
            _lanes.Add(key, lane);
            _inOrder.Add(lane);
        }

        return lane;
    }

    /// <summary>Writes every lane, in the order they were made.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Save(StateWriter writer)
    {
        writer.Write(_inOrder.Count);
        foreach (Lane lane in _inOrder)
        {
            writer.Write(lane.Region);
            writer.Write(lane.Product);
            writer.Write(lane.DecidedAt);
            writer.Write(lane.SameMicro);
            writer.Write(lane.Steps);
            writer.Write(lane.WrittenAs);
            writer.Write(lane.IsInBook);
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote; there is no lane yet. The book is not: lanes only say that they were in it.</summary>
    /// <exception cref="SnapshotException">A lane is of a region or product that is not there, or stands twice.</exception>
    public void Load(StateReader reader, int regions, int products)
    {
        int count = reader.ReadCount((int)Math.Min(int.MaxValue, (long)regions * products), "regions and products priced");
        for (int i = 0; i < count; i++)
        {
            Lane lane = Of(reader.ReadNumber(regions, "region"), reader.ReadNumber(products, "product"));
            if (_inOrder.Count != i + 1)
            {
                throw new SnapshotException($"The snapshot holds region {lane.Region} and product {lane.Product} twice.");
            }

            lane.DecidedAt = reader.Read<long>();
            lane.SameMicro = reader.Read<int>();
            lane.Steps = reader.Read<int>();
            lane.WrittenAs = reader.Read<long>();
            lane.IsInBook = reader.ReadBool();
        }
    }

    /// <summary>What is remembered of one region and product.</summary>
    internal sealed class Lane
    {
        public required int Region { get; init; }

        public required int Product { get; init; }

        /// <summary>The first half of the ids of its decisions.</summary>
        public ulong IdHash { get; set; }

        /// <summary>When it was last decided; 0 before.</summary>
        public long DecidedAt { get; set; }

        /// <summary>Decisions within the same microsecond before the latest.</summary>
        public int SameMicro { get; set; }

        /// <summary>The last multiplier.</summary>
        public int Steps { get; set; }

        /// <summary>Neighbours in the quote book's order of decision.</summary>
        public Lane? Older { get; set; }

        /// <inheritdoc cref="Older"/>
        public Lane? Newer { get; set; }

        /// <summary>How many decisions had been put into the quote book when its latest was: the order of decision, as a number.</summary>
        public long WrittenAs { get; set; }

        /// <summary>Whether its decision is in the quote book.</summary>
        public bool IsInBook { get; set; }
    }
}
