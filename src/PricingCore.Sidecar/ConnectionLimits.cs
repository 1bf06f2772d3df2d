using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace PricingCore.Sidecar;

/// <summary>What one client may cost the server: every limit of Kestrel that a client can run into is set here on purpose.</summary>
internal static class ConnectionLimits
{
    /// <summary>Sets the limits.</summary>
    public static void Apply(ServerOptions server, KestrelServerLimits limits)
    {
        limits.MaxConcurrentConnections = server.MaxConnections;
        limits.MaxConcurrentUpgradedConnections = 0; // Nothing here upgrades a connection.
        limits.MaxRequestBodySize = server.MaxRequestBytes;
        limits.MaxRequestLineSize = server.MaxRequestLineBytes;
        limits.MaxRequestHeaderCount = server.MaxHeaders;
        limits.MaxRequestHeadersTotalSize = server.MaxHeaderBytes;
        limits.RequestHeadersTimeout = server.HeadersTimeout;
        limits.KeepAliveTimeout = server.KeepAlive;
        var rate = new MinDataRate(server.MinBytesPerSecond, server.SlowFor);
        limits.MinRequestBodyDataRate = rate;
        limits.MinResponseDataRate = rate;
        limits.Http2.MaxStreamsPerConnection = server.MaxStreams;
        limits.Http2.MaxRequestHeaderFieldSize = server.MaxHeaderBytes;
    }
}
