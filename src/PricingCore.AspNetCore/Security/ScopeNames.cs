namespace PricingCore.AspNetCore.Security;

/// <summary>Scopes as they are written in keys, tokens and claims.</summary>
internal static class ScopeNames
{
    public const string Quote = "quote";
    public const string Events = "events";
    public const string Admin = "admin";

    /// <summary>The scope of a name; <see cref="PricingScopes.None"/> when there is none of that name.</summary>
    public static PricingScopes Parse(ReadOnlySpan<char> name) => name switch
    {
        Quote => PricingScopes.Quote,
        Events => PricingScopes.Events,
        Admin => PricingScopes.Admin,
        _ => PricingScopes.None,
    };

    /// <summary>The scopes of a list with blanks between, as in RFC 8693; names of others are passed over.</summary>
    public static PricingScopes ParseList(string list)
    {
        PricingScopes scopes = PricingScopes.None;
        foreach (Range part in list.AsSpan().Split(' '))
        {
            scopes |= Parse(list.AsSpan()[part]);
        }

        return scopes;
    }

    /// <summary>The names of scopes.</summary>
    public static IEnumerable<string> Of(PricingScopes scopes)
    {
        if ((scopes & PricingScopes.Quote) != 0)
        {
            yield return Quote;
        }

        if ((scopes & PricingScopes.Events) != 0)
        {
            yield return Events;
        }

        if ((scopes & PricingScopes.Admin) != 0)
        {
            yield return Admin;
        }
    }
}
