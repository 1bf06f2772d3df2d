using System.Text;

namespace PricingCore.AspNetCore.Compute;

/// <summary>Gives the same string for the same UTF-8 bytes while it remembers them, so that region and product ids are made once.</summary>
/// <remarks>
/// Bounded: a set of four holds the strings whose hashes meet there, and a new one takes the place of one of them. The hash is seeded anew in each
/// process, so nobody can choose ids that meet.
/// </remarks>
/// <threadsafety>Any thread, without locks: an entry never changes, and who loses a race only makes a string too many.</threadsafety>
internal sealed class TextPool
{
    private const int Ways = 4;
    private const int MaxBytes = 256;

    private readonly Entry?[] _entries;
    private readonly int _setMask;

    /// <param name="sets">A power of two.</param>
    public TextPool(int sets = 4_096)
    {
        _entries = new Entry[sets * Ways];
        _setMask = sets - 1;
    }

    /// <summary>The text of some bytes, which are valid UTF-8.</summary>
    public string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length is 0 or > MaxBytes)
        {
            return Encoding.UTF8.GetString(utf8);
        }

        int hash = Hash(utf8);
        int set = (hash & _setMask) * Ways;
        for (int way = set; way < set + Ways; way++)
        {
            if (Volatile.Read(ref _entries[way]) is { } entry && utf8.SequenceEqual(entry.Utf8))
            {
                return entry.Text;
            }
        }

        return Add(utf8, set, (hash >> 28) & (Ways - 1));
    }

    private string Add(ReadOnlySpan<byte> utf8, int set, int victim)
    {
        var entry = new Entry(utf8.ToArray(), Encoding.UTF8.GetString(utf8));
        for (int way = set; way < set + Ways; way++)
        {
            if (Volatile.Read(ref _entries[way]) is null)
            {
                Volatile.Write(ref _entries[way], entry);
                return entry.Text;
            }
        }

        Volatile.Write(ref _entries[set + victim], entry);
        return entry.Text;
    }

    private static int Hash(ReadOnlySpan<byte> utf8)
    {
        var hash = new HashCode();
        hash.AddBytes(utf8);
        return hash.ToHashCode();
    }

    private sealed record Entry(byte[] Utf8, string Text);
}
