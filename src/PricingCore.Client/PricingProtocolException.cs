using PricingCore.Protocol;

namespace PricingCore.Client;

/// <summary>The server has refused a request or the connection; <see cref="Code"/> says why.</summary>
public sealed class PricingProtocolException : Exception
{
    /// <summary>Says what the server said.</summary>
    /// <param name="error">The server's error.</param>
    public PricingProtocolException(ErrorBody error)
        : base($"{error.Code}: {error.Message}")
    {
        Code = error.Code;
        RetryAfter = TimeSpan.FromMilliseconds(error.RetryAfterMs);
    }

    /// <summary>Why.</summary>
    public ProtocolErrorCode Code { get; }

    /// <summary>How long to wait before trying again; zero when that is not known.</summary>
    public TimeSpan RetryAfter { get; }
}
