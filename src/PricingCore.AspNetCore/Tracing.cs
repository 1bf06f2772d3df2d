using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace PricingCore.AspNetCore;

/// <summary>W3C trace context and request ids: taken in, and given back.</summary>
internal static class Tracing
{
    /// <summary>Hexadecimal digits of a trace id.</summary>
    public const int IdLength = 32;

    private const string RequestIdHeader = "X-Request-Id";
    private const string TraceResponseHeader = "traceresponse";
    private const int TraceParentLength = 55;
    private const int MaxRequestIdLength = 128;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    // A start that no other process has, and a count: unique without asking the system for randomness at each request.
    private static readonly byte[] Start = System.Text.Encoding.ASCII.GetBytes(System.Security.Cryptography.RandomNumberGenerator.GetHexString(IdLength / 2, lowercase: true));
    private static ulong _last;

    // Each thread takes its numbers in blocks: one counter for all would move its cache line between the CPUs at every request.
    private const ulong NumbersAtATime = 4_096;

    [ThreadStatic]
    private static ulong _next;

    [ThreadStatic]
    private static ulong _end;

    /// <summary>The id of the trace that the request belongs to; null when it belongs to none.</summary>
    public static string? IdOf(HttpContext context)
    {
        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity)
        {
            return activity.TraceId.ToHexString();
        }

        // Without listeners there is no activity; the client's trace goes on all the same.
        StringValues sent = context.Request.Headers.TraceParent;
        return sent is [{ } parent] && IsTraceParent(parent) ? parent.Substring(3, IdLength) : null;
    }

    /// <summary>The id that the client names the request by in a header; null when there is none, or it is not 1 to 128 visible ASCII characters.</summary>
    public static string? RequestIdOf(HttpContext context) =>
        context.Request.Headers[RequestIdHeader] is [{ Length: > 0 and <= MaxRequestIdLength } id] && IsPlain(id) ? id : null;

    /// <summary>Says in the answer's headers what the client said in the request's.</summary>
    public static void SetHeaders(HttpContext context)
    {
        if (RequestIdOf(context) is { } id)
        {
            context.Response.Headers[RequestIdHeader] = id;
        }

        if (context.Request.Headers.TraceParent.Count > 0 && Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity)
        {
            context.Response.Headers[TraceResponseHeader] = string.Create(
                CultureInfo.InvariantCulture,
                $"00-{activity.TraceId.ToHexString()}-{activity.SpanId.ToHexString()}-{(activity.Recorded ? "01" : "00")}");
        }
    }

    /// <summary>Writes 32 hexadecimal digits that no other request has.</summary>
    public static void WriteNewId(Span<byte> target)
    {
        if (_next == _end)
        {
            _end = Interlocked.Add(ref _last, NumbersAtATime);
            _next = _end - NumbersAtATime;
        }

        Start.CopyTo(target);
        Span<byte> number = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(number, _next++);
        Convert.TryToHexStringLower(number, target[Start.Length..], out _); // At once, where Utf8Formatter goes digit by digit.
    }

    private static bool IsPlain(string id)
    {
        foreach (char c in id)
        {
            if (c is <= ' ' or >= '\x7f' or '"' or '\\')
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsTraceParent(string text)
    {
        if (text.Length < TraceParentLength || text[2] != '-' || text[35] != '-' || text[52] != '-' || text.StartsWith("ff", StringComparison.Ordinal))
        {
            return false;
        }

        ReadOnlySpan<char> id = text.AsSpan(3, IdLength);
        return !id.ContainsAnyExcept(HexDigits) && id.ContainsAnyExcept('0');
    }
}
