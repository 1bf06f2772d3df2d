namespace PricingCore.Cli.Replay.Requests;

/// <summary>The requests of a file, by time; those of equal time in the order of the file.</summary>
internal sealed class FileRequests(IEnumerable<ReplayRequest> requests) : IRequestSource
{
    private readonly ReplayRequest[] _requests = [.. requests.OrderBy(request => request.At)]; // OrderBy is stable.
    private int _next;

    public bool TryTake(DateTimeOffset until, out ReplayRequest request)
    {
        if (_next < _requests.Length && _requests[_next].At <= until)
        {
            request = _requests[_next++];
            return true;
        }

        request = default;
        return false;
    }

    public bool TryTakeRest(out ReplayRequest request) => TryTake(DateTimeOffset.MaxValue, out request);

    public void Saw(string regionId, DateTimeOffset receivedAt)
    {
    }
}
