using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using PricingCore.Numerics;

namespace PricingCore.AspNetCore.Security;

/// <summary>The limits of address, user and all together, in that order; a request that one refuses costs the others nothing.</summary>
/// <threadsafety>Any thread.</threadsafety>
internal sealed class RequestLimits
{
    private const long MinuteMicros = 60_000_000;
    private const long SecondMicros = 1_000_000;
    private const ulong AllKey = 1;

    private readonly TimeProvider _time;
    private readonly SipHash _hash = new(RandomNumberGenerator.GetBytes(16)); // Unforeseeable, so that nobody picks addresses that share a place.
    private readonly TokenBuckets _users;
    private readonly TokenBuckets _addresses;
    private readonly TokenBuckets _all = new(1);
    private readonly TokenRate? _user;
    private readonly TokenRate? _address;
    private readonly TokenRate? _total;

    public RequestLimits(PricingSecurityOptions options, TimeProvider time)
    {
        _time = time;
        _users = new TokenBuckets(options.MaxCountedCallers / 2);
        _addresses = new TokenBuckets(options.MaxCountedCallers / 2);
        _user = RateOf(options.UserRequestsPerMinute, MinuteMicros);
        _address = RateOf(options.AddressRequestsPerMinute, MinuteMicros);
        _total = RateOf(options.TotalRequestsPerSecond, SecondMicros);
    }

    /// <summary>Counts a request.</summary>
    /// <param name="caller">Who sends it; null when that is not known.</param>
    /// <param name="address">Where from; null for the same machine, which only the limit of all is for.</param>
    public LimitVerdict Take(Caller? caller, IPAddress? address)
    {
        long now = 1 + (long)(_time.GetTimestamp() * ((double)SecondMicros / _time.TimestampFrequency));
        bool hasOwnLimit = caller?.RequestsPerMinute is not null;
        TokenRate? addressRate = address is null || hasOwnLimit ? null : _address; // A key with a limit of its own is a host's, behind which many users are.
        TokenRate? userRate = caller is null or { Subject: "" } ? null : hasOwnLimit ? RateOf(caller.RequestsPerMinute!.Value, MinuteMicros) : _user;
        ulong addressKey = addressRate is null ? 0 : KeyOf(address!);
        ulong userKey = userRate is null ? 0 : _hash.Hash128(caller!.Subject, salt: caller.IsKey ? 1UL : 0).Low; // A token's subject is never a key's id.

        var verdict = new LimitVerdict("", new TokenRate(1, 1), new TokenGrant(true, 0, 0, 0));
        if (addressRate is { } byAddress)
        {
            verdict = new LimitVerdict("address", byAddress, _addresses.Take(addressKey, byAddress, now));
            if (!verdict.Grant.IsGranted)
            {
                return verdict;
            }
        }

        if (userRate is { } byUser)
        {
            TokenGrant grant = _users.Take(userKey, byUser, now);
            verdict = new LimitVerdict("user", byUser, grant);
            if (!grant.IsGranted)
            {
                GiveBack(_addresses, addressKey, addressRate, now);
                return verdict;
            }
        }

        if (_total is { } total && _all.Take(AllKey, total, now) is { IsGranted: false } none)
        {
            GiveBack(_addresses, addressKey, addressRate, now);
            GiveBack(_users, userKey, userRate, now);
            return new LimitVerdict("total", total, none);
        }

        return verdict;
    }

    private static void GiveBack(TokenBuckets buckets, ulong key, TokenRate? rate, long now)
    {
        if (rate is { } given)
        {
            buckets.GiveBack(key, given, now);
        }
    }

    private static TokenRate? RateOf(int tokens, long periodMicros) => tokens > 0 ? new TokenRate(tokens, periodMicros) : null;

    /// <summary>An IPv4 address, or the first 64 bits of an IPv6 one, which is what one customer of a provider gets.</summary>
    private ulong KeyOf(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        if (address.IsIPv4MappedToIPv6)
        {
            address.TryWriteBytes(bytes, out _);
            bytes = bytes[12..];
        }
        else
        {
            address.TryWriteBytes(bytes, out _);
            bytes = address.AddressFamily == AddressFamily.InterNetwork ? bytes[..4] : bytes[..8];
        }

        return _hash.Hash64(bytes);
    }
}

/// <summary>Which limit has the last word on a request, and what it says.</summary>
/// <param name="Name"><c>address</c>, <c>user</c>, <c>total</c>; empty when none is for this request.</param>
/// <param name="Rate">The limit.</param>
/// <param name="Grant">What it says.</param>
internal readonly record struct LimitVerdict(string Name, TokenRate Rate, TokenGrant Grant)
{
    /// <summary>What a refusal is counted as.</summary>
    public string Reason => Name switch
    {
        "address" => "address_limit",
        "user" => "user_limit",
        _ => "total_limit",
    };
}
