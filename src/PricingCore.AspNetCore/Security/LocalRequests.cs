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
        return !Array.Exists(ProxyHeaders, headers.ContainsKey)
            && (remote is null || IsLocalName(context.Request.Host.Host))
            && (headers.Origin.Count == 0 || (Uri.TryCreate(headers.Origin.ToString(), UriKind.Absolute, out Uri? origin) && IsLocalName(origin.Host)));
    }

    private static bool IsLocalName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));
}
