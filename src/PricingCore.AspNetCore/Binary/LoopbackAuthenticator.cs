using System.Net;
using System.Net.Sockets;

namespace PricingCore.AspNetCore.Binary;

/// <summary>Lets in who connects from the same machine: by loopback or by a Unix socket, which the file's permissions guard.</summary>
internal sealed class LoopbackAuthenticator : IBinaryAuthenticator
{
    /// <inheritdoc/>
    public ValueTask<BinaryCaller?> AuthenticateAsync(string credential, EndPoint? remote, CancellationToken cancellationToken) =>
        ValueTask.FromResult(IsLocal(remote) ? new BinaryCaller(mayQuote: true, mayPublish: true) : null);

    /// <summary>Whether a connection comes from this machine.</summary>
    public static bool IsLocal(EndPoint? remote) => remote switch
    {
        IPEndPoint ip => IPAddress.IsLoopback(ip.Address),
        UnixDomainSocketEndPoint => true,
        _ => false,
    };
}
