using PricingCore.Numerics;

namespace PricingCore.Tests.Numerics;

/// <summary>
/// Goal: the hash is SipHash-2-4 and nothing else, in 64 and in 128 bits.
/// Method: the first vectors of the reference implementation (key 00..0f, input 00..n-1), and text against its UTF-16 bytes.
/// </summary>
public sealed class SipHashTests
{
    private static readonly SipHash Reference = new([.. Enumerable.Range(0, 16).Select(i => (byte)i)]);

    private static readonly string[] Vectors64 =
    [
        "310e0edd47db6f72", "fd67dc93c539f874", "5a4fa9d909806c0d", "2d7efbd796666785",
        "b7877127e09427cf", "8da699cd64557618", "cee3fe586e46c9cb", "37d1018bf50002ab",
        "6224939a79f5f593", "b0e4a90bdf82009e", "f3b9dd94c5bb5d7a", "a7ad6b22462fb3f4",
        "fbe50e86bc8f1e75", "903d84c02756ea14", "eef27a8e90ca23f7", "e545be4961ca29a1",
    ];

    private static readonly string[] Vectors128 =
    [
        "a3817f04ba25a8e66df67214c7550293", "da87c1d86b99af44347659119b22fc45",
        "8177228da4a45dc7fca38bdef60affe4", "9c70b60c5267a94e5f33b6b02985ed51",
        "f88164c12d9c8faf7d0f6e7c7bcd5579", "1368875980776f8854527a07690e9627",
        "14eeca338b208613485ea0308fd7a15e", "a1f1ebbed8dbc153c0b84aa61ff08239",
        "3b62a9ba6258f5610f83e264f31497b4", "264499060ad9baabc47f8b02bb6d71ed",
        "00110dc378146956c95447d3f3d0fbba", "0151c568386b6677a2b4dc6f81e5dc18",
        "d626b266905ef35882634df68532c125", "9869e247e9c08b10d029934fc4b952f7",
        "31fcefac66d7de9c7ec7485fe4494902", "5493e99933b0a8117e08ec0f97cfc3d9",
    ];

    [Fact]
    public void Hash64_OfTheReferenceInputs_IsTheReferenceOutput()
    {
        for (int length = 0; length < Vectors64.Length; length++)
        {
            Assert.Equal(Vectors64[length], Hex(Reference.Hash64(Bytes(length))));
        }
    }

    [Fact]
    public void Hash128_OfTheReferenceInputs_IsTheReferenceOutput()
    {
        for (int length = 0; length < Vectors128.Length; length++)
        {
            (ulong low, ulong high) = Reference.Hash128(Bytes(length));
            Assert.Equal(Vectors128[length], Hex(low) + Hex(high));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("midtown")]
    [InlineData("\ud83d\ude95 K\u00f6ln")]
    public void Hash64_OfText_IsThatOfItsUtf16Bytes(string text) =>
        Assert.Equal(Reference.Hash64(System.Text.Encoding.Unicode.GetBytes(text)), Reference.Hash64(text));

    [Fact]
    public void Hash128_WithAnotherSalt_IsAnotherHash()
    {
        Assert.Equal(Reference.Hash128(Bytes(9)), Reference.Hash128(Bytes(9), 0));
        Assert.NotEqual(Reference.Hash128(Bytes(9), 1), Reference.Hash128(Bytes(9), 2));
    }

    [Fact]
    public void Constructor_WithAKeyThatIsNot16Bytes_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new SipHash(new byte[15]));

    private static byte[] Bytes(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)i)];

    private static string Hex(ulong value) => Convert.ToHexStringLower(BitConverter.GetBytes(value));
}
