using System.Buffers;
using PricingCore.Events;
using PricingCore.Quotes;

namespace PricingCore.AspNetCore.Compute;

/// <summary>
/// Reads requests of the kind that nearly all are: one object of short ASCII texts without escapes. It takes a quarter of the time of a JSON reader; whatever is not plain is left to
/// that, right or wrong, so that nothing is judged here.
/// </summary>
/// <threadsafety>Any thread.</threadsafety>
internal static class PlainRequest
{
    private static readonly SearchValues<byte> Plain = SearchValues.Create(
        [.. Enumerable.Range(' ', 0x7f - ' ').Select(value => (byte)value).Where(value => value is not ((byte)'"' or (byte)'\\'))]);

    /// <summary>Reads a request.</summary>
    /// <param name="body">The request, and nothing else.</param>
    /// <param name="start">Where in its buffer it begins.</param>
    /// <param name="pool">Makes texts.</param>
    /// <param name="request">What it asks for, if it is plain.</param>
    /// <returns><see langword="false"/> when it is not plain.</returns>
    public static bool TryRead(ReadOnlySpan<byte> body, int start, TextPool pool, ref ComputeRequest request)
    {
        int at = 0;
        if (!TrySkip(body, ref at, (byte)'{'))
        {
            return false;
        }

        do
        {
            if (!TryReadText(body, ref at, out int nameAt, out int nameLength)
                || !TrySkip(body, ref at, (byte)':')
                || !TryReadText(body, ref at, out int valueAt, out int valueLength)
                || !TryTake(body.Slice(nameAt, nameLength), body.Slice(valueAt, valueLength), start + valueAt, pool, ref request))
            {
                return false;
            }
        }
        while (TrySkip(body, ref at, (byte)','));

        request.ProductType ??= QuoteRequest.StandardProduct;
        return TrySkip(body, ref at, (byte)'}') && body[at..].Trim(" \r\n\t"u8).IsEmpty && request.RegionId is not null;
    }

    private static bool TryTake(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, int valueAt, TextPool pool, ref ComputeRequest request)
    {
        if (value.IsEmpty || value.Length > EventGate.MaxNameLength || value[0] == ' ' || value[^1] == ' ')
        {
            return false; // Ids may be twice as long, but few are.
        }

        if (name.SequenceEqual("region_id"u8) && request.RegionId is null && !value.SequenceEqual("*"u8))
        {
            request.RegionId = pool.Get(value);
            return true;
        }

        if (name.SequenceEqual("product_type"u8) && request.ProductType is null && !value.SequenceEqual("*"u8))
        {
            request.ProductType = pool.Get(value);
            return true;
        }

        if (name.SequenceEqual("request_id"u8) && !request.RequestId.IsGiven)
        {
            request.RequestId = new IdInBody(valueAt, value.Length, null);
            return true;
        }

        if (name.SequenceEqual("user_id"u8) && !request.UserId.IsGiven)
        {
            request.UserId = new IdInBody(valueAt, value.Length, null);
            return true;
        }

        return false;
    }

    private static bool TryReadText(ReadOnlySpan<byte> body, ref int at, out int textAt, out int length)
    {
        textAt = 0;
        length = 0;
        if (!TrySkip(body, ref at, (byte)'"'))
        {
            return false;
        }

        textAt = at;
        length = body[at..].IndexOfAnyExcept(Plain);
        at += length + 1;
        return length >= 0 && body[at - 1] == '"';
    }

    /// <summary>Goes over blanks, and then over the byte that must follow.</summary>
    private static bool TrySkip(ReadOnlySpan<byte> body, ref int at, byte expected)
    {
        while (at < body.Length && (body[at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t'))
        {
            at++;
        }

        bool isThere = at < body.Length && body[at] == expected;
        at += isThere ? 1 : 0;
        return isThere;
    }
}
