namespace PricingCore.Cli.Replay.Input;

/// <summary>Merges several files by receive time; at equal times the file named first on the command line goes first.</summary>
/// <remarks>Each file must already be in order of receive time, see <see cref="ArrivalOrder"/>.</remarks>
internal sealed class MergedEvents(IReadOnlyList<IEventReader> files) : IEventReader
{
    private readonly bool[] _hasCurrent = new bool[files.Count];
    private bool _started;
    private int _next = -1;

    public SourceEvent Current => files[_next].Current;

    public ValueTask<bool> MoveNextAsync()
    {
        if (!_started)
        {
            return StartAsync();
        }

        ValueTask<bool> move = files[_next].MoveNextAsync();
        if (!move.IsCompletedSuccessfully)
        {
            return AwaitAsync(move);
        }

        _hasCurrent[_next] = move.Result;
        return new ValueTask<bool>(Choose());
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IEventReader file in files)
        {
            await file.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask<bool> StartAsync()
    {
        _started = true;
        for (int i = 0; i < files.Count; i++)
        {
            _hasCurrent[i] = await files[i].MoveNextAsync().ConfigureAwait(false);
        }

        return Choose();
    }

    private async ValueTask<bool> AwaitAsync(ValueTask<bool> move)
    {
        _hasCurrent[_next] = await move.ConfigureAwait(false);
        return Choose();
    }

    private bool Choose()
    {
        int best = -1;
        for (int i = 0; i < files.Count; i++)
        {
            if (_hasCurrent[i] && (best < 0 || files[i].Current.ReceivedAt < files[best].Current.ReceivedAt))
            {
                best = i;
            }
        }

        _next = best < 0 ? _next : best;
        return best >= 0;
    }
}
