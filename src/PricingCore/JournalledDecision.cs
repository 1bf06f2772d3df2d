using PricingCore.Events;
using PricingCore.Numerics;
using PricingCore.Surge;

namespace PricingCore;

/// <summary>A decision as the journal keeps it: its id and the hash of all that it is, to compare a replay with.</summary>
/// <threadsafety>One thread.</threadsafety>
internal sealed class JournalledDecision
{
    private readonly byte[] _bytes = new byte[DecisionCodec.MaxBytes];

    /// <summary>The record of a decision.</summary>
    public AcceptedEvent Of(in AcceptedEvent request, SurgeDecision decision, long ordinal)
    {
        int length = DecisionCodec.Write(decision, _bytes);
        (ulong low, ulong high) = SipHash.Public.Hash128(_bytes.AsSpan(0, length));
        return new AcceptedEvent
        {
            Kind = MarketEventKind.DecisionMade,
            Region = request.Region,
            Product = request.Product,
            OccurredAt = UnixMicros.From(decision.DecidedAt),
            ReceivedAt = UnixMicros.From(decision.DecidedAt),
            Subject = decision.Id.High,
            KeyLow = decision.Id.Low,
            KeyHigh = unchecked((uint)ordinal),
            FirstBits = low,
            SecondBits = high,
        };
    }
}
