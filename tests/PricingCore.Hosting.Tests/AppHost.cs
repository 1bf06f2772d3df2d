using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace PricingCore.Hosting.Tests;

/// <summary>Hosts as an application builds them, from a configuration in memory; their log is kept.</summary>
internal static class AppHost
{
    public const string Rules = """{"rules":[{"region_id":"*","product_type":"*","base_price":12.00,"currency":"USD"}]}""";

    public static HostApplicationBuilder Builder(params (string Key, string Value)[] configuration)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(configuration.Select(entry => KeyValuePair.Create(entry.Key, (string?)entry.Value)));
        builder.Services.AddSingleton<KeptLog>();
        builder.Services.AddSingleton<ILoggerProvider>(provider => provider.GetRequiredService<KeptLog>());
        return builder;
    }

    public static async Task<HealthReportEntry> CheckAsync(this IHost host, string name)
    {
        HealthReport report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(check => check.Name == name, TestContext.Current.CancellationToken);
        return Assert.Single(report.Entries).Value;
    }

    public static KeptLog Log(this IHost host) => host.Services.GetRequiredService<KeptLog>();
}
