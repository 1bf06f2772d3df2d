using System.Net;

namespace PricingCore.AspNetCore.Binary;

/// <summary>Decides who may use the binary protocol. Without one, callers on the same machine may do everything, and others nothing.</summary>
/// <threadsafety>Called by many threads at a time.</threadsafety>
public interface IBinaryAuthenticator
{
    /// <summary>Checks the credential of a hello.</summary>
    /// <param name="credential">An API key or a token; empty when the client sent none.</param>
    /// <param name="remote">Where the client connects from; null when that is not known.</param>
    /// <param name="cancellationToken">Cancelled when the client takes too long.</param>
    /// <returns>What the caller may do; null to refuse it.</returns>
    ValueTask<BinaryCaller?> AuthenticateAsync(string credential, EndPoint? remote, CancellationToken cancellationToken);
}
