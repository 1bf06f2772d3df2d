using System.Runtime.InteropServices;
using PricingCore.Regions;

namespace PricingCore.Events;

/// <summary>An event as it travels through the ring: checked, enriched, 64 bytes, no references.</summary>
/// <remarks>
/// Made by the factories below only: <see cref="FromGate"/> for what the gate has checked, the others for what the engine
/// says to itself. <c>default</c> is a <see cref="MarketEventKind.None"/> record, which the loop skips.
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = 64)]
internal struct AcceptedEvent
{
    /// <summary>The region number of events that reach every region.</summary>
    public const int EveryRegion = -1;

    /// <summary>The product number of events that are about no product.</summary>
    public const ushort NoProduct = ushort.MaxValue;

    [FieldOffset(0)] public long OccurredAt;
    [FieldOffset(8)] public long ReceivedAt;

    /// <summary>The hashed user or unit; 0 when there is none. In forecasts: the bits of the low end.</summary>
    [FieldOffset(16)] public ulong Subject;

    /// <summary>96 bits of the hashed idempotency key; see <see cref="AcceptedEventFlags.HasKey"/>.</summary>
    [FieldOffset(24)] public ulong KeyLow;

    [FieldOffset(32)] public uint KeyHigh;

    /// <summary>Who waits for the outcome; 0 when nobody does.</summary>
    [FieldOffset(36)] public int Receipt;

    [FieldOffset(40)] public EventValues Values;

    /// <summary>The first half of <see cref="Values"/> as bits, for records that carry no numbers but ids and hashes there.</summary>
    [FieldOffset(40)] public ulong FirstBits;

    /// <summary>The second half.</summary>
    [FieldOffset(48)] public ulong SecondBits;

    [FieldOffset(56)] public int Region;
    [FieldOffset(60)] public MarketEventKind Kind;
    [FieldOffset(61)] public AcceptedEventFlags Flags;
    [FieldOffset(62)] public ushort Product;

    /// <summary>A market event. Called by <see cref="EventGate"/> alone, after its checks.</summary>
    public static AcceptedEvent FromGate(MarketEventKind kind, int region, int product, long occurredAt, long receivedAt, in EventValues values) =>
        new()
        {
            Kind = kind,
            Region = region,
            Product = product == NameTable.Unknown ? NoProduct : (ushort)product,
            OccurredAt = occurredAt,
            ReceivedAt = receivedAt,
            Values = values,
        };

    /// <summary>Time has passed.</summary>
    public static AcceptedEvent Tick(long now) =>
        new() { Kind = MarketEventKind.Tick, Region = EveryRegion, OccurredAt = now, ReceivedAt = now };

    /// <summary>Somebody needs a decision. <paramref name="afresh"/>: even if a valid one is in the book.</summary>
    public static AcceptedEvent DecisionRequested(int region, int product, long now, int receipt, bool afresh) =>
        new()
        {
            Kind = MarketEventKind.DecisionRequested,
            Region = region,
            Product = (ushort)product,
            OccurredAt = now,
            ReceivedAt = now,
            Receipt = receipt,
            Flags = afresh ? AcceptedEventFlags.Afresh : AcceptedEventFlags.None,
        };

    /// <summary>A rule set takes effect; <paramref name="number"/> finds it in the engine's table.</summary>
    public static AcceptedEvent RulesPublished(int number, long now, int receipt) =>
        new()
        {
            Kind = MarketEventKind.RulesPublished,
            Region = EveryRegion,
            KeyHigh = (uint)number,
            OccurredAt = now,
            ReceivedAt = now,
            Receipt = receipt,
        };

    /// <summary>A forecaster outside the loop has finished; <paramref name="model"/> numbers its version.</summary>
    public static AcceptedEvent ForecastReady(
        int region, int model, int horizonMinutes, float score, float confidence, float expected, float low, float high, long now) =>
        new()
        {
            Kind = MarketEventKind.ForecastReady,
            Region = region,
            Product = (ushort)model,
            KeyHigh = unchecked((uint)horizonMinutes), // Whatever it is: the forecast says itself whether it is valid.
            Subject = BitConverter.SingleToUInt32Bits(low),
            Values = new EventValues(score, confidence, expected, high),
            OccurredAt = now,
            ReceivedAt = now,
        };

    /// <summary>A model had no forecast; <paramref name="reason"/> says why.</summary>
    public static AcceptedEvent ForecastMissed(int region, int model, int horizonMinutes, int reason, long now) =>
        new()
        {
            Kind = MarketEventKind.ForecastMissed,
            Region = region,
            Product = (ushort)model,
            KeyHigh = (uint)horizonMinutes,
            KeyLow = (ulong)reason,
            OccurredAt = now,
            ReceivedAt = now,
        };

    /// <summary>Somebody wants a forecast.</summary>
    public static AcceptedEvent ForecastRequested(int region, int horizonMinutes, long now, int receipt) =>
        new()
        {
            Kind = MarketEventKind.ForecastRequested,
            Region = region,
            Product = NoProduct,
            KeyHigh = (uint)horizonMinutes,
            OccurredAt = now,
            ReceivedAt = now,
            Receipt = receipt,
        };

    /// <summary>The deadline of the oldest forecast that a shard waits for has passed.</summary>
    public static AcceptedEvent ForecastsDue(long now) =>
        new() { Kind = MarketEventKind.ForecastsDue, Region = EveryRegion, OccurredAt = now, ReceivedAt = now };

    /// <summary>A plan for which model prices which region takes effect; <paramref name="number"/> finds it in the engine's table.</summary>
    public static AcceptedEvent ModelDeployed(int number, long now, int receipt) =>
        new()
        {
            Kind = MarketEventKind.ModelDeployed,
            Region = EveryRegion,
            KeyHigh = (uint)number,
            OccurredAt = now,
            ReceivedAt = now,
            Receipt = receipt,
        };

    /// <summary>Somebody redeems a signed quote.</summary>
    /// <param name="region">The quote's region, or <see cref="EveryRegion"/> when it is not known (any more); the record goes to the first shard all the same.</param>
    /// <param name="token">The hash of the token.</param>
    /// <param name="redeemer">The hash of the redemption id.</param>
    /// <param name="endsAt">Until when the quote holds.</param>
    /// <param name="graceMicros">For how long after that it is honoured; from 0 to 60 seconds.</param>
    /// <param name="now">The time.</param>
    /// <param name="receipt">Who waits.</param>
    public static AcceptedEvent QuoteRedeemed(int region, UInt128 token, UInt128 redeemer, long endsAt, uint graceMicros, long now, int receipt) =>
        new()
        {
            Kind = MarketEventKind.QuoteRedeemed,
            Region = region,
            Product = NoProduct,
            Subject = (ulong)(token & ulong.MaxValue),
            KeyLow = (ulong)(token >> 64),
            KeyHigh = graceMicros,
            FirstBits = (ulong)(redeemer & ulong.MaxValue),
            SecondBits = (ulong)(redeemer >> 64),
            OccurredAt = endsAt,
            ReceivedAt = now,
            Receipt = receipt,
        };
}
