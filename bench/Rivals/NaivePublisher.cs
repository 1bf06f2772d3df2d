using System.Collections.Concurrent;
using System.Threading.Channels;
using PricingCore.Events;
using PricingCore.Numerics;
using PricingCore.Regions;

namespace PricingCore.Bench.Rivals;

/// <summary>The naive way in: the checks, a dictionary look-up, the ids' own hash codes, and a bounded channel of the 64-byte record.</summary>
/// <threadsafety>Any thread may publish; one empties.</threadsafety>
internal sealed class NaivePublisher(IReadOnlyList<Region> regions)
{
    private readonly ConcurrentDictionary<string, int> _numbers = new(
        regions.Select((region, number) => KeyValuePair.Create(region.Id, number)), StringComparer.Ordinal);

    private readonly Channel<AcceptedEvent> _channel = Channel.CreateBounded<AcceptedEvent>(
        new BoundedChannelOptions(65_536) { SingleReader = true });

    public bool TryPublish(in MarketEvent e, long now)
    {
        if (NaiveValidation.Check(e, now) != Rejection.None || !_numbers.TryGetValue(e.RegionId, out int region))
        {
            return false;
        }

        var record = AcceptedEvent.FromGate(e.Kind, region, NameTable.Unknown, UnixMicros.From(e.OccurredAt), now, e.Values);
        string? subject = EventGate.IsSupply(e.Kind) ? e.UnitId : e.UserId;
        if (subject is not null)
        {
            record.Subject = unchecked((uint)string.GetHashCode(subject, StringComparison.Ordinal));
        }

        return _channel.Writer.TryWrite(record);
    }

    public long Empty()
    {
        long sum = 0;
        while (_channel.Reader.TryRead(out AcceptedEvent record))
        {
            sum += record.Region;
        }

        return sum;
    }
}
