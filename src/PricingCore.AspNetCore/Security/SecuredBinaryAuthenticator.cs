using System.Net;
using PricingCore.AspNetCore.Binary;
using PricingCore.AspNetCore.Diagnostics;

namespace PricingCore.AspNetCore.Security;

/// <summary>The same credentials, rights and limits for the binary protocol. A frame is one request, as a batch over HTTP is.</summary>
internal sealed class SecuredBinaryAuthenticator(PricingSecurityOptions options, CredentialVerifier verifier, RequestLimits limits) : IBinaryAuthenticator
{
    /// <inheritdoc/>
    public ValueTask<BinaryCaller?> AuthenticateAsync(string credential, EndPoint? remote, CancellationToken cancellationToken)
    {
        bool isLocal = LoopbackAuthenticator.IsLocal(remote);
        IPAddress? address = isLocal && credential.Length == 0 ? null : (remote as IPEndPoint)?.Address;
        Caller? caller = credential.Length > 0 ? verifier.Find(credential) : Anonymous(isLocal);

        // Attempts count against the address as well.
        LimitVerdict verdict = limits.Take(caller, address);
        if (caller is not null && verdict.Grant.IsGranted)
        {
            return ValueTask.FromResult<BinaryCaller?>(new LimitedCaller(caller, address, limits));
        }

        ServiceMeters.CountRefusedBinary(verdict.Grant.IsGranted ? "unauthenticated" : verdict.Reason);
        return ValueTask.FromResult<BinaryCaller?>(null);
    }

    private Caller? Anonymous(bool isLocal)
    {
        PricingScopes scopes = options.AnonymousScopes | (isLocal ? options.LoopbackScopes : PricingScopes.None);
        return scopes == PricingScopes.None ? null : new Caller("", scopes, DateTimeOffset.MaxValue);
    }

    private sealed class LimitedCaller : BinaryCaller
    {
        private readonly Caller _caller;
        private readonly IPAddress? _address;
        private readonly RequestLimits _limits;

        public LimitedCaller(Caller caller, IPAddress? address, RequestLimits limits)
            : base((caller.Scopes & PricingScopes.Quote) != 0, (caller.Scopes & PricingScopes.Events) != 0)
        {
            _caller = caller;
            _address = address;
            _limits = limits;
            ExpiresAt = caller.ExpiresAt;
        }

        public override bool TryTake(int requests, out TimeSpan retryAfter)
        {
            LimitVerdict verdict = _limits.Take(_caller, _address);
            retryAfter = TimeSpan.FromMicroseconds(verdict.Grant.RetryAfterMicros);
            if (!verdict.Grant.IsGranted)
            {
                ServiceMeters.CountRefusedBinary(verdict.Reason);
            }

            return verdict.Grant.IsGranted;
        }
    }
}
