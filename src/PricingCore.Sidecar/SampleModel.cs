using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PricingCore.Forecasts.Models;
using PricingCore.Forecasts.Rollouts;
using PricingCore.Hosting;

namespace PricingCore.Sidecar;

/// <summary>Deploys the sample model to an engine that begins with nothing, once it runs: to check a model takes half as long again as to start without one.</summary>
/// <remarks>What a journal or an operator has decided stands: afterwards the sample is deployed and taken back like any other model.</remarks>
/// <threadsafety>The host calls it.</threadsafety>
internal sealed partial class SampleModel(EngineLifetime lifetime, string package, ILogger logger) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            PricingEngine engine = (await lifetime.BeginStart().WaitAsync(stoppingToken).ConfigureAwait(false)).Engine;
            bool isNew = engine.Recovery is { Records: 0, Snapshot: null } && engine.Models.Status.StableVersion is null;
            if (isNew)
            {
                ModelPackage sample = await Task.Run(() => EmbeddedDefaults.LoadModel(package), stoppingToken).ConfigureAwait(false);
                await engine.Models.DeployAsync(sample, Rollout.Fixed, stoppingToken).ConfigureAwait(false);
                Prices(logger, sample.Manifest.ModelVersion);
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
#pragma warning disable CA1031 // Nobody has asked for it: whatever keeps it from pricing must not keep the process from running.
        catch (Exception refused)
#pragma warning restore CA1031
        {
            Refused(logger, refused);
        }
    }

    [LoggerMessage(6_101, LogLevel.Information, "The sample model {Model} prices, since no other is given.")]
    private static partial void Prices(ILogger logger, string model);

    [LoggerMessage(6_102, LogLevel.Warning, "The sample model is not used; the baseline prices.")]
    private static partial void Refused(ILogger logger, Exception refused);
}
