using System.Globalization;

namespace PricingCore.Cli.Replay.Requests;

/// <summary>Asks for every region seen so far at full periods (on the hour for an hour), regions in the order of their ids.</summary>
/// <remarks>Times are full periods since 1970 UTC. After the last event nothing more is asked.</remarks>
internal sealed class PeriodicRequests(TimeSpan period, string productType) : IRequestSource
{
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private string[] _sorted = [];
    private DateTimeOffset? _at;
    private int _nextRegion;
    private int _asked;

    public bool TryTake(DateTimeOffset until, out ReplayRequest request)
    {
        while (_at is { } at && at <= until)
        {
            if (_nextRegion == 0)
            {
                Sort();
            }

            if (_nextRegion < _asked)
            {
                string region = _sorted[_nextRegion++];
                string id = string.Create(CultureInfo.InvariantCulture, $"{at.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}/{region}");
                request = new ReplayRequest(id, region, productType, at, null, 0);
                return true;
            }

            _nextRegion = 0;
            _at = at + period;
        }

        request = default;
        return false;
    }

    public bool TryTakeRest(out ReplayRequest request)
    {
        request = default;
        return false;
    }

    public void Saw(string regionId, DateTimeOffset receivedAt)
    {
        if (regionId != Events.MarketEvent.AllRegions)
        {
            _seen.Add(regionId);
        }

        // An event at a full period is not received before it, so the first question is the period after.
        _at ??= new DateTimeOffset(receivedAt.Ticks - (receivedAt.Ticks % period.Ticks), TimeSpan.Zero) + period;
    }

    private void Sort()
    {
        if (_sorted.Length != _seen.Count)
        {
            _sorted = [.. _seen];
            Array.Sort(_sorted, StringComparer.Ordinal);
        }

        _asked = _sorted.Length;
    }
}
