using PricingCore.Protocol;
using PricingCore.Quotes;

namespace PricingCore.AspNetCore.Binary;

/// <summary>The subscriptions of a connection: looks at the book at a fixed interval and writes the prices that differ from those last written.</summary>
/// <remarks>
/// A client that reads slowly gets the latest price of each lane when it does: there is no queue. Looking at a lane also keeps its decision
/// renewed. What is sent is news, not an offer: it is not in the audit log, and who wants to charge asks for a quote.
/// </remarks>
/// <threadsafety>Whoever has the output's gate.</threadsafety>
internal sealed class PriceWatch(PricingEngine engine, ConnectionNames names, ConnectionOutput output, int capacity)
{
    private const int MaxChangesInFrame = 1_024;

    private readonly Dictionary<uint, Lane[]> _subscriptions = [];
    private int _lanes;

    /// <summary>Whether there is anything to look at.</summary>
    public bool IsEmpty => _subscriptions.Count == 0;

    /// <summary>What an answer says of a price.</summary>
    public static PriceEntry EntryOf(in BookPrice price) => new()
    {
        MinorUnits = price.MinorUnits,
        BaseMinorUnits = price.BaseMinorUnits,
        ValidUntilMicros = price.ValidUntilMicros,
        DecisionId = price.Decision.Id,
        MultiplierSteps = price.Decision.Outcome.Multiplier.Steps,
        IsCached = true,
        PackedCurrency = price.Decision.Rule.BasePrice.Currency.Packed,
    };

    /// <summary>Begins a subscription; its prices follow at the next look.</summary>
    public ProtocolErrorCode Subscribe(in FrameHeader header, ReadOnlySpan<byte> body)
    {
        if (header.Count == 0 || header.Count > capacity - _lanes || _subscriptions.ContainsKey(header.Correlation))
        {
            return ProtocolErrorCode.Subscription;
        }

        var lanes = new Lane[header.Count];
        for (int i = 0; i < lanes.Length; i++)
        {
            LaneEntry entry = LaneEntry.Read(body[(i * LaneEntry.Size)..]);
            if (!names.TryGet(entry.Region, out string? region) || !names.TryGet(entry.Product, out string? product) || region is null || product is null)
            {
                return ProtocolErrorCode.UnknownName;
            }

            lanes[i] = new Lane { RegionName = entry.Region, ProductName = entry.Product };
        }

        _subscriptions.Add(header.Correlation, lanes);
        _lanes += lanes.Length;
        output.WriteSmall(FrameKind.Subscribed, header.Correlation, []);
        return ProtocolErrorCode.None;
    }

    /// <summary>Ends a subscription.</summary>
    public ProtocolErrorCode Unsubscribe(in FrameHeader header, ReadOnlySpan<byte> body)
    {
        var reader = new BodyReader(body);
        if (!reader.TryRead(out int correlation) || reader.Remaining != 0)
        {
            return ProtocolErrorCode.Malformed;
        }

        if (!_subscriptions.Remove(unchecked((uint)correlation), out Lane[]? lanes))
        {
            return ProtocolErrorCode.Subscription;
        }

        _lanes -= lanes.Length;
        output.WriteSmall(FrameKind.Unsubscribed, header.Correlation, []);
        return ProtocolErrorCode.None;
    }

    /// <summary>Writes what has changed.</summary>
    /// <returns>Whether anything was written.</returns>
    public bool WriteChanges()
    {
        bool hasWritten = false;
        long now = engine.ClockMicros;
        foreach ((uint correlation, Lane[] lanes) in _subscriptions)
        {
            for (int next = 0; next < lanes.Length;)
            {
                hasWritten |= WriteFrame(correlation, lanes, ref next, now);
            }
        }

        return hasWritten;
    }

    private bool WriteFrame(uint correlation, Lane[] lanes, ref int next, long now)
    {
        Span<byte> frame = [];
        int changes = 0;
        for (; next < lanes.Length && changes < MaxChangesInFrame; next++)
        {
            if (!TryFindChange(ref lanes[next], now, out PriceEntry price))
            {
                continue;
            }

            if (frame.IsEmpty)
            {
                frame = output.Writer.GetSpan(FrameHeader.Size + (Math.Min(lanes.Length - next, MaxChangesInFrame) * ChangeEntry.Size));
            }

            new ChangeEntry(next, price).Write(frame[(FrameHeader.Size + (changes++ * ChangeEntry.Size))..]);
        }

        if (changes > 0)
        {
            ConnectionOutput.WriteHeader(frame, FrameKind.Prices, changes, correlation, changes * ChangeEntry.Size);
            output.Writer.Advance(FrameHeader.Size + (changes * ChangeEntry.Size));
        }

        return changes > 0;
    }

    private bool TryFindChange(ref Lane lane, long now, out PriceEntry price)
    {
        int region = names.RegionOf(lane.RegionName);
        int product = names.ProductOf(lane.ProductName);
        if ((region | product) >= 0 && engine.TryReadBook(region, product, ProtocolConstants.NotGiven, now, out BookPrice found))
        {
            price = EntryOf(found);
        }
        else
        {
            names.TryGet(lane.RegionName, out string? regionId);
            names.TryGet(lane.ProductName, out string? productType);
            price = new PriceEntry { Refusal = engine.AskFor(regionId!, productType!) }; // The answer is in the book at a later look.
            if (price.Refusal == QuoteRefusal.None)
            {
                return false;
            }
        }

        bool isNew = !lane.IsSent || price.MinorUnits != lane.MinorUnits || price.MultiplierSteps != lane.MultiplierSteps
            || price.PackedCurrency != lane.Currency || price.Refusal != lane.Refusal;
        lane.IsSent = true;
        (lane.MinorUnits, lane.MultiplierSteps, lane.Currency, lane.Refusal) = (price.MinorUnits, price.MultiplierSteps, price.PackedCurrency, price.Refusal);
        return isNew;
    }

    private struct Lane
    {
        public int RegionName;
        public int ProductName;
        public long MinorUnits;
        public int MultiplierSteps;
        public ushort Currency;
        public QuoteRefusal Refusal;
        public bool IsSent;
    }
}
