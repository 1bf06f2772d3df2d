namespace PricingCore.Surge;

/// <summary>The last multiplier of every region and product, which step limit and hysteresis start from.</summary>
/// <remarks>Apart from the quote book, whose bound may push a decision out: what was decided must not depend on that.</remarks>
/// <threadsafety>One thread: the shard's loop.</threadsafety>
internal sealed class SurgeMemory
{
    private readonly Dictionary<long, Lane> _lanes = [];

    /// <summary>The lane of a region and product, made when it is new.</summary>
    public Lane Of(int region, int product)
    {
        long key = ((long)region << 16) | (long)(ushort)product;
        if (!_lanes.TryGetValue(key, out Lane? lane))
        {
            lane = new Lane { Region = region, Product = product };
            _lanes.Add(key, lane);
        }

        return lane;
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

        /// <summary>Whether its decision is in the quote book.</summary>
        public bool IsInBook { get; set; }
    }
}
