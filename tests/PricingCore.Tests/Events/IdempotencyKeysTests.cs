using FsCheck;
using FsCheck.Fluent;
using PricingCore.Events;

namespace PricingCore.Tests.Events;

/// <summary>
/// Goal: a key counts once in its window, exactly, whatever comes and goes in between; room is never exceeded or lost.
/// Method: random adds, expiries and reservations against a dictionary of times, with few keys so that they collide often.
/// </summary>
public sealed class IdempotencyKeysTests
{
    private const long Window = 100;
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(2_000);

    [Fact]
    public void Keys_ForAnyScript_AnswerLikeADictionary() =>
        Check.One(Thorough, Prop.ForAll(Seeds.Any, seed =>
        {
            var random = new Random(seed);
            int capacity = random.Next(1, 20);
            var keys = new IdempotencyKeys(capacity, Window);
            var model = new Dictionary<(ulong Low, uint High), long>();
            long now = 1_000;
            for (int i = 0; i < 300; i++)
            {
                now += random.Next(4) == 0 ? random.Next(60) : 0;
                if (random.Next(10) == 0)
                {
                    keys.Expire(now);
                    Expire(model, now);
                    Assert.Equal(model.Count, keys.Reserved);
                    continue;
                }

                // Room is given back when the loop expires keys, which is at the latest when it adds one.
                if (!keys.TryReserve())
                {
                    Assert.True(keys.Reserved >= capacity);
                    keys.Expire(now);
                    Expire(model, now);
                    bool hasRoom = keys.TryReserve();
                    Assert.Equal(model.Count < capacity, hasRoom);
                    if (!hasRoom)
                    {
                        continue;
                    }
                }

                if (random.Next(8) == 0)
                {
                    keys.Release();
                    continue;
                }

                // Few values of the low bits, so that runs of the index grow long and wrap around.
                (ulong Low, uint High) key = ((ulong)random.Next(12) * 16 + (ulong)random.Next(3), (uint)random.Next(2));
                Expire(model, now);
                bool isNew = !model.ContainsKey(key);
                Assert.Equal(isNew, keys.TryAdd(key.Low, key.High, now));
                if (isNew)
                {
                    model.Add(key, now);
                }

                Assert.Equal(model.Count, keys.Reserved);
            }
        }));

    [Fact]
    public void TryAdd_AtTheEndOfTheWindow_CountsAgain()
    {
        var keys = new IdempotencyKeys(4, Window);
        Assert.True(Add(keys, 1, 0));
        Assert.False(Add(keys, 1, Window - 1));
        Assert.True(Add(keys, 1, Window));
        Assert.False(Add(keys, 1, Window + 1));
    }

    [Fact]
    public void TryReserve_WhenAllRoomIsTaken_Refuses()
    {
        var keys = new IdempotencyKeys(2, Window);
        Assert.True(keys.TryReserve());
        Assert.True(keys.TryReserve());
        Assert.False(keys.TryReserve());
        keys.Release();
        Assert.True(keys.TryReserve());
        keys.TryAdd(1, 1, 0);
        keys.TryAdd(1, 1, 0); // A duplicate gives its room back.
        Assert.Equal(1, keys.Reserved);
    }

    [Fact]
    public void Keys_ThroughManyWindows_StayConsistent()
    {
        var keys = new IdempotencyKeys(1_000, Window);
        var random = new Random(3);
        for (int i = 0; i < 200_000; i++)
        {
            long now = i / 8; // 800 live keys.
            ulong key = (ulong)random.NextInt64();
            Assert.True(keys.TryReserve());
            Assert.True(keys.TryAdd(key, 0, now));
            Assert.True(keys.TryReserve());
            Assert.False(keys.TryAdd(key, 0, now));
        }

        keys.Expire(1_000_000);
        Assert.Equal(0, keys.Reserved);
    }

    private static bool Add(IdempotencyKeys keys, ulong key, long now)
    {
        Assert.True(keys.TryReserve());
        return keys.TryAdd(key, 0, now);
    }

    private static void Expire(Dictionary<(ulong Low, uint High), long> model, long now)
    {
        foreach ((ulong, uint) key in model.Where(pair => pair.Value + Window <= now).Select(pair => pair.Key).ToList())
        {
            model.Remove(key);
        }
    }
}
