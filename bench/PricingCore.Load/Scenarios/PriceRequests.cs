using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace PricingCore.Load.Scenarios;

/// <summary>Requests for a price over HTTP, one of each region, as bytes; an id differs each time it is sent.</summary>
/// <threadsafety>Any thread.</threadsafety>
internal sealed class PriceRequests
{
    private const int IdLength = 16;

    private readonly byte[][] _requests;
    private readonly byte[][] _expected;
    private readonly bool _bringsIds;

    /// <param name="regions">Regions to ask for, in turn.</param>
    /// <param name="bringsIds">Whether each brings an id and a user.</param>
    public PriceRequests(IReadOnlyList<string> regions, bool bringsIds)
    {
        _bringsIds = bringsIds;
        _requests = [.. regions.Select(region => Request(region, bringsIds))];
        _expected = [.. regions.Select(region => Encoding.UTF8.GetBytes($"\"region_id\":\"{region}\""))];
    }

    /// <summary>How many different ones there are.</summary>
    public int Count => _requests.Length;

    /// <summary>Bytes of the longest.</summary>
    public int MostBytes => _requests.Max(request => request.Length);

    /// <summary>Writes a request.</summary>
    /// <param name="number">Which.</param>
    /// <param name="id">What makes its id; nobody else may use it.</param>
    /// <param name="target">Where to.</param>
    /// <returns>Bytes written.</returns>
    public int Write(long number, ulong id, Span<byte> target)
    {
        byte[] request = _requests[(int)(number % Count)];
        request.CopyTo(target);
        if (_bringsIds)
        {
            _ = id.TryFormat(target[(request.Length - IdLength - 2)..], out _, "x16", CultureInfo.InvariantCulture);
        }

        return request.Length;
    }

    /// <summary>Whether an answer names the region that was asked for.</summary>
    public bool IsAnswered(long number, ReadOnlySpan<byte> answer) => answer.IndexOf(_expected[(int)(number % Count)]) > 0;

    /// <summary>Ids of one client, different from those of all others.</summary>
    public static ulong NewIdBase() => BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)) & ~0xFFFF_FFFFUL;

    private static byte[] Request(string region, bool bringsId)
    {
        string body = bringsId
            ? $$"""{"region_id":"{{region}}","product_type":"standard","user_id":"user-of-{{region}}","request_id":"{{new string('0', IdLength)}}"}"""
            : $$"""{"region_id":"{{region}}","product_type":"standard"}""";
        return Encoding.UTF8.GetBytes($"POST /api/v1/pricing/compute HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
    }
}
