using Microsoft.Extensions.Logging;

namespace PricingCore.AspNetCore.Security;

/// <summary>What security tells an operator. Event ids from 4,100. Never a key, a token, an id of a user or an address.</summary>
internal static partial class SecurityLog
{
    [LoggerMessage(4_100, LogLevel.Information, "The keys in {File} have changed and are in use.")]
    public static partial void Reloaded(ILogger logger, string file);

    [LoggerMessage(4_101, LogLevel.Error, "The keys in {File} have changed and are wrong; those of before are in use. {Problem}")]
    public static partial void NotReloaded(ILogger logger, string file, string problem);

    [LoggerMessage(4_102, LogLevel.Information, "A token was refused: {Fault}.")]
    public static partial void TokenRefused(ILogger logger, JwtFault fault);

    [LoggerMessage(4_103, LogLevel.Information, "An API key was refused.")]
    public static partial void KeyRefused(ILogger logger);

    [LoggerMessage(4_104, LogLevel.Warning, "Requests of everybody are answered without a credential, from anywhere: PricingSecurityOptions.AnonymousScopes is set.")]
    public static partial void AnonymousAllowed(ILogger logger);
}
