using Microsoft.Extensions.Hosting;

namespace PricingCore.Hosting.Prometheus;

/// <summary>Has the metrics made when the host starts, so that they miss nothing that is counted before somebody reads them.</summary>
/// <threadsafety>The host calls it.</threadsafety>
internal sealed class MetricsListening(PrometheusMetrics metrics) : IHostedService
{
    /// <summary>What listens.</summary>
    public PrometheusMetrics Metrics { get; } = metrics;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
