namespace PricingCore.AspNetCore.Security;

/// <summary>Why a token is refused. For logs and metrics: the client is told no more than that it is.</summary>
internal enum JwtFault
{
    None,

    /// <summary>Not three parts of strict base64url, not strict JSON, too long, or a name twice.</summary>
    Malformed,

    /// <summary>The algorithm is none that is allowed.</summary>
    Algorithm,

    /// <summary>The header says that something must be understood that is not.</summary>
    Critical,

    /// <summary>No key has this id and algorithm.</summary>
    UnknownKey,

    /// <summary>The signature is not that of a key.</summary>
    Signature,

    /// <summary>A claim is missing or of the wrong type.</summary>
    Claims,

    /// <summary>It has expired.</summary>
    Expired,

    /// <summary>It is not valid yet.</summary>
    NotYetValid,

    /// <summary>It is valid for longer than allowed.</summary>
    LivesTooLong,

    /// <summary>Another issuer's.</summary>
    Issuer,

    /// <summary>For somebody else.</summary>
    Audience,
}
