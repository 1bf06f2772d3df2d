namespace PricingCore.AspNetCore.Security;

/// <summary>Who may do what, and how often.</summary>
/// <threadsafety>Not thread-safe; read once, when the host starts.</threadsafety>
public sealed class PricingSecurityOptions
{
    /// <summary>The file of API keys; read again when it changes.</summary>
    /// <value>Null unless set: no API keys are taken.</value>
    public string? ApiKeyFile { get; set; }

    /// <summary>Which tokens are taken.</summary>
    /// <value>None unless its <see cref="PricingJwtOptions.KeySetFile"/> is set.</value>
    public PricingJwtOptions Jwt { get; set; } = new();

    /// <summary>What callers on the same machine may do without a credential: by loopback, not through a proxy, not from a web page of elsewhere, or by a Unix socket.</summary>
    /// <value>All scopes unless set. Set it to none where a proxy on the same machine passes requests on without saying so.</value>
    public PricingScopes LoopbackScopes { get; set; } = PricingScopes.Quote | PricingScopes.Events | PricingScopes.Admin;

    /// <summary>What callers from anywhere may do without a credential.</summary>
    /// <value>None unless set; <see cref="PricingScopes.Admin"/> is refused.</value>
    public PricingScopes AnonymousScopes { get; set; } = PricingScopes.None;

    /// <summary>The only port on which the scope <c>admin</c> opens anything; 0 for any.</summary>
    /// <value>From 0 to 65,535; 0 unless set.</value>
    public int AdminPort { get; set; }

    /// <summary>The most requests of a user in a minute, with bursts of as many; 0 for no limit.</summary>
    /// <value>From 0 to 1,000,000,000; 1,000 unless set.</value>
    public int UserRequestsPerMinute { get; set; } = 1_000;

    /// <summary>The most requests of an IP address (of a /64 of IPv6) in a minute, with bursts of as many; 0 for no limit.</summary>
    /// <value>From 0 to 1,000,000,000; 5,000 unless set.</value>
    public int AddressRequestsPerMinute { get; set; } = 5_000;

    /// <summary>The most requests of all in a second, with bursts of as many; 0 for no limit.</summary>
    /// <value>From 0 to 1,000,000,000; 50,000 unless set.</value>
    public int TotalRequestsPerSecond { get; set; } = 50_000;

    /// <summary>Users and addresses whose requests are counted at a time, each 32 bytes; beyond, the ones that need it least are forgotten.</summary>
    /// <value>From 2,048 to 16,777,216; 131,072 unless set.</value>
    public int MaxCountedCallers { get; set; } = 131_072;

    /// <summary>The time between two looks whether a file of keys has changed.</summary>
    /// <value>From 100 milliseconds to 1 hour; 1 second unless set.</value>
    public TimeSpan FilePollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Checks every option.</summary>
    /// <returns>All errors, each naming the option, its value and its legal range; empty when there are none.</returns>
    public IReadOnlyList<string> Validate()
    {
        var errors = new List<string>();
        Jwt.Check(errors);
        Check(nameof(AdminPort), AdminPort, 0, 65_535);
        Check(nameof(UserRequestsPerMinute), UserRequestsPerMinute, 0, 1_000_000_000);
        Check(nameof(AddressRequestsPerMinute), AddressRequestsPerMinute, 0, 1_000_000_000);
        Check(nameof(TotalRequestsPerSecond), TotalRequestsPerSecond, 0, 1_000_000_000);
        Check(nameof(MaxCountedCallers), MaxCountedCallers, 2_048, 16_777_216);
        if (FilePollInterval < TimeSpan.FromMilliseconds(100) || FilePollInterval > TimeSpan.FromHours(1))
        {
            errors.Add($"{nameof(FilePollInterval)} must be from 00:00:00.1 to 01:00:00, but is {FilePollInterval}.");
        }

        if ((AnonymousScopes & PricingScopes.Admin) != 0)
        {
            errors.Add($"{nameof(AnonymousScopes)} must not hold Admin: who changes rules has a credential.");
        }

        return errors;

        void Check(string name, int value, int least, int most)
        {
            if (value < least || value > most)
            {
                errors.Add(FormattableString.Invariant($"{name} must be from {least:N0} to {most:N0}, but is {value:N0}."));
            }
        }
    }
}
