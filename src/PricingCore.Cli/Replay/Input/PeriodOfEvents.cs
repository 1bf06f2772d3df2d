namespace PricingCore.Cli.Replay.Input;

/// <summary>Leaves out events received before a time, or at or after another; they are counted.</summary>
internal sealed class PeriodOfEvents(IEventReader events, DateTimeOffset from, DateTimeOffset to, RejectLog rejects) : IEventReader
{
    public SourceEvent Current => events.Current;

    public async ValueTask<bool> MoveNextAsync()
    {
        while (await events.MoveNextAsync().ConfigureAwait(false))
        {
            DateTimeOffset receivedAt = events.Current.ReceivedAt;
            if (receivedAt >= from && receivedAt < to)
            {
                return true;
            }

            rejects.AddSkipped(receivedAt < from ? "before --from" : "from --to on");
        }

        return false;
    }

    public ValueTask DisposeAsync() => events.DisposeAsync();
}
