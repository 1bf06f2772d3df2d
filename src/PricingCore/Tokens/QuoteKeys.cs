namespace PricingCore.Tokens;

/// <summary>The keys that verify quotes, and among them the one that signs at a time.</summary>
/// <remarks>
/// At any time the key signs whose <see cref="QuoteKey.SignsFrom"/> is the latest that has passed, of those that outlive the quote;
/// of two with the same time, the one whose id sorts last.
/// </remarks>
/// <threadsafety>Immutable.</threadsafety>
public sealed class QuoteKeys
{
    /// <summary>The most keys: 64.</summary>
    public const int MaxKeys = 64;

    private readonly QuoteKey[] _newestFirst;

    /// <summary>Makes a set of keys.</summary>
    /// <param name="keys">From 1 to 64 keys of different ids and secrets.</param>
    /// <exception cref="ArgumentException">There are none or too many, or two have the same id or the same secret.</exception>
    public QuoteKeys(params IEnumerable<QuoteKey> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        _newestFirst = [.. keys.OrderByDescending(key => key.FromMicros).ThenByDescending(key => key.Id, StringComparer.Ordinal)];
        if (_newestFirst.Length is 0 or > MaxKeys)
        {
            throw new ArgumentException($"There are {_newestFirst.Length} keys; 1 to {MaxKeys} are allowed.", nameof(keys));
        }

        for (int i = 0; i < _newestFirst.Length; i++)
        {
            QuoteKey key = _newestFirst[i];
            if (_newestFirst.AsSpan(0, i).ToArray().FirstOrDefault(other => other.Id == key.Id || other.HasSecretOf(key)) is { } same)
            {
                throw new ArgumentException($"Keys '{same.Id}' and '{key.Id}' have the same id or the same secret.", nameof(keys));
            }
        }
    }

    /// <summary>The keys, the one that signs last first.</summary>
    public IReadOnlyList<QuoteKey> Keys => _newestFirst;

    /// <summary>The key that signs a quote.</summary>
    /// <param name="time">When it is signed.</param>
    /// <param name="validUntil">Until when the quote holds: a key that ends before does not sign it.</param>
    /// <returns><see langword="null"/> when no key does.</returns>
    public QuoteKey? FindSigning(DateTimeOffset time, DateTimeOffset validUntil) =>
        FindSigning(Numerics.UnixMicros.From(time), Numerics.UnixMicros.From(validUntil));

    /// <summary>The ids of the keys; never the secrets.</summary>
    public override string ToString() => string.Join(", ", _newestFirst.Select(key => key.Id));

    internal QuoteKey? FindSigning(long time, long validUntil)
    {
        foreach (QuoteKey key in _newestFirst)
        {
            if (key.FromMicros <= time && Math.Max(time, validUntil) < key.UntilMicros)
            {
                return key;
            }
        }

        return null;
    }

    /// <summary>The key of an id, whether or not it has ended.</summary>
    internal QuoteKey? Find(ReadOnlySpan<byte> id)
    {
        foreach (QuoteKey key in _newestFirst)
        {
            if (id.SequenceEqual(key.IdBytes))
            {
                return key;
            }
        }

        return null;
    }
}
