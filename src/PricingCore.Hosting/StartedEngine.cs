using Microsoft.Extensions.Logging;
using PricingCore.Rules;

namespace PricingCore.Hosting;

/// <summary>An engine that runs, and what has to end with it.</summary>
/// <param name="Engine">The engine.</param>
/// <param name="Options">What it was started with.</param>
/// <param name="Rules">Follows the rules file; null without one.</param>
/// <param name="ModelProblem">Why the model of the options does not price; null when it does, or there is none.</param>
internal sealed record StartedEngine(PricingEngine Engine, PricingOptions Options, RuleFileWatcher? Rules, Exception? ModelProblem)
{
    /// <summary>A model that was loaded here; freed last.</summary>
    public IDisposable? Model { get; init; }

    /// <summary>Takes a snapshot, so that the next start is short, then ends everything. What is over time goes on without being waited for.</summary>
    public async Task EndAsync(string name, TimeSpan limit, ILogger logger, CancellationToken cancellationToken)
    {
        long begin = TimeProvider.System.GetTimestamp();
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(limit);
        if (Rules is not null)
        {
            await Rules.DisposeAsync().ConfigureAwait(false);
        }

        await TakeSnapshotAsync(name, logger, limit / 2, timeout.Token).ConfigureAwait(false);
        try
        {
            await Task.Run(async () => await Engine.DisposeAsync().ConfigureAwait(false), CancellationToken.None).WaitAsync(timeout.Token).ConfigureAwait(false);
            Model?.Dispose();
            HostingLog.Drained(logger, name, TimeProvider.System.GetElapsedTime(begin).TotalMilliseconds);
        }
        catch (OperationCanceledException)
        {
            HostingLog.NotDrained(logger, name, limit.TotalSeconds);
        }
    }

    private async Task TakeSnapshotAsync(string name, ILogger logger, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(limit);
        try
        {
            bool isWanted = Options.Journal.Directory.Length > 0 && Options.Journal.Durability != Journal.Durability.None;
            if (isWanted && !await Engine.SnapshotAsync(timeout.Token).ConfigureAwait(false))
            {
                HostingLog.NoLastSnapshot(logger, name);
            }
        }
        catch (OperationCanceledException)
        {
            HostingLog.NoLastSnapshot(logger, name);
        }
    }
}
