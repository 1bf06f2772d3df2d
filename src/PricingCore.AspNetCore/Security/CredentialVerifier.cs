using Microsoft.Extensions.Logging;

namespace PricingCore.AspNetCore.Security;

/// <summary>Finds out whose a credential is: an API key's by its beginning, else a token's.</summary>
/// <threadsafety>Any thread.</threadsafety>
internal sealed class CredentialVerifier : IDisposable
{
    private readonly WatchedFile<ApiKeySet>? _apiKeys;
    private readonly WatchedFile<VerificationKeySet>? _keySet;
    private readonly JwtVerifier? _tokens;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    /// <exception cref="SecurityFileException">A file of keys is wrong or cannot be read.</exception>
    public CredentialVerifier(PricingSecurityOptions options, TimeProvider time, ILogger logger)
    {
        _time = time;
        _logger = logger;
        _apiKeys = options.ApiKeyFile is { } keys ? new WatchedFile<ApiKeySet>(keys, ApiKeySet.Parse, time, options.FilePollInterval, logger) : null;
        if (options.Jwt.KeySetFile is { } file)
        {
            string[] algorithms = [.. options.Jwt.Algorithms];
            _keySet = new WatchedFile<VerificationKeySet>(file, json => VerificationKeySet.Parse(json, algorithms), time, options.FilePollInterval, logger);
            _tokens = new JwtVerifier(options.Jwt, () => _keySet.Value);
        }
    }

    /// <summary>Whose a credential is; null when it is nobody's. Never throws.</summary>
    public Caller? Find(string credential)
    {
        DateTimeOffset now = _time.GetUtcNow();
        if (credential.StartsWith(ApiKey.Prefix, StringComparison.Ordinal))
        {
            Caller? owner = _apiKeys?.Value.Find(credential, now);
            if (owner is null)
            {
                SecurityLog.KeyRefused(_logger);
            }

            return owner;
        }

        Caller? caller = null;
        JwtFault fault = _tokens?.Verify(credential, now, out caller) ?? JwtFault.UnknownKey;
        if (fault != JwtFault.None)
        {
            SecurityLog.TokenRefused(_logger, fault);
        }

        return caller;
    }

    public void Dispose()
    {
        _apiKeys?.Dispose();
        _keySet?.Dispose();
    }
}
