using PricingCore.Numerics;

namespace PricingCore.Events;

/// <summary>Token buckets of users and regions, as one time each: lock-free, of fixed memory.</summary>
/// <remarks>
/// <para>A bucket is kept as the time at which it will be full again (the generic cell rate algorithm, ITU-T I.371): an event
/// moves that time on by one interval, and is refused when it would lie more than a burst ahead. A bucket whose time has
/// passed is full, the same as one never used; so its slot can be given to another user and nothing is forgotten.</para>
/// <para>A user's slot is one word: 20 bits of the user's hash, 44 bits of time in units of 16 us, which come round every nine years. A
/// user looks at 8 neighbouring slots; when other busy users hold all of them, the event is let through: better than to refuse the innocent.</para>
/// <para>No bucket can lie further ahead than its burst and one interval. One that seems to is from before a clock that went back, or
/// from years ago, and counts as full.</para>
/// </remarks>
/// <threadsafety>Any thread.</threadsafety>
internal sealed class RateLimits
{
    private const int UserSlots = 1 << 16;
    private const int ProbeSlots = 8;
    private const int TimeBits = 44;
    private const ulong TimeMask = (1UL << TimeBits) - 1;
    private const int MicrosPerUnit = 16;

    private readonly ulong[]? _users;
    private readonly long[]? _regions;
    private readonly long _userIntervalUnits;
    private readonly long _userBurstUnits;
    private readonly long _regionIntervalNanos;
    private readonly long _regionBurstNanos;

    /// <param name="userEventsPerMinute">0 for no limit.</param>
    /// <param name="regionEventsPerSecond">0 for no limit.</param>
    /// <param name="maxRegions">How many regions there can be.</param>
    public RateLimits(int userEventsPerMinute, int regionEventsPerSecond, int maxRegions)
    {
        if (userEventsPerMinute > 0)
        {
            _users = new ulong[UserSlots];
            _userIntervalUnits = UnixMicros.PerMinute / MicrosPerUnit / userEventsPerMinute;
            _userBurstUnits = _userIntervalUnits * (userEventsPerMinute - 1);
        }

        if (regionEventsPerSecond > 0)
        {
            _regions = new long[maxRegions];
            _regionIntervalNanos = 1_000_000_000L / regionEventsPerSecond;
            _regionBurstNanos = _regionIntervalNanos * (regionEventsPerSecond - 1);
        }
    }

    /// <summary>Takes a token of the user's bucket; <see langword="false"/> when it is empty.</summary>
    public bool TryTakeOfUser(ulong user, long nowMicros)
    {
        if (_users is null)
        {
            return true;
        }

        ulong now = unchecked((ulong)(nowMicros / MicrosPerUnit)) & TimeMask;
        ulong tag = user >> TimeBits << TimeBits;
        int first = (int)(user % UserSlots) & ~(ProbeSlots - 1);

        while (true)
        {
            int slot = FindSlot(_users, first, tag, now, out ulong seen);
            if (slot < 0)
            {
                return true;
            }

            long ahead = (seen & ~TimeMask) == tag ? UnitsAhead(seen, now) : 0;
            if (ahead > _userBurstUnits)
            {
                return false;
            }

            ulong next = tag | ((now + (ulong)(ahead + _userIntervalUnits)) & TimeMask);
            if (Interlocked.CompareExchange(ref _users[slot], next, seen) == seen)
            {
                return true;
            }
        }
    }

    /// <summary>Takes a token of the region's bucket; <see langword="false"/> when it is empty.</summary>
    public bool TryTakeOfRegion(int region, long nowMicros)
    {
        if (_regions is null || region < 0)
        {
            return true;
        }

        long now = nowMicros * 1_000;
        ref long bucket = ref _regions[region];
        while (true)
        {
            long seen = Volatile.Read(ref bucket);
            long ahead = seen > now && seen - now <= _regionBurstNanos + _regionIntervalNanos ? seen - now : 0;
            if (ahead > _regionBurstNanos)
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref bucket, now + ahead + _regionIntervalNanos, seen) == seen)
            {
                return true;
            }
        }
    }

    /// <summary>The user's own slot, else one whose bucket is full and so can be taken over; -1 when there is neither.</summary>
    private int FindSlot(ulong[] users, int first, ulong tag, ulong now, out ulong seen)
    {
        int free = -1;
        ulong freeSeen = 0;
        for (int slot = first; slot < first + ProbeSlots; slot++)
        {
            seen = Volatile.Read(ref users[slot]);
            bool isFull = UnitsAhead(seen, now) == 0;
            if (!isFull && (seen & ~TimeMask) == tag)
            {
                return slot;
            }

            if (isFull && free < 0)
            {
                free = slot;
                freeSeen = seen;
            }
        }

        seen = freeSeen;
        return free;
    }

    /// <summary>How far ahead a slot's bucket will be full; 0 when it is.</summary>
    private long UnitsAhead(ulong slot, ulong now)
    {
        long ahead = (long)(unchecked(slot - now) & TimeMask);
        return slot != 0 && ahead <= _userBurstUnits + _userIntervalUnits ? ahead : 0;
    }
}
