using System.Numerics;
using System.Security.Cryptography;
using PricingCore.Numerics;

namespace PricingCore.AspNetCore.Compute;

/// <summary>The answers of the last requests that brought an id, so that a request that is repeated gets the answer it got.</summary>
/// <remarks>
/// Fixed memory: sets of eight, in which the answer that ends first makes room. An answer is given again until it may no longer be charged. Ids are kept as 128 bits of a keyed hash,
/// salted with who asks, so that one caller's ids are not another's. No text is kept, since what lives for seconds and is not shared costs the collector most: the repeated request brings
/// its texts again, and its token is signed again.
/// </remarks>
/// <threadsafety>Any thread.</threadsafety>
internal sealed class RememberedRequests
{
    private const int Ways = 8;
    private const int LocksAtMost = 1_024;

    private readonly SipHash _hash = new(RandomNumberGenerator.GetBytes(16));
    private readonly Entry[] _entries;
    private readonly Lock[] _locks;
    private readonly int _sets;

    /// <param name="capacity">Answers to remember; rounded up, to 8 times a power of two. 0 remembers nothing.</param>
    public RememberedRequests(int capacity)
    {
        _sets = capacity == 0 ? 0 : (int)BitOperations.RoundUpToPowerOf2((uint)((capacity + Ways - 1) / Ways));
        _entries = new Entry[_sets * Ways];
        _locks = [.. Enumerable.Range(0, Math.Min(_sets, LocksAtMost)).Select(_ => new Lock())];
    }

    /// <summary>What became of looking for a request.</summary>
    public enum Finding
    {
        /// <summary>It is new.</summary>
        None,

        /// <summary>It was answered before.</summary>
        Answered,

        /// <summary>Its id was used for something else.</summary>
        OtherContent,
    }

    /// <summary>Names a request.</summary>
    /// <param name="id">Its id, as UTF-8.</param>
    /// <param name="caller">Who asks; null when that is not known.</param>
    public RequestKey KeyOf(ReadOnlySpan<byte> id, string? caller)
    {
        ulong salt = caller is null ? 0 : _hash.Hash64(caller);
        (ulong low, ulong high) = _hash.Hash128(id, salt);
        return new RequestKey(low, high);
    }

    /// <summary>Names what a request asks for.</summary>
    public ulong ContentOf(in ComputeRequest request, ReadOnlySpan<byte> user)
    {
        ulong content = _hash.Hash64(request.RegionId) ^ BitOperations.RotateLeft(_hash.Hash64(request.ProductType), 1);
        if (request.BasePrice is { } price)
        {
            Span<int> parts = stackalloc int[4];
            decimal.GetBits(price / 1.0000000000000000000000000000m, parts); // 12.5 and 12.50 are the same price.
            content ^= BitOperations.RotateLeft(_hash.Hash64(System.Runtime.InteropServices.MemoryMarshal.AsBytes(parts)), 2);
        }

        return content ^ (request.Currency is null ? 0 : BitOperations.RotateLeft(_hash.Hash64(request.Currency), 3))
            ^ (user.IsEmpty ? 0 : BitOperations.RotateLeft(_hash.Hash64(user), 4));
    }

    /// <summary>Looks for the answer to a request.</summary>
    /// <param name="key">The request.</param>
    /// <param name="content">What it asks for.</param>
    /// <param name="now">The time in microseconds.</param>
    /// <param name="answer">What was answered.</param>
    public Finding TryFind(RequestKey key, ulong content, long now, out RememberedAnswer answer)
    {
        answer = default;
        if (_sets == 0)
        {
            return Finding.None;
        }

        int set = SetOf(key);
        lock (LockOf(set))
        {
            ref Entry entry = ref Find(set, key, now);
            if (System.Runtime.CompilerServices.Unsafe.IsNullRef(ref entry))
            {
                return Finding.None;
            }

            answer = entry.Answer;
            return entry.Content == content ? Finding.Answered : Finding.OtherContent;
        }
    }

    /// <summary>Remembers an answer, unless the same request was answered meanwhile: then that answer is to be given.</summary>
    public RememberedAnswer Remember(RequestKey key, ulong content, in RememberedAnswer answer, long now)
    {
        if (_sets == 0)
        {
            return answer;
        }

        int set = SetOf(key);
        lock (LockOf(set))
        {
            ref Entry held = ref Find(set, key, now);
            if (!System.Runtime.CompilerServices.Unsafe.IsNullRef(ref held))
            {
                return held.Content == content ? held.Answer : answer;
            }

            ref Entry place = ref FirstToEnd(set);
            place = new Entry { Key = key, Content = content, Answer = answer };
            return answer;
        }
    }

    private int SetOf(RequestKey key) => (int)(key.Low & (ulong)(_sets - 1));

    private Lock LockOf(int set) => _locks[set & (_locks.Length - 1)];

    private ref Entry Find(int set, RequestKey key, long now)
    {
        for (int i = set * Ways; i < (set + 1) * Ways; i++)
        {
            ref Entry entry = ref _entries[i];
            if (entry.Key == key && entry.Answer.Quote.ValidUntilMicros > now)
            {
                return ref entry;
            }
        }

        return ref System.Runtime.CompilerServices.Unsafe.NullRef<Entry>();
    }

    private ref Entry FirstToEnd(int set)
    {
        ref Entry first = ref _entries[set * Ways];
        for (int i = (set * Ways) + 1; i < (set + 1) * Ways; i++)
        {
            ref Entry other = ref _entries[i];
            first = ref other.Answer.Quote.ValidUntilMicros < first.Answer.Quote.ValidUntilMicros ? ref other : ref first;
        }

        return ref first;
    }

    private struct Entry
    {
        public RequestKey Key;
        public ulong Content;
        public RememberedAnswer Answer;
    }
}

/// <summary>128 bits that stand for a request's id.</summary>
internal readonly record struct RequestKey(ulong Low, ulong High);
