using System.Text;
using FsCheck;
using FsCheck.Fluent;
using PricingCore.AspNetCore.Compute;
using PricingCore.AspNetCore.Problems;

namespace PricingCore.AspNetCore.Tests.Compute;

/// <summary>
/// Goal: the quick reader takes nothing that the JSON reader would not take, and reads the same from it.
/// Method: bodies with bytes changed at random; whatever the quick one takes, the other must take with the same result. Plain bodies are taken quickly.
/// Control: without the check of ends for blanks, a region with a blank in front is taken, and the test fails.
/// </summary>
public sealed class PlainRequestTests
{
    private static readonly string[] Goods =
    [
        """{"region_id":"airport","product_type":"standard"}""",
        """ { "request_id" : "r-1" , "region_id" : "a" , "user_id" : "u" } """,
        """{"region_id":"a","base_price":12.5}""",
        """{"region_id":"\u0061"}""",
    ];

    private static readonly string[] Words = ["\"", "\\", " ", "\t", "\0", "{", "}", ",", ":", "*", "\"region_id\":\"b\"", "\"user_id\":\" x\"", "é", "1", "null", "\"x\":\"y\","];

    private readonly TextPool _pool = new();

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    [InlineData(3, false)]
    public void PlainBodies_AreTakenQuickly(int good, bool expected)
    {
        ComputeRequest request = default;
        Assert.Equal(expected, PlainRequest.TryRead(Encoding.UTF8.GetBytes(Goods[good]), 0, _pool, ref request));
    }

    [Fact]
    public void WhateverIsTakenQuickly_IsWhatTheJsonReaderReads()
    {
        var reader = new ComputeReader(new PricingEndpointOptions(), _pool);
        int taken = 0;
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500).WithEndSize(int.MaxValue), Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var random = new Random(seed);
            for (int i = 0; i < 100; i++)
            {
                byte[] body = Mutate(Encoding.UTF8.GetBytes(Goods[random.Next(Goods.Length)]), random);
                ComputeRequest quick = default;
                if (PlainRequest.TryRead(body, 5, _pool, ref quick))
                {
                    taken++;
                    Assert.True(reader.TryReadAny(body, 5, out ComputeRequest whole, out Problem problem), $"{Encoding.UTF8.GetString(body)}: {problem}");
                    Assert.Equal(
                        (whole.RegionId, whole.ProductType, whole.BasePrice, whole.Currency, whole.RequestId, whole.UserId),
                        (quick.RegionId, quick.ProductType, quick.BasePrice, quick.Currency, quick.RequestId, quick.UserId));
                }
            }
        }));
        Assert.True(taken > 1_000, $"Only {taken} bodies were plain: nothing was shown.");
    }

    private static byte[] Mutate(byte[] good, Random random)
    {
        List<byte> body = [.. good];
        for (int change = random.Next(3); change > 0; change--)
        {
            int at = random.Next(body.Count + 1);
            switch (random.Next(4))
            {
                case 0 when at < body.Count:
                    body[at] = (byte)random.Next(256);
                    break;
                case 1 when at < body.Count:
                    body.RemoveAt(at);
                    break;
                case 2:
                    body.InsertRange(at, Encoding.UTF8.GetBytes(Words[random.Next(Words.Length)]));
                    break;
                default:
                    body.InsertRange(at, Enumerable.Repeat((byte)'a', random.Next(80)));
                    break;
            }
        }

        return [.. body];
    }
}
