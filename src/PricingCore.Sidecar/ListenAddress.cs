using System.Globalization;
using System.Net;

namespace PricingCore.Sidecar;

/// <summary>Where a server listens, and how.</summary>
/// <param name="Scheme">How.</param>
/// <param name="EndPoint">Where; null for a Unix socket.</param>
/// <param name="Path">The path of a Unix socket; null otherwise.</param>
internal sealed record ListenAddress(ListenScheme Scheme, IPEndPoint? EndPoint, string? Path)
{
    public const string Forms =
        "http://ADDRESS:PORT, https://ADDRESS:PORT, h2c://ADDRESS:PORT, binary://ADDRESS:PORT, binary+tls://ADDRESS:PORT, unix:PATH or binary+unix:PATH, where ADDRESS is an IP address, localhost or *";

    private const string Unix = "unix:";
    private const string BinaryUnix = "binary+unix:";

    /// <summary>Whether only this machine can connect.</summary>
    public bool IsLocal => EndPoint is null || IPAddress.IsLoopback(EndPoint.Address);

    /// <summary>Whether the binary protocol is spoken there.</summary>
    public bool IsBinary => Scheme is ListenScheme.Binary or ListenScheme.BinaryOverTls;

    /// <summary>Whether the server shows its certificate there.</summary>
    public bool UsesTls => Scheme is ListenScheme.Https or ListenScheme.BinaryOverTls;

    /// <summary>Reads an address.</summary>
    public static bool TryParse(string text, out ListenAddress? address)
    {
        address = null;
        if (text.StartsWith(Unix, StringComparison.Ordinal) || text.StartsWith(BinaryUnix, StringComparison.Ordinal))
        {
            ListenScheme spoken = text.StartsWith(Unix, StringComparison.Ordinal) ? ListenScheme.Http : ListenScheme.Binary;
            string path = text[(text.IndexOf(':', StringComparison.Ordinal) + 1)..];
            address = path.Length > 0 ? new ListenAddress(spoken, null, System.IO.Path.GetFullPath(path)) : null;
            return address is not null;
        }

        int end = text.IndexOf("://", StringComparison.Ordinal);
        ListenScheme? scheme = end < 0 ? null : text[..end] switch
        {
            "http" => ListenScheme.Http,
            "https" => ListenScheme.Https,
            "h2c" => ListenScheme.Http2Cleartext,
            "binary" => ListenScheme.Binary,
            "binary+tls" => ListenScheme.BinaryOverTls,
            _ => null,
        };
        int colon = text.LastIndexOf(':');
        if (scheme is null || colon < end + 3
            || !int.TryParse(text.AsSpan(colon + 1).TrimEnd('/'), NumberStyles.None, CultureInfo.InvariantCulture, out int port) || port > IPEndPoint.MaxPort)
        {
            return false;
        }

        IPAddress? host = text[(end + 3)..colon] switch
        {
            "localhost" => IPAddress.Loopback,
            "*" => IPAddress.IPv6Any,
            var name => IPAddress.TryParse(name.Trim('[', ']'), out IPAddress? parsed) ? parsed : null,
        };
        address = host is null ? null : new ListenAddress(scheme.Value, new IPEndPoint(host, port), null);
        return address is not null;
    }
}

/// <summary>What is spoken on a connection.</summary>
internal enum ListenScheme
{
    /// <summary>HTTP/1.1 in clear.</summary>
    Http,

    /// <summary>HTTP/1.1 and HTTP/2 over TLS.</summary>
    Https,

    /// <summary>HTTP/2 in clear, with prior knowledge.</summary>
    Http2Cleartext,

    /// <summary>The binary protocol of docs/protocol.md, in clear.</summary>
    Binary,

    /// <summary>The same over TLS.</summary>
    BinaryOverTls,
}
