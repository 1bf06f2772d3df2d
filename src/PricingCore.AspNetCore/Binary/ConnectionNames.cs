using PricingCore.Protocol;

namespace PricingCore.AspNetCore.Binary;

/// <summary>The names that a client gave numbers, and the engine's own numbers for them, looked up once.</summary>
/// <threadsafety>One thread: the connection's reader.</threadsafety>
internal sealed class ConnectionNames(PricingEngine engine, int capacity)
{
    private const int NotLookedUp = -1;

    private Entry[] _entries = [];
    private int _count;

    /// <summary>What is known of each number so far.</summary>
    public ReadOnlySpan<Entry> Known => _entries.AsSpan(0, _count);

    /// <summary>Takes a frame of names.</summary>
    /// <returns><see langword="false"/> when they are not the next ones, are too many, or the bytes are not names.</returns>
    public bool TryAdd(ReadOnlySpan<byte> body, int count)
    {
        var reader = new BodyReader(body);
        if (!reader.TryRead(out int first) || first != _count || count > capacity - _count)
        {
            return false;
        }

        for (int i = 0; i < count; i++)
        {
            if (!reader.TryReadText(ProtocolConstants.MaxNameLength + 1, out string name))
            {
                return false;
            }

            Add(name);
        }

        return reader.Remaining == 0;
    }

    /// <summary>The name of a number; null for -1.</summary>
    /// <returns><see langword="false"/> when the number was not given.</returns>
    public bool TryGet(int number, out string? name)
    {
        bool isKnown = IsKnown(number);
        name = isKnown ? _entries[number].Name : null;
        return isKnown || number == ProtocolConstants.NotGiven;
    }

    /// <summary>The engine's number of a region; negative when it does not know it (yet), or the name has no such number.</summary>
    public int RegionOf(int number)
    {
        if (!IsKnown(number))
        {
            return NotLookedUp;
        }

        ref Entry entry = ref _entries[number];
        if (entry.Region < 0)
        {
            entry.Region = engine.FindRegionNumber(entry.Name);
        }

        return entry.Region;
    }

    /// <summary>The engine's number of a product.</summary>
    public int ProductOf(int number)
    {
        if (!IsKnown(number))
        {
            return NotLookedUp;
        }

        ref Entry entry = ref _entries[number];
        if (entry.Product < 0)
        {
            entry.Product = engine.FindProductNumber(entry.Name);
        }

        return entry.Product;
    }

    private bool IsKnown(int number) => number >= 0 && number < _count;

    private void Add(string name)
    {
        if (_count == _entries.Length)
        {
            Array.Resize(ref _entries, Math.Min(capacity, Math.Max(16, 2 * _count)));
        }

        _entries[_count++] = new Entry { Name = name, Region = NotLookedUp, Product = NotLookedUp };
    }

    /// <summary>A name, and the engine's numbers of it: negative when there is none, or it was not looked up yet.</summary>
    internal struct Entry
    {
        public string Name;
        public int Region;
        public int Product;
    }
}
