using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PricingCore.AspNetCore.Binary;

namespace PricingCore.Sidecar;

/// <summary>The binary protocol on an address of the sidecar.</summary>
internal static class BinaryListener
{
    /// <summary>Serves it.</summary>
    /// <param name="listen">The endpoint.</param>
    /// <param name="address">Where that is: on an address that the network can reach, nobody is let in for being on this machine.</param>
    /// <param name="options">Limits.</param>
    public static void Serve(ListenOptions listen, ListenAddress address, BinaryProtocolOptions options)
    {
        IServiceProvider services = listen.ApplicationServices;
        IBinaryAuthenticator authenticator = services.GetRequiredService<IBinaryAuthenticator>();
        var handler = new BinaryConnectionHandler(
            services.GetRequiredService<PricingEngine>,
            options,
            address.IsLocal ? authenticator : new NetworkAuthenticator(authenticator),
            services.GetService<TimeProvider>() ?? TimeProvider.System,
            services.GetRequiredService<ILoggerFactory>().CreateLogger("PricingCore.Binary"));
        listen.Run(handler.OnConnectedAsync);
    }

    /// <summary>
    /// Treats everybody as a stranger. A connection by loopback to an address of the network may be another machine's that a proxy here passes on, and there is nothing in the
    /// protocol that would give that away. The same holds over HTTP (<see cref="Admittance"/>).
    /// </summary>
    private sealed class NetworkAuthenticator(IBinaryAuthenticator inner) : IBinaryAuthenticator
    {
        /// <summary>An address that is nobody's; attempts by loopback are counted against it.</summary>
        private static readonly IPEndPoint Stranger = new(IPAddress.Any, 0);

        public ValueTask<BinaryCaller?> AuthenticateAsync(string credential, EndPoint? remote, CancellationToken cancellationToken) =>
            inner.AuthenticateAsync(credential, remote is IPEndPoint ip && !IPAddress.IsLoopback(ip.Address) ? ip : Stranger, cancellationToken);
    }
}
