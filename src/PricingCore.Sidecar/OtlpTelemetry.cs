using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using PricingCore.Hosting.Prometheus;

namespace PricingCore.Sidecar;

/// <summary>Sends metrics and traces to a collector, while the process runs.</summary>
/// <threadsafety>The host calls it.</threadsafety>
internal sealed class OtlpTelemetry(TelemetryOptions options) : IHostedService, IDisposable
{
    private static readonly string[] Sources = ["PricingCore", "Microsoft.AspNetCore"];

    private MeterProvider? _metrics;
    private TracerProvider? _traces;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        ResourceBuilder resource = ResourceBuilder.CreateDefault().AddService(options.ServiceName);
        _metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter([.. PrometheusMetrics.Meters])
            .AddOtlpExporter((exporter, reader) =>
            {
                Configure(exporter, "/v1/metrics");
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)options.MetricInterval.TotalMilliseconds;
            })
            .Build();
        _traces = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .AddSource(Sources)
            .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(options.TraceShare)))
            .AddOtlpExporter(exporter => Configure(exporter, "/v1/traces"))
            .Build();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose(); // Sends what is left.
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Interlocked.Exchange(ref _metrics, null)?.Dispose();
        Interlocked.Exchange(ref _traces, null)?.Dispose();
    }

    private void Configure(OtlpExporterOptions exporter, string path)
    {
        bool isHttp = options.OtlpProtocol == OtlpProtocol.HttpProtobuf;
        exporter.Protocol = isHttp ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        exporter.Endpoint = isHttp ? new Uri(options.OtlpEndpoint!.TrimEnd('/') + path) : new Uri(options.OtlpEndpoint!);
    }
}
