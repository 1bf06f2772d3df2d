using System.Buffers.Binary;
using PricingCore.Forecasts.Models;

namespace PricingCore.Tests.Forecasts.Models;

public sealed class GoldenRowsTests
{
    [Fact]
    public void Parse_WhenWrittenByToBytes_GivesTheSameBits()
    {
        float oddNaN = BitConverter.Int32BitsToSingle(0x7FC0_1234);
        float[] rows = [1.5f, oddNaN, -0f, float.PositiveInfinity];
        float[] answers = [.. Enumerable.Range(0, 20).Select(i => i / 7f)];

        GoldenRows read = GoldenRows.Parse(new GoldenRows(2, 2, rows, answers).ToBytes());

        Assert.Equal((2, 2, 2, 10), (read.Count, read.FeatureCount, read.HorizonCount, read.AnswerWidth));
        Assert.Equal(rows.Select(BitConverter.SingleToInt32Bits), read.Rows.Select(BitConverter.SingleToInt32Bits));
        Assert.Equal(answers, read.Answers);
    }

    [Fact]
    public void ToBytes_IsLaidOutAsDocumented()
    {
        byte[] bytes = new GoldenRows(3, 1, [1, 2, 3], [4, 5, 6, 7, 8]).ToBytes();

        Assert.Equal("PCGOLD01"u8, bytes.AsSpan(0, 8));
        Assert.Equal([1, 3, 1], new[] { 8, 12, 16 }.Select(at => BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at))));
        Assert.Equal(3f, BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(28)));
        Assert.Equal(4f, BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(32)));
        Assert.Equal(52, bytes.Length);
    }

    [Theory]
    [InlineData(0, 0x58, "PCGOLD01")]
    [InlineData(8, 2, "52 bytes")]
    [InlineData(8, 0, "0 rows")]
    [InlineData(15, 0x7F, "features")]
    [InlineData(19, 0xFF, "horizons")]
    public void Parse_WhenAByteOfTheHeaderIsWrong_SaysWhat(int at, byte value, string expected)
    {
        byte[] bytes = new GoldenRows(3, 1, [1, 2, 3], [4, 5, 6, 7, 8]).ToBytes();
        bytes[at] = value;

        var e = Assert.Throws<FormatException>(() => GoldenRows.Parse(bytes));

        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_WhenCutAnywhere_Throws()
    {
        byte[] bytes = new GoldenRows(3, 1, [1, 2, 3], [4, 5, 6, 7, 8]).ToBytes();

        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.Throws<FormatException>(() => GoldenRows.Parse(bytes.AsSpan(0, length)));
        }
    }
}
