namespace PricingCore;

/// <content>Snapshots that a host asks for.</content>
public sealed partial class PricingEngine
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(20);

    /// <summary>Takes a snapshot now, however few records there were since the last: so that the next start is short, or before a backup.</summary>
    /// <remarks>What is accepted meanwhile is in the journal behind it.</remarks>
    /// <param name="cancellationToken">Stops waiting; the snapshot may still be taken.</param>
    /// <returns><see langword="false"/> when there is none: no journal is written, its disk fails, or the engine ends.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async ValueTask<bool> SnapshotAsync(CancellationToken cancellationToken = default)
    {
        if (_core.Journal is not { Snapshots: { } snapshots } journal)
        {
            return false;
        }

        long before = snapshots.Written;
        snapshots.Want();
        while (!snapshots.IsIdle && !journal.Refuses && IsRunning)
        {
            Tick(); // Snapshots are cut at ticks; the next of its own may be a minute away.
            await Task.Delay(LookAgain, cancellationToken).ConfigureAwait(false);
        }

        return snapshots.Written > before;
    }
}
