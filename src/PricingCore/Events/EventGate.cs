using System.Runtime.CompilerServices;
using PricingCore.Numerics;
using PricingCore.Regions;

namespace PricingCore.Events;

/// <summary>The border check: turns a <see cref="MarketEvent"/> into an <see cref="AcceptedEvent"/>, or says why not.</summary>
/// <remarks>Runs on the caller's thread. Never throws, waits or allocates, but for the first event of a new region or product.</remarks>
/// <threadsafety>Any thread.</threadsafety>
internal sealed class EventGate
{
    /// <summary>Characters that a region or product id may have.</summary>
    public const int MaxNameLength = 64;

    /// <summary>Characters that a user, unit or idempotency key may have.</summary>
    public const int MaxIdLength = 128;

    private readonly RegionDirectory _regions;
    private readonly NameTable _products;
    private readonly RateLimits _limits;
    private readonly SipHash _subjects;
    private readonly long _allowedLateness;
    private readonly long _allowedSkew;
    private readonly long[] _rejected = new long[(int)Rejection.JournalUnavailable + 1];
    private readonly int[] _faultsIn;

    /// <param name="regions">Where regions are found and added.</param>
    /// <param name="products">Where products are found and added.</param>
    /// <param name="limits">How much each user and region may send.</param>
    /// <param name="subjectKey">16 bytes that key the hash of users, units and idempotency keys.</param>
    /// <param name="allowedLatenessMicros">How old an event may be.</param>
    /// <param name="allowedSkewMicros">How far in the future it may be.</param>
    public EventGate(
        RegionDirectory regions, NameTable products, RateLimits limits, ReadOnlySpan<byte> subjectKey, long allowedLatenessMicros, long allowedSkewMicros)
    {
        _regions = regions;
        _products = products;
        _limits = limits;
        _subjects = new SipHash(subjectKey);
        _allowedLateness = allowedLatenessMicros;
        _allowedSkew = allowedSkewMicros;
        _faultsIn = new int[regions.Capacity];
    }

    /// <summary>Events refused for what is wrong with them: not for limits, a full ring or an engine that has stopped.</summary>
    public long Faults
    {
        get
        {
            long faults = 0;
            for (Rejection reason = Rejection.UnknownKind; reason <= Rejection.InFuture; reason++)
            {
                faults += IsFault(reason) ? RejectedFor(reason) : 0;
            }

            return faults;
        }
    }

    /// <summary>The same of one region, as far as the region is known; wraps around.</summary>
    public int FaultsIn(int region) => Volatile.Read(ref _faultsIn[region]);

    /// <summary>Events refused for a reason.</summary>
    public long RejectedFor(Rejection reason) => Volatile.Read(ref _rejected[(int)reason]);

    /// <summary>Counts an event that was refused here or, when the ring was full, after the gate.</summary>
    public Rejection Count(Rejection reason)
    {
        Interlocked.Increment(ref _rejected[(int)reason]);
        return reason;
    }

    /// <summary>Checks and enriches an event.</summary>
    /// <param name="e">The event, as the host gave it.</param>
    /// <param name="receivedAt">Now, in microseconds.</param>
    /// <param name="accepted">What may enter the ring.</param>
    /// <returns><see cref="Rejection.None"/>, or why the event may not enter.</returns>
    public Rejection TryAccept(in MarketEvent e, long receivedAt, out AcceptedEvent accepted)
    {
        accepted = default;
        Rejection reason = CheckShape(e);
        if (reason != Rejection.None)
        {
            return CountFault(e, reason);
        }

        long occurredAt = UnixMicros.From(e.OccurredAt);
        if (receivedAt - occurredAt > _allowedLateness)
        {
            return CountFault(e, Rejection.TooOld);
        }

        if (occurredAt - receivedAt > _allowedSkew)
        {
            return CountFault(e, Rejection.InFuture);
        }

        reason = Resolve(e, out int region, out int product);
        if (reason != Rejection.None)
        {
            return CountFault(e, reason);
        }

        accepted = AcceptedEvent.FromGate(e.Kind, region, product, occurredAt, receivedAt, e.Values);
        Enrich(e, ref accepted);
        reason = TakeTokens(e, accepted);
        return reason == Rejection.None ? Rejection.None : Count(reason);
    }

    /// <summary>More regions than are allowed are no fault of the event.</summary>
    private static bool IsFault(Rejection reason) => reason is >= Rejection.UnknownKind and <= Rejection.InFuture and not Rejection.TooManyRegions;

    /// <summary>Counts an event with something wrong with it, in its region too; apart from the way of events that are taken, which pays nothing for it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private Rejection CountFault(in MarketEvent e, Rejection reason)
    {
        int region = IsFault(reason) && IsText(e.RegionId, MaxNameLength) ? _regions.Find(e.RegionId) : NameTable.Unknown;
        if (region >= 0)
        {
            Interlocked.Increment(ref _faultsIn[region]);
        }

        return Count(reason);
    }

