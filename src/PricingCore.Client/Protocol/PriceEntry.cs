using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using PricingCore.Money;
using PricingCore.Quotes;
using PricingCore.Surge;

namespace PricingCore.Protocol;

/// <summary>One price of an answer: 48 bytes. When it is refused, everything but <see cref="Refusal"/> is 0.</summary>
/// <threadsafety>Immutable.</threadsafety>
public readonly record struct PriceEntry
{
    /// <summary>Bytes of an entry: 48.</summary>
    public const int Size = 48;

    private const byte CachedFlag = 1;

    /// <summary>The price to charge, in minor units.</summary>
    public long MinorUnits { get; init; }

    /// <summary>The price without surge, in minor units.</summary>
    public long BaseMinorUnits { get; init; }

    /// <summary>Until when the price may be charged, in microseconds since 1970.</summary>
    public long ValidUntilMicros { get; init; }

    /// <summary>The decision that the price follows.</summary>
    public DecisionId DecisionId { get; init; }

    /// <summary>The multiplier in steps of 1/10,000.</summary>
    public int MultiplierSteps { get; init; }

    /// <summary>Why there is no price; <see cref="QuoteRefusal.None"/> when there is one.</summary>
    public QuoteRefusal Refusal { get; init; }

    /// <summary>Whether the decision was made before the request.</summary>
    public bool IsCached { get; init; }

    /// <summary>The currency as <see cref="PackCurrency"/> writes it.</summary>
    public ushort PackedCurrency { get; init; }

    /// <summary>Three capital letters as a number: five bits for each, A is 1, the first in the lowest bits; 0 for none.</summary>
    public static ushort PackCurrency(Currency currency) => currency.Packed;

    /// <summary>Finds the currency of a packed code.</summary>
    /// <returns><see langword="false"/> when no currency has it.</returns>
    public static bool TryUnpackCurrency(ushort packed, out Currency currency)
    {
        Span<char> code = stackalloc char[3];
        for (int i = 0; i < code.Length; i++)
        {
            code[i] = (char)('A' - 1 + ((packed >> (5 * i)) & 31));
        }

        return Currency.TryFromCode(new string(code), out currency);
    }

    /// <summary>Reads an entry; any bytes are one.</summary>
    /// <param name="bytes">At least <see cref="Size"/>.</param>
    public static PriceEntry Read(ReadOnlySpan<byte> bytes) => new()
    {
        MinorUnits = BinaryPrimitives.ReadInt64LittleEndian(bytes),
        BaseMinorUnits = BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]),
        ValidUntilMicros = BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]),
        DecisionId = new DecisionId(BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]), BinaryPrimitives.ReadUInt64LittleEndian(bytes[32..])),
        MultiplierSteps = BinaryPrimitives.ReadInt32LittleEndian(bytes[40..]),
        Refusal = (QuoteRefusal)bytes[44],
        IsCached = (bytes[45] & CachedFlag) != 0,
        PackedCurrency = BinaryPrimitives.ReadUInt16LittleEndian(bytes[46..]),
    };

    /// <summary>Writes the entry.</summary>
    /// <param name="destination">At least <see cref="Size"/> bytes.</param>
    public void Write(Span<byte> destination)
    {
        destination = destination[..Size]; // One check for all.
        WriteHeld(destination, MinorUnits, BaseMinorUnits, ValidUntilMicros, DecisionId, MultiplierSteps, PackedCurrency);
        destination[44] = (byte)Refusal;
        destination[45] = IsCached ? CachedFlag : (byte)0;
    }

    /// <summary>Writes the entry of a price out of the book, field by field: an entry made first would be copied, which costs as much as the rest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void WriteHeld(
        Span<byte> destination, long minorUnits, long baseMinorUnits, long validUntilMicros, in DecisionId decision, int multiplierSteps, ushort packedCurrency)
    {
        destination = destination[..Size];
        BinaryPrimitives.WriteInt64LittleEndian(destination, minorUnits);
        BinaryPrimitives.WriteInt64LittleEndian(destination[8..], baseMinorUnits);
        BinaryPrimitives.WriteInt64LittleEndian(destination[16..], validUntilMicros);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[24..], decision.High);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[32..], decision.Low);
        BinaryPrimitives.WriteInt32LittleEndian(destination[40..], multiplierSteps);
        destination[44] = (byte)QuoteRefusal.None;
        destination[45] = CachedFlag;
        BinaryPrimitives.WriteUInt16LittleEndian(destination[46..], packedCurrency);
    }
}
