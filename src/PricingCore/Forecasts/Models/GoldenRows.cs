using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace PricingCore.Forecasts.Models;

/// <summary>Rows with the trainer's own answers, which whatever evaluates the graph must give bit for bit: <c>golden.bin</c>.</summary>
/// <remarks>
/// Little endian: the magic <c>PCGOLD01</c>; int32 rows, features, horizons; rows x features floats; rows x 5 x horizons floats.
/// </remarks>
/// <threadsafety>Immutable, as long as nobody writes to the arrays.</threadsafety>
internal sealed class GoldenRows
{
    /// <summary>The trainer takes features away from every so many-th row, the first among them, and all of them from the last row.</summary>
    public const int HolesEvery = 8;

    private const int HeaderBytes = 20;
    private const int MaxCount = 1 << 20; // Of rows, features or horizons: keeps the products inside a long.

    /// <param name="featureCount">Features in a row, 1 or more.</param>
    /// <param name="horizonCount">Horizons that the graph answers for, 1 or more.</param>
    /// <param name="rows">The rows one after the other.</param>
    /// <param name="answers">The answers one after the other: 5 numbers a horizon.</param>
    public GoldenRows(int featureCount, int horizonCount, float[] rows, float[] answers)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(featureCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(horizonCount, 1);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(answers);
        int count = rows.Length / featureCount;
        if (count == 0 || rows.Length != count * featureCount || answers.Length != count * horizonCount * IModelGraph.AnswerWidth)
        {
            throw new ArgumentException(
                $"{rows.Length} numbers are not whole rows of {featureCount} with {answers.Length} numbers of answers for {horizonCount} horizons.",
                nameof(rows));
        }

        Count = count;
        FeatureCount = featureCount;
        HorizonCount = horizonCount;
        Rows = rows;
        Answers = answers;
    }

    /// <summary>Rows.</summary>
    public int Count { get; }

    /// <summary>Features in a row.</summary>
    public int FeatureCount { get; }

    /// <summary>Horizons that the graph answers for.</summary>
    public int HorizonCount { get; }

    /// <summary>Numbers in the answer to one row.</summary>
    public int AnswerWidth => HorizonCount * IModelGraph.AnswerWidth;

    /// <summary>The rows one after the other; missing features are not a number.</summary>
    public float[] Rows { get; }

    /// <summary>The answers one after the other, in the graph's column order.</summary>
    public float[] Answers { get; }

    private static ReadOnlySpan<byte> Magic => "PCGOLD01"u8;

    /// <summary>The bytes of the file.</summary>
    public byte[] ToBytes()
    {
        byte[] bytes = new byte[HeaderBytes + (sizeof(float) * (Rows.Length + Answers.Length))];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), Count);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), FeatureCount);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), HorizonCount);
        int at = HeaderBytes;
        foreach (float number in Rows.Concat(Answers))
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(at), number);
            at += sizeof(float);
        }

        return bytes;
    }

    /// <summary>Reads the bytes of the file.</summary>
    /// <exception cref="FormatException">They are not golden rows; the message says why.</exception>
    public static GoldenRows Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderBytes || !bytes.StartsWith(Magic))
        {
            throw new FormatException("it does not begin with PCGOLD01 and three counts.");
        }

        int rows = CountAt(bytes, 8, "rows");
        int features = CountAt(bytes, 12, "features");
        int horizons = CountAt(bytes, 16, "horizons");
        long numbers = rows * ((long)features + ((long)horizons * IModelGraph.AnswerWidth));
        if (bytes.Length != HeaderBytes + (sizeof(float) * numbers))
        {
            throw new FormatException(
                $"it has {bytes.Length} bytes, but {rows} rows of {features} features and {horizons} horizons are {HeaderBytes + (sizeof(float) * numbers)}.");
        }

        ReadOnlySpan<byte> body = bytes[HeaderBytes..];
        return new GoldenRows(
            features,
            horizons,
            Numbers(body[..(rows * features * sizeof(float))]),
            Numbers(body[(rows * features * sizeof(float))..]));
    }

    private static int CountAt(ReadOnlySpan<byte> bytes, int at, string what)
    {
        int count = BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]);
        return count is >= 1 and <= MaxCount ? count : throw new FormatException($"it says {count} {what}; 1 to {MaxCount} are allowed.");
    }

    private static float[] Numbers(ReadOnlySpan<byte> bytes)
    {
        float[] numbers = new float[bytes.Length / sizeof(float)];
        if (BitConverter.IsLittleEndian)
        {
            bytes.CopyTo(MemoryMarshal.AsBytes(numbers.AsSpan())); // Keeps the bits of every kind of NaN.
            return numbers;
        }

        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(i * sizeof(float))..]);
        }

        return numbers;
    }
}
