using Microsoft.Extensions.Options;

namespace PricingCore.Hosting.Configuration;

/// <summary>Checks the options of one engine and of its host together, so that one message has every error.</summary>
/// <param name="name">The engine's name.</param>
/// <param name="section">Its section of the configuration.</param>
/// <param name="hostOptions">The options of its host.</param>
internal sealed class EngineOptionsCheck(string name, EngineSection section, IOptionsMonitor<PricingHostOptions> hostOptions) : IValidateOptions<PricingOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? optionsName, PricingOptions options)
    {
        if (optionsName != name)
        {
            return ValidateOptionsResult.Skip;
        }

        PricingHostOptions host = hostOptions.Get(name);
        string[] errors =
        [
            .. section.ProblemsOf(host),
            .. section.ProblemsOf(options),
            .. host.Validate().Select(section.WithKey),
            .. options.Validate().Select(section.WithKey),
        ];
        return errors.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
