using PricingCore.Events;
using PricingCore.Numerics;

namespace PricingCore.Bench.Rivals;

/// <summary>The border check of the naive engine: the same rules as the gate's, written as they come to mind.</summary>
internal static class NaiveValidation
{
    private const long AllowedLatenessMicros = 15 * UnixMicros.PerMinute;
    private const long AllowedSkewMicros = 5 * UnixMicros.PerSecond;

    public static Rejection Check(in MarketEvent e, long now)
    {
        if (!IsKnown(e.Kind))
        {
            return Rejection.UnknownKind;
        }

        if (!IsText(e.RegionId, 64))
        {
            return Rejection.InvalidRegion;
        }

        if (e.ProductType is not null && !IsText(e.ProductType, 64))
        {
            return Rejection.InvalidProduct;
        }

        if ((e.UserId is not null && !IsText(e.UserId, 128))
            || (e.UnitId is not null && !IsText(e.UnitId, 128))
            || (e.IdempotencyKey is not null && !IsText(e.IdempotencyKey, 128)))
        {
            return Rejection.InvalidId;
        }

        Rejection values = EventRanges.Check(e);
        if (values != Rejection.None)
        {
            return values;
        }

        long occurredAt = UnixMicros.From(e.OccurredAt);
        return now - occurredAt > AllowedLatenessMicros ? Rejection.TooOld
            : occurredAt - now > AllowedSkewMicros ? Rejection.InFuture
            : Rejection.None;
    }

    private static bool IsKnown(MarketEventKind kind) => kind
        is (>= MarketEventKind.Search and <= MarketEventKind.TripEnded)
        or (>= MarketEventKind.SupplyAvailable and <= MarketEventKind.SupplyMoved)
        or (>= MarketEventKind.Weather and <= MarketEventKind.Holiday)
        or MarketEventKind.Alert;

    private static bool IsText(string? text, int maxLength) =>
        !string.IsNullOrEmpty(text) && text.Length <= maxLength && !char.IsWhiteSpace(text[0]) && !char.IsWhiteSpace(text[^1]);
}
