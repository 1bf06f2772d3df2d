using Microsoft.Extensions.Configuration;
using PricingCore.AspNetCore.Security;
using PricingCore.Hosting.Configuration;

namespace PricingCore.Sidecar;

/// <summary>The section <c>Security</c>: keys, tokens and limits, by the names of <see cref="PricingSecurityOptions"/>.</summary>
internal static class SecuritySettings
{
    private static readonly Setting<PricingSecurityOptions>[] Settings = Table();

    /// <summary>Sets what the section has.</summary>
    public static void Apply(IConfigurationSection section, ServerOptions server, PricingSecurityOptions options)
    {
        SettingReader.Apply(section, section.Path + ":", options, Settings, o => o.Validate(), []);
        options.AnonymousScopes = server.AllowAnonymous ? PricingScopes.Quote | PricingScopes.Events : PricingScopes.None;
    }

    /// <summary>Adds all that is wrong with the section.</summary>
    public static void FindProblems(IConfigurationSection section, List<string> problems)
    {
        PricingSecurityOptions options = SettingReader.Read(section, Settings, o => o.Validate(), problems);
        foreach ((string key, string? path) in new[] { (nameof(options.ApiKeyFile), options.ApiKeyFile), ("Jwt:" + nameof(options.Jwt.KeySetFile), options.Jwt.KeySetFile) })
        {
            if (path is not null && !File.Exists(path))
            {
                problems.Add($"{section.Path}:{key} is '{path}'; there is no such file.");
            }
        }
    }

    private static Setting<PricingSecurityOptions>[] Table() =>
    [
        .. new SettingList<PricingSecurityOptions>
        {
            { nameof(PricingSecurityOptions.ApiKeyFile), (PricingSecurityOptions o, string value) => o.ApiKeyFile = value },
            { "Jwt:" + nameof(PricingJwtOptions.KeySetFile), (PricingSecurityOptions o, string value) => o.Jwt.KeySetFile = value },
            { "Jwt:" + nameof(PricingJwtOptions.Issuer), (PricingSecurityOptions o, string value) => o.Jwt.Issuer = value },
            { "Jwt:" + nameof(PricingJwtOptions.Audience), (PricingSecurityOptions o, string value) => o.Jwt.Audience = value },
            { "Jwt:" + nameof(PricingJwtOptions.Algorithms), (PricingSecurityOptions o, string value) => o.Jwt.Algorithms = value.Split(' ', StringSplitOptions.RemoveEmptyEntries) },
            { "Jwt:" + nameof(PricingJwtOptions.ClockSkew), (PricingSecurityOptions o, TimeSpan value) => o.Jwt.ClockSkew = value },
            { "Jwt:" + nameof(PricingJwtOptions.MaxLifetime), (PricingSecurityOptions o, TimeSpan value) => o.Jwt.MaxLifetime = value },
            { "LoopbackNeedsCredential", (PricingSecurityOptions o, bool value) => o.LoopbackScopes = value ? PricingScopes.None : o.LoopbackScopes },
            { nameof(PricingSecurityOptions.UserRequestsPerMinute), (PricingSecurityOptions o, int value) => o.UserRequestsPerMinute = value },
            { nameof(PricingSecurityOptions.AddressRequestsPerMinute), (PricingSecurityOptions o, int value) => o.AddressRequestsPerMinute = value },
            { nameof(PricingSecurityOptions.TotalRequestsPerSecond), (PricingSecurityOptions o, int value) => o.TotalRequestsPerSecond = value },
            { nameof(PricingSecurityOptions.MaxCountedCallers), (PricingSecurityOptions o, int value) => o.MaxCountedCallers = value },
            { nameof(PricingSecurityOptions.FilePollInterval), (PricingSecurityOptions o, TimeSpan value) => o.FilePollInterval = value },
        },
    ];
}
