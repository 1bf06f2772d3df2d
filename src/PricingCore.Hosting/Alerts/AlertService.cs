using System.Diagnostics.Metrics;
using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PricingCore.Hosting.Diagnostics;

namespace PricingCore.Hosting.Alerts;

/// <summary>Looks at an engine every few seconds, and tells of what begins and ends: log, metric and webhook.</summary>
/// <remarks>It stops before the engine is drained, and gives what is still to be sent a moment.</remarks>
/// <threadsafety>The host calls it.</threadsafety>
internal sealed class AlertService : IHostedService, IDisposable
{
    private readonly EngineLifetime _lifetime;
    private readonly AlertWatch _watch;
    private readonly AlertOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Meter _meter;
    private readonly Counter<long> _raised;
    private readonly Counter<long> _sent;
    private readonly CancellationTokenSource _stopping = new();
    private AlertBook _book = new(TimeSpan.Zero);
    private WebhookSender? _webhook;
    private Task _looking = Task.CompletedTask;
    private long _spikesDropped;

    /// <param name="lifetime">The engine.</param>
    /// <param name="quality">Its data.</param>
    /// <param name="scope">The host's meters.</param>
    /// <param name="time">The host's clock.</param>
    /// <param name="logger">The engine's log.</param>
    public AlertService(EngineLifetime lifetime, RecentQuality quality, MeterScope scope, TimeProvider time, ILogger logger)
    {
        _lifetime = lifetime;
        _watch = new AlertWatch(lifetime, quality);
        _options = lifetime.HostOptions.Alerts;
        _time = time;
        _logger = logger;
        _meter = new Meter(new MeterOptions(EngineInstruments.MeterName) { Scope = scope });
        _raised = _meter.CreateCounter<long>("pricingcore.alerts", "{alert}", "Alerts raised, by kind.");
        _sent = _meter.CreateCounter<long>("pricingcore.alerts.webhook", "{alert}", "Alerts, raised or resolved, by what became of sending them.");
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        // Not before: options are checked after services are made.
        _book = new AlertBook(_options.QuietTime);
        _webhook = _options.Webhook.Url is null ? null : new WebhookSender(_lifetime.Label, _options.Webhook, _time, _logger, Count);
        _webhook?.Start();
        _looking = Task.Run(LookAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _looking.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await (_webhook?.StopAsync(cancellationToken) ?? Task.CompletedTask).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _webhook?.Dispose();
        _meter.Dispose();
        _stopping.Dispose();
    }

    /// <summary>Looks once, and tells.</summary>
    internal void Look()
    {
        DateTimeOffset now = _time.GetUtcNow();
        foreach (EngineAlert alert in _book.Update(now, _watch.FindLasting(), _watch.TakeMoments(now)))
        {
            Tell(alert);
        }

        if (_lifetime.Engine is { Spikes.Dropped: var dropped } && dropped > _spikesDropped)
        {
            HostingLog.SpikesDropped(_logger, _lifetime.Label, dropped - _spikesDropped);
            _spikesDropped = dropped;
        }
    }

    private async Task LookAsync()
    {
        using var timer = new PeriodicTimer(_options.CheckInterval, _time);
        try
        {
            do
            {
                try
                {
                    Look();
                }
#pragma warning disable CA1031 // Whatever it is: one look that fails must not end all that follow.
                catch (Exception failure)
                {
                    HostingLog.LookFailed(_logger, _lifetime.Label, failure);
                }
#pragma warning restore CA1031
            }
            while (await timer.WaitForNextTickAsync(_stopping.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    private void Tell(EngineAlert alert)
    {
        if (alert.ResolvedAt is null)
        {
            _raised.Add(1, new("engine", _lifetime.Label), new KeyValuePair<string, object?>("kind", alert.Kind));
            HostingLog.AlertRaised(_logger, _lifetime.Label, alert.Kind, alert.Reason);
        }
        else
        {
            HostingLog.AlertResolved(_logger, _lifetime.Label, alert.Kind, alert.Reason, (alert.ResolvedAt.Value - alert.StartedAt).TotalSeconds);
        }

        _webhook?.TrySend(alert);
    }

    private void Count(WebhookOutcome outcome) =>
        _sent.Add(1, new("engine", _lifetime.Label), new KeyValuePair<string, object?>("outcome", JsonNamingPolicy.SnakeCaseLower.ConvertName(outcome.ToString())));
}
