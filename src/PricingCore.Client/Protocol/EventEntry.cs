using PricingCore.Events;
using PricingCore.Numerics;

namespace PricingCore.Protocol;

/// <summary>One event of a batch: kind, which fields follow, region, time, and the fields; from 16 bytes on.</summary>
/// <remarks>Region and product are numbers of names; the event that is read has neither, and whoever knows the names sets them.</remarks>
public static class EventEntry
{
    /// <summary>Bytes of an event without any optional field: 16.</summary>
    public const int LeastSize = 16;

    /// <summary>The most bytes that an event takes.</summary>
    public const int MostSize = LeastSize + 20 + (3 * (2 + (3 * (ProtocolConstants.MaxIdLength + 2))));

    private const int HasUser = 1;
    private const int HasUnit = 2;
    private const int HasProduct = 4;
    private const int HasKey = 8;
    private const int HasFirst = 16;
    private const int HasSecond = 32;
    private const int HasThird = 64;
    private const int HasFourth = 128;

    /// <summary>Writes an event. An id that is too long is cut to one character more than is allowed, so that the engine still refuses it.</summary>
    /// <param name="destination">At least <see cref="MostSize"/> bytes.</param>
    /// <param name="e">The event.</param>
    /// <param name="region">The number of its region's name; -1 for none.</param>
    /// <param name="product">The number of its product's name; not written when the event has no product.</param>
    /// <returns>Bytes written.</returns>
    public static int Write(Span<byte> destination, in MarketEvent e, int region, int product)
    {
        EventValues values = e.Values;
        int fields = (e.UserId is null ? 0 : HasUser) | (e.UnitId is null ? 0 : HasUnit) | (e.ProductType is null ? 0 : HasProduct)
            | (e.IdempotencyKey is null ? 0 : HasKey)
            | (float.IsNaN(values.First) ? 0 : HasFirst) | (float.IsNaN(values.Second) ? 0 : HasSecond)
            | (float.IsNaN(values.Third) ? 0 : HasThird) | (float.IsNaN(values.Fourth) ? 0 : HasFourth);
        var writer = new BodyWriter(destination);
        writer.Write((byte)e.Kind);
        writer.Write((byte)fields);
        writer.Write((ushort)0);
        writer.Write(region);
        writer.Write(UnixMicros.From(e.OccurredAt));
        if (e.ProductType is not null)
        {
            writer.Write(product);
        }

        WriteNumber(ref writer, values.First);
        WriteNumber(ref writer, values.Second);
        WriteNumber(ref writer, values.Third);
        WriteNumber(ref writer, values.Fourth);
        QuoteBody.WriteOptional(ref writer, Cut(e.UserId));
        QuoteBody.WriteOptional(ref writer, Cut(e.UnitId));
        QuoteBody.WriteOptional(ref writer, Cut(e.IdempotencyKey));
        return writer.Length;
    }

    /// <summary>Reads an event.</summary>
    /// <param name="reader">At the event; behind it afterwards.</param>
    /// <param name="e">The event, without region and product. A time beyond what a date can say becomes the nearest that it can.</param>
    /// <param name="region">The number of its region's name.</param>
    /// <param name="product">The number of its product's name; -1 for none.</param>
    /// <returns><see langword="false"/> when the bytes are not an event.</returns>
    public static bool TryRead(ref BodyReader reader, out MarketEvent e, out int region, out int product)
    {
        e = default;
        product = ProtocolConstants.NotGiven;
        region = ProtocolConstants.NotGiven;
        if (!reader.TryRead(out byte kind) || !reader.TryRead(out byte fields) || !reader.TryRead(out ushort zero) || zero != 0
            || !reader.TryRead(out region) || !reader.TryRead(out long micros)
            || ((fields & HasProduct) != 0 && !reader.TryRead(out product))
            || !TryReadNumber(ref reader, fields & HasFirst, out float first) || !TryReadNumber(ref reader, fields & HasSecond, out float second)
            || !TryReadNumber(ref reader, fields & HasThird, out float third) || !TryReadNumber(ref reader, fields & HasFourth, out float fourth)
            || !QuoteBody.TryReadOptional(ref reader, fields & HasUser, out string? user)
            || !QuoteBody.TryReadOptional(ref reader, fields & HasUnit, out string? unit)
            || !QuoteBody.TryReadOptional(ref reader, fields & HasKey, out string? key))
        {
            return false;
        }

        DateTimeOffset at = UnixMicros.IsTime(micros) ? UnixMicros.ToTime(micros) : micros < 0 ? DateTimeOffset.UnixEpoch : DateTimeOffset.MaxValue;
        e = new MarketEvent((MarketEventKind)kind, null!, at) // Whoever knows the names sets the region; the gate refuses an event without one.
        {
            UserId = user,
            UnitId = unit,
            IdempotencyKey = key,
            Values = new EventValues(first, second, third, fourth),
        };
        return true;
    }

    private static string? Cut(string? id) => id is { Length: > ProtocolConstants.MaxIdLength } ? id[..(ProtocolConstants.MaxIdLength + 1)] : id;

    private static void WriteNumber(ref BodyWriter writer, float number)
    {
        if (!float.IsNaN(number))
        {
            writer.Write(number);
        }
    }

    private static bool TryReadNumber(ref BodyReader reader, int isThere, out float number)
    {
        number = float.NaN;
        return isThere == 0 || reader.TryRead(out number);
    }
}
