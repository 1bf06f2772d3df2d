using System.Globalization;
using PricingCore.Hosting.Configuration;

namespace PricingCore.Sidecar;

/// <summary>The section <c>Telemetry</c>: whether metrics and traces are sent to a collector, too.</summary>
internal sealed class TelemetryOptions
{
    /// <summary>The collector's address, for example <c>http://127.0.0.1:4317</c>; null for nowhere.</summary>
    public string? OtlpEndpoint { get; set; }

    /// <summary>What the collector speaks.</summary>
    public OtlpProtocol OtlpProtocol { get; set; }

    /// <summary>The service's name.</summary>
    public string ServiceName { get; set; } = "pricingcore";

    /// <summary>The share of requests that are traced, unless the caller has decided. From 0 to 1; 0.01 unless set.</summary>
    public double TraceShare { get; set; } = 0.01;

    /// <summary>Time between two sendings of metrics. From 1 to 600 seconds; 15 seconds unless set.</summary>
    public TimeSpan MetricInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The settings by key.</summary>
    public static IReadOnlyList<Setting<TelemetryOptions>> Settings { get; } = Table();

    /// <summary>All errors.</summary>
    public IReadOnlyList<string> Validate()
    {
        var errors = new List<string>();
        if (OtlpEndpoint is not null && !(Uri.TryCreate(OtlpEndpoint, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https"))
        {
            errors.Add($"{nameof(OtlpEndpoint)} is '{OtlpEndpoint}'; it must be an address such as http://127.0.0.1:4317.");
        }

        if (!(TraceShare is >= 0 and <= 1))
        {
            errors.Add(string.Create(CultureInfo.InvariantCulture, $"{nameof(TraceShare)} is {TraceShare}; it must be from 0 to 1."));
        }

        if (MetricInterval < TimeSpan.FromSeconds(1) || MetricInterval > TimeSpan.FromSeconds(600))
        {
            errors.Add($"{nameof(MetricInterval)} is {MetricInterval}; it must be from 00:00:01 to 00:10:00.");
        }

        return errors;
    }

    private static Setting<TelemetryOptions>[] Table()
    {
        var settings = new SettingList<TelemetryOptions>
        {
            { nameof(OtlpEndpoint), (TelemetryOptions o, string value) => o.OtlpEndpoint = value },
            { nameof(ServiceName), (TelemetryOptions o, string value) => o.ServiceName = value },
            { nameof(TraceShare), (TelemetryOptions o, double value) => o.TraceShare = value },
            { nameof(MetricInterval), (TelemetryOptions o, TimeSpan value) => o.MetricInterval = value },
        };
        settings.AddChoice<OtlpProtocol>(nameof(OtlpProtocol), (o, value) => o.OtlpProtocol = value);
        return [.. settings];
    }
}

/// <summary>What a collector speaks.</summary>
internal enum OtlpProtocol
{
    /// <summary>gRPC, port 4317 as a rule.</summary>
    Grpc,

    /// <summary>Protobuf over HTTP, port 4318 as a rule.</summary>
    HttpProtobuf,
}
