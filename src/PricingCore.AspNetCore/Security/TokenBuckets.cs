namespace PricingCore.AspNetCore.Security;

/// <summary>Token buckets by key, in a table of fixed size.</summary>
/// <remarks>
/// <para>System.Threading.RateLimiting keeps an object with a queue and a timer's share for each key it has met lately, so whoever sends from many addresses decides how much
/// memory is used; and it gives tokens back in whole periods. Here a bucket is 32 bytes, the table never grows, and tokens come back continuously.</para>
/// <para>Whole numbers only: what a bucket lacks is counted in tokens times the period in microseconds, and in each microsecond as much as the limit comes back. So exactly
/// the limit passes at once, and after that exactly the rate.</para>
/// <para>When all eight places that a key may have are taken, the bucket that lacks least makes room: its key gets what it lacked, which is the least that can be given away.</para>
/// </remarks>
/// <threadsafety>Any thread.</threadsafety>
internal sealed class TokenBuckets
{
    private const int Ways = 8;
    private const int Locks = 256;

    private readonly Bucket[] _buckets;
    private readonly Lock[] _locks;
    private readonly int _setMask;

    /// <param name="capacity">Keys it has room for; rounded up to a power of two, 2,048 at least.</param>
    public TokenBuckets(int capacity)
    {
        int sets = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(capacity / Ways, Locks));
        _buckets = new Bucket[sets * Ways];
        _setMask = sets - 1;
        _locks = [.. Enumerable.Range(0, Locks).Select(_ => new Lock())];
    }

    /// <summary>Takes a token.</summary>
    /// <param name="key">A hash of the key that nobody can foresee.</param>
    /// <param name="limit">Tokens in a period, and at once.</param>
    /// <param name="now">The time in microseconds; never goes back.</param>
    public TokenGrant Take(ulong key, in TokenRate limit, long now)
    {
        int set = SetOf(key);
        lock (_locks[set & (Locks - 1)])
        {
            return Find(set, key, limit, now).Take(limit);
        }
    }

    /// <summary>Gives a token back that another limit has made worthless.</summary>
    public void GiveBack(ulong key, in TokenRate limit, long now)
    {
        int set = SetOf(key);
        lock (_locks[set & (Locks - 1)])
        {
            ref Bucket bucket = ref Find(set, key, limit, now);
            bucket.Lacks = Math.Max(0, bucket.Lacks - limit.PeriodMicros);
        }
    }

    private int SetOf(ulong key) => (int)(key & (ulong)_setMask);

    private ref Bucket Find(int set, ulong key, in TokenRate limit, long now)
    {
        Span<Bucket> ways = _buckets.AsSpan(set * Ways, Ways);
        int least = 0;
        for (int way = 0; way < ways.Length; way++)
        {
            if (ways[way].Key == key && ways[way].UpdatedAt != 0)
            {
                ways[way].Refill(limit, now);
                return ref ways[way];
            }

            if (ways[way].FullAt < ways[least].FullAt)
            {
                least = way;
            }
        }

        ways[least] = new Bucket { Key = key, UpdatedAt = now };
        return ref ways[least];
    }

    private struct Bucket
    {
        public ulong Key;
        public long Lacks;
        public long UpdatedAt;
        public long FullAt;

        public void Refill(in TokenRate limit, long now)
        {
            long elapsed = Math.Clamp(now - UpdatedAt, 0, limit.PeriodMicros);
            Lacks = Math.Max(0, Lacks - (elapsed * limit.Tokens));
            UpdatedAt = Math.Max(UpdatedAt, now);
        }

        public TokenGrant Take(in TokenRate limit)
        {
            long most = limit.Tokens * limit.PeriodMicros;
            long missing = Lacks + limit.PeriodMicros - most;
            if (missing <= 0)
            {
                Lacks += limit.PeriodMicros;
            }

            FullAt = UpdatedAt + (Lacks / limit.Tokens);
            return new TokenGrant(missing <= 0, (most - Lacks) / limit.PeriodMicros, missing <= 0 ? 0 : DivideUp(missing, limit.Tokens), DivideUp(Lacks, limit.Tokens));
        }

        private static long DivideUp(long dividend, long divisor) => (dividend + divisor - 1) / divisor;
    }
}

/// <summary>So many tokens in a period.</summary>
/// <param name="Tokens">From 1 to 1,000,000,000.</param>
/// <param name="PeriodMicros">The period in microseconds; a minute at most.</param>
internal readonly record struct TokenRate(long Tokens, long PeriodMicros);

/// <summary>What became of a request for a token.</summary>
/// <param name="IsGranted">Whether there was one.</param>
/// <param name="Remaining">Whole tokens left.</param>
/// <param name="RetryAfterMicros">When there will be one, in microseconds; 0 when there was.</param>
/// <param name="FullAfterMicros">When all will be back.</param>
internal readonly record struct TokenGrant(bool IsGranted, long Remaining, long RetryAfterMicros, long FullAfterMicros);
