using System.Net;
using Microsoft.AspNetCore.Http;

namespace PricingCore.AspNetCore.Security;

/// <summary>Tells requests of the same machine from those that only look so.</summary>
internal static class LocalRequests
{
    private static readonly string[] ProxyHeaders = ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via"];

    /// <summary>Whether a request comes from this machine, and is not somebody else's that a proxy or a browser here passes on.</summary>
    /// <remarks>
    /// A web page of elsewhere can send requests from the user's browser to loopback: its Origin gives it away; and after its own name was pointed at loopback, the Host does.
    /// </remarks>
    public static bool IsLocal(HttpContext context)
    {
        IPAddress? remote = context.Connection.RemoteIpAddress;
        if (remote is not null ? !IPAddress.IsLoopback(remote) : context.Connection.LocalIpAddress is not null)
        {
            return false; // Neither loopback nor a Unix socket, which has no addresses.
        }

        IHeaderDictionary headers = context.Request.Headers;
        foreach (string header in ProxyHeaders)
        {
            if (headers.ContainsKey(header))
            {
                return false;
            }
        }

        return (remote is null || IsLocalName(NameOf(context.Request.Host)))
            && (headers.Origin.Count == 0 || (Uri.TryCreate(headers.Origin.ToString(), UriKind.Absolute, out Uri? origin) && IsLocalName(origin.Host)));
    }

    /// <summary>The host without its port, in place: a text would be made for each request.</summary>
    private static ReadOnlySpan<char> NameOf(HostString host)
    {
        ReadOnlySpan<char> text = host.Value;
        int colon = text.LastIndexOf(':');
        return colon > text.LastIndexOf(']') ? text[..colon] : text;
    }

    private static bool IsLocalName(ReadOnlySpan<char> host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host is "127.0.0.1"
        || (IPAddress.TryParse(host.Trim("[]"), out IPAddress? address) && IPAddress.IsLoopback(address));
}
