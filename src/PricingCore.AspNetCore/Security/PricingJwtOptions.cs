namespace PricingCore.AspNetCore.Security;

/// <summary>Which tokens are taken.</summary>
/// <threadsafety>Not thread-safe; read once, when the host starts.</threadsafety>
public sealed class PricingJwtOptions
{
    /// <summary>The file of the key set (RFC 7517) that tokens are verified with; read again when it changes.</summary>
    /// <value>Null unless set: no tokens are taken.</value>
    public string? KeySetFile { get; set; }

    /// <summary>Who must have issued a token: its <c>iss</c>, letter by letter.</summary>
    /// <value>No default: must be set with <see cref="KeySetFile"/>.</value>
    public string Issuer { get; set; } = "";

    /// <summary>Whom a token must be for: one of its <c>aud</c>.</summary>
    /// <value>No default: must be set with <see cref="KeySetFile"/>.</value>
    public string Audience { get; set; } = "";

    /// <summary>The algorithms that are allowed: HS256, RS256, ES256.</summary>
    /// <value>ES256 and RS256 unless set; HS256 only where the issuer and this host may share a secret.</value>
    public IReadOnlyList<string> Algorithms { get; set; } = [VerificationKey.Es256, VerificationKey.Rs256];

    /// <summary>How much clocks may differ.</summary>
    /// <value>From 0 to 10 minutes; 1 minute unless set.</value>
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The longest time from a token's <c>iat</c>, or now, to its <c>exp</c>.</summary>
    /// <value>From 1 minute to 366 days; 24 hours unless set.</value>
    public TimeSpan MaxLifetime { get; set; } = TimeSpan.FromHours(24);

    internal void Check(List<string> errors)
    {
        string[] known = [VerificationKey.Hs256, VerificationKey.Rs256, VerificationKey.Es256];
        if (Algorithms.Count == 0 || Algorithms.Any(algorithm => !known.Contains(algorithm)))
        {
            errors.Add($"Jwt.{nameof(Algorithms)} must name one or more of {string.Join(", ", known)}.");
        }

        if (KeySetFile is not null && (Issuer.Length == 0 || Audience.Length == 0))
        {
            errors.Add($"Jwt.{nameof(Issuer)} and Jwt.{nameof(Audience)} must be set with Jwt.{nameof(KeySetFile)}: else a token for another service would do.");
        }

        if (ClockSkew < TimeSpan.Zero || ClockSkew > TimeSpan.FromMinutes(10))
        {
            errors.Add($"Jwt.{nameof(ClockSkew)} must be from 0 to 10 minutes, but is {ClockSkew}.");
        }

        if (MaxLifetime < TimeSpan.FromMinutes(1) || MaxLifetime > TimeSpan.FromDays(366))
        {
            errors.Add($"Jwt.{nameof(MaxLifetime)} must be from 1 minute to 366 days, but is {MaxLifetime}.");
        }
    }
}
