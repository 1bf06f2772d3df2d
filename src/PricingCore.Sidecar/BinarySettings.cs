using Microsoft.Extensions.Configuration;
using PricingCore.AspNetCore.Binary;
using PricingCore.Hosting.Configuration;

namespace PricingCore.Sidecar;

/// <summary>The section <c>Binary</c>: the limits of the binary protocol, by the names of <see cref="BinaryProtocolOptions"/>.</summary>
internal static class BinarySettings
{
    private static readonly Setting<BinaryProtocolOptions>[] Settings = Table();

    /// <summary>Sets what the section has.</summary>
    public static void Apply(IConfigurationSection section, BinaryProtocolOptions options) =>
        SettingReader.Apply(section, section.Path + ":", options, Settings, o => o.Validate(), []);

    /// <summary>Adds all that is wrong with the section.</summary>
    public static void FindProblems(IConfigurationSection section, List<string> problems) => SettingReader.Read(section, Settings, o => o.Validate(), problems);

    private static Setting<BinaryProtocolOptions>[] Table() =>
    [
        .. new SettingList<BinaryProtocolOptions>
        {
            { nameof(BinaryProtocolOptions.MaxFrameBytes), (BinaryProtocolOptions o, int value) => o.MaxFrameBytes = value },
            { nameof(BinaryProtocolOptions.MaxQuotesInBatch), (BinaryProtocolOptions o, int value) => o.MaxQuotesInBatch = value },
            { nameof(BinaryProtocolOptions.MaxEventsInBatch), (BinaryProtocolOptions o, int value) => o.MaxEventsInBatch = value },
            { nameof(BinaryProtocolOptions.MaxInFlight), (BinaryProtocolOptions o, int value) => o.MaxInFlight = value },
            { nameof(BinaryProtocolOptions.MaxNames), (BinaryProtocolOptions o, int value) => o.MaxNames = value },
            { nameof(BinaryProtocolOptions.MaxSubscribedPrices), (BinaryProtocolOptions o, int value) => o.MaxSubscribedPrices = value },
            { nameof(BinaryProtocolOptions.MaxConnections), (BinaryProtocolOptions o, int value) => o.MaxConnections = value },
            { nameof(BinaryProtocolOptions.PriceInterval), (BinaryProtocolOptions o, TimeSpan value) => o.PriceInterval = value },
            { nameof(BinaryProtocolOptions.HelloTimeout), (BinaryProtocolOptions o, TimeSpan value) => o.HelloTimeout = value },
            { nameof(BinaryProtocolOptions.IdleTimeout), (BinaryProtocolOptions o, TimeSpan value) => o.IdleTimeout = value },
            { nameof(BinaryProtocolOptions.WriteTimeout), (BinaryProtocolOptions o, TimeSpan value) => o.WriteTimeout = value },
        },
    ];
}
