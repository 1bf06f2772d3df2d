using Microsoft.Extensions.Configuration;
using PricingCore.AspNetCore;
using PricingCore.Hosting.Configuration;

namespace PricingCore.Sidecar;

/// <summary>The section <c>Endpoints</c>: the limits of the HTTP interface, by the names of <see cref="PricingEndpointOptions"/>.</summary>
internal static class EndpointSettings
{
    private static readonly Setting<PricingEndpointOptions>[] Settings = Table();

    /// <summary>Sets what the section has.</summary>
    public static void Apply(IConfigurationSection section, PricingEndpointOptions options) =>
        SettingReader.Apply(section, section.Path + ":", options, Settings, o => o.Validate(), []);

    /// <summary>Adds all that is wrong with the section.</summary>
    public static void FindProblems(IConfigurationSection section, List<string> problems) => SettingReader.Read(section, Settings, o => o.Validate(), problems);

    private static Setting<PricingEndpointOptions>[] Table()
    {
        var settings = new SettingList<PricingEndpointOptions>
        {
            { nameof(PricingEndpointOptions.MaxRequestBytes), (PricingEndpointOptions o, int value) => o.MaxRequestBytes = value },
            { nameof(PricingEndpointOptions.MaxBatchRequests), (PricingEndpointOptions o, int value) => o.MaxBatchRequests = value },
            { nameof(PricingEndpointOptions.MaxBatchBytes), (PricingEndpointOptions o, int value) => o.MaxBatchBytes = value },
            { nameof(PricingEndpointOptions.MaxBatchEvents), (PricingEndpointOptions o, int value) => o.MaxBatchEvents = value },
            { nameof(PricingEndpointOptions.MaxLineBytes), (PricingEndpointOptions o, int value) => o.MaxLineBytes = value },
            { nameof(PricingEndpointOptions.MaxRulesBytes), (PricingEndpointOptions o, int value) => o.MaxRulesBytes = value },
            { nameof(PricingEndpointOptions.MaxDepth), (PricingEndpointOptions o, int value) => o.MaxDepth = value },
            { nameof(PricingEndpointOptions.RememberedRequests), (PricingEndpointOptions o, int value) => o.RememberedRequests = value },
            { nameof(PricingEndpointOptions.MaxStreams), (PricingEndpointOptions o, int value) => o.MaxStreams = value },
            { nameof(PricingEndpointOptions.MaxStreamRegions), (PricingEndpointOptions o, int value) => o.MaxStreamRegions = value },
            { nameof(PricingEndpointOptions.MaxStreamPrices), (PricingEndpointOptions o, int value) => o.MaxStreamPrices = value },
            { nameof(PricingEndpointOptions.StreamInterval), (PricingEndpointOptions o, TimeSpan value) => o.StreamInterval = value },
            { nameof(PricingEndpointOptions.StreamHeartbeat), (PricingEndpointOptions o, TimeSpan value) => o.StreamHeartbeat = value },
            { nameof(PricingEndpointOptions.RulesHistory), (PricingEndpointOptions o, int value) => o.RulesHistory = value },
        };
        settings.AddChoice<UnknownFields>(nameof(PricingEndpointOptions.UnknownFields), (o, value) => o.UnknownFields = value);
        return [.. settings];
    }
}
