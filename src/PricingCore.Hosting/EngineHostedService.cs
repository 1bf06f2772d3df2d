using Microsoft.Extensions.Hosting;

namespace PricingCore.Hosting;

/// <summary>Starts an engine with its host, and drains it when the host stops.</summary>
/// <remarks>Hosted services stop in the reverse order of their start: a web server added after the engine has stopped accepting and answered everybody before the engine is drained.</remarks>
/// <threadsafety>The host calls it.</threadsafety>
/// <param name="lifetime">The engine.</param>
/// <param name="application">Ends the host when an engine that starts in the background cannot; null where there is none.</param>
/// <param name="time">Waits.</param>
internal sealed class EngineHostedService(EngineLifetime lifetime, IHostApplicationLifetime? application, TimeProvider time) : IHostedLifecycleService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        Task start = lifetime.BeginStart();
        if (!lifetime.HostOptions.StartInBackground)
        {
            return start.WaitAsync(cancellationToken);
        }

        // Its failure is logged by the lifetime. Without an engine the process is of no use: whatever watches over it must see it end.
        _ = start.ContinueWith(
            _ => application?.StopApplication(), CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (lifetime.BeginDrain() && lifetime.HostOptions.DrainDelay > TimeSpan.Zero)
        {
            await Task.Delay(lifetime.HostOptions.DrainDelay, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => lifetime.DrainAsync(cancellationToken);

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