    private static Rejection CheckShape(in MarketEvent e)
    {
        Rejection kind = CheckKind(e.Kind);
        if (kind != Rejection.None)
        {
            return kind;
        }

        if (!IsText(e.RegionId, MaxNameLength))
        {
            return Rejection.InvalidRegion;
        }

        if (e.ProductType is not null && !IsText(e.ProductType, MaxNameLength))
        {
            return Rejection.InvalidProduct;
        }

        bool areIdsValid = (e.UserId is null || IsText(e.UserId, MaxIdLength))
            && (e.UnitId is null || IsText(e.UnitId, MaxIdLength))
            && (e.IdempotencyKey is null || IsText(e.IdempotencyKey, MaxIdLength));
        return areIdsValid ? EventRanges.Check(e) : Rejection.InvalidId;
    }

    private static Rejection CheckKind(MarketEventKind kind) => kind switch
    {
        >= MarketEventKind.Search and <= MarketEventKind.TripEnded => Rejection.None,
        >= MarketEventKind.SupplyAvailable and <= MarketEventKind.SupplyMoved => Rejection.None,
        >= MarketEventKind.Weather and <= MarketEventKind.Holiday => Rejection.None,
        MarketEventKind.Alert => Rejection.None,
        MarketEventKind.RulesPublished or MarketEventKind.ModelDeployed => Rejection.ReservedKind,
        >= MarketEventKind.Tick and <= MarketEventKind.DecisionRequested => Rejection.ReservedKind,
        _ => Rejection.UnknownKind,
    };

    /// <summary>Not missing, not too long, and not blank at its ends, so that no two ids look the same.</summary>
    public static bool IsText(string? text, int maxLength) =>
        !string.IsNullOrEmpty(text)
        && text.Length <= maxLength
        && !char.IsWhiteSpace(text[0])
        && !char.IsWhiteSpace(text[^1]);

    private Rejection Resolve(in MarketEvent e, out int region, out int product)
    {
        product = NameTable.Unknown;
        region = AcceptedEvent.EveryRegion;
        if (e.RegionId == MarketEvent.AllRegions)
        {
            if (!IsExternal(e.Kind))
            {
                return Rejection.InvalidRegion;
            }
        }
        else
        {
            region = _regions.FindOrAdd(e.RegionId);
            if (region == NameTable.Unknown)
            {
                return _regions.IsOpen ? Rejection.TooManyRegions : Rejection.UnknownRegion;
            }
        }

        if (e.ProductType is not null)
        {
            product = _products.FindOrAdd(e.ProductType);
            if (product == NameTable.Unknown)
            {
                return Rejection.InvalidProduct;
            }
        }

        return Rejection.None;
    }

    private void Enrich(in MarketEvent e, ref AcceptedEvent accepted)
    {
        bool isSupply = IsSupply(e.Kind);
        string? subject = isSupply ? e.UnitId : e.UserId;
        if (subject is not null)
        {
            accepted.Subject = Math.Max(1, _subjects.Hash64(subject)); // 0 says that there is none.
        }

        if (e.IdempotencyKey is not null)
        {
            // Salted with the region: a key counts once in its region, whichever shard the region is on. Units have keys of their
            // own, since their events go to every shard, and every shard must come to the same end.
            ulong salt = accepted.Region == AcceptedEvent.EveryRegion ? ulong.MaxValue : _regions.HashOf(accepted.Region);
            salt ^= isSupply && accepted.Subject != 0 ? 1UL : 0;
            (ulong low, ulong high) = _subjects.Hash128(e.IdempotencyKey, salt);
            accepted.KeyLow = low;
            accepted.KeyHigh = (uint)(high >> 32);
            accepted.Flags |= AcceptedEventFlags.HasKey;
        }
    }

    private Rejection TakeTokens(in MarketEvent e, in AcceptedEvent accepted)
    {
        if (e.UserId is not null && !_limits.TryTakeOfUser(IsSupply(e.Kind) ? _subjects.Hash64(e.UserId) : accepted.Subject, accepted.ReceivedAt))
        {
            return Rejection.UserRateLimited;
        }

        return _limits.TryTakeOfRegion(accepted.Region, accepted.ReceivedAt) ? Rejection.None : Rejection.RegionRateLimited;
    }

    internal static bool IsSupply(MarketEventKind kind) => kind is >= MarketEventKind.SupplyAvailable and <= MarketEventKind.SupplyMoved;

    internal static bool IsExternal(MarketEventKind kind) => kind is >= MarketEventKind.Weather and <= MarketEventKind.Holiday;
}
