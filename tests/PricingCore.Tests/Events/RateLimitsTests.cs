using FsCheck;
using FsCheck.Fluent;
using PricingCore.Events;
using PricingCore.Numerics;

namespace PricingCore.Tests.Events;

/// <summary>
/// Goal: a user or region gets its burst and its rate, no more and no less, also when threads race for the last token.
/// Method: random arrivals against a token bucket in decimals, within the stated resolution; and threads that share one bucket.
/// </summary>
public sealed class RateLimitsTests
{
    private const long Start = 1_772_625_600_000_000;
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(2_000);

    [Fact]
    public void TryTakeOfRegion_ForAnyArrivals_IsATokenBucket() =>
        Check.One(Thorough, Prop.ForAll(Seeds.Any, seed =>
        {
            var random = new Random(seed);
            int perSecond = random.Next(1, 50);
            var limits = new RateLimits(0, perSecond, 1);
            PlayAgainstBucket(random, perSecond, perSecond / 1_000_000m, 0.001m * perSecond, now => limits.TryTakeOfRegion(0, now), 1_000_000 / perSecond);
        }));

    [Fact]
    public void TryTakeOfUser_ForAnyArrivals_IsATokenBucket() =>
        Check.One(Thorough, Prop.ForAll(Seeds.Any, seed =>
        {
            var random = new Random(seed);
            int perMinute = random.Next(1, 2_000);
            var limits = new RateLimits(perMinute, 0, 1);
            ulong user = (ulong)random.NextInt64();

            // Resolution 16 us at each of the times that make up a burst, and of the interval itself.
            decimal slack = perMinute * ((2 * 16m) + (perMinute * 16m)) / UnixMicros.PerMinute;
            PlayAgainstBucket(random, perMinute, perMinute / (decimal)UnixMicros.PerMinute, slack, now => limits.TryTakeOfUser(user, now), (int)UnixMicros.PerMinute / perMinute);
        }));

    [Theory]
    [InlineData(0)]
    [InlineData(1_388_534_400_000_000)]
    [InlineData(Start)]
    [InlineData(4_102_444_800_000_000)]
    [InlineData((1L << 48) - 500_000)] // The time of a user's slot comes round here.
    public void TryTakeOfUser_AtAnyTime_RefusesTheOneBeyondTheBurst(long start)
    {
        var limits = new RateLimits(100, 0, 1);
        for (int i = 0; i < 100; i++)
        {
            Assert.True(limits.TryTakeOfUser(42, start));
        }

        Assert.False(limits.TryTakeOfUser(42, start));
        Assert.True(limits.TryTakeOfUser(42, start + (UnixMicros.PerMinute / 100)));
        Assert.False(limits.TryTakeOfUser(42, start + (UnixMicros.PerMinute / 100)));
    }

    [Fact]
    public void TryTake_BeforeTheStart_DoesNotThrow()
    {
        var limits = new RateLimits(10, 10, 1);
        Assert.True(limits.TryTakeOfUser(1, Start - 1));
        Assert.True(limits.TryTakeOfUser(2, Start - (1_000 * UnixMicros.PerHour)));
        Assert.True(limits.TryTakeOfRegion(0, Start - 1));
    }

    [Fact]
    public void TryTake_WhenTheClockGoesBackByAnHour_StartsWithAFullBucket()
    {
        var limits = new RateLimits(10, 10, 1);
        for (int i = 0; i < 10; i++)
        {
            Assert.True(limits.TryTakeOfUser(1, Start) && limits.TryTakeOfRegion(0, Start));
        }

        Assert.False(limits.TryTakeOfUser(1, Start) || limits.TryTakeOfRegion(0, Start));
        Assert.True(limits.TryTakeOfUser(1, Start - UnixMicros.PerHour));
        Assert.True(limits.TryTakeOfRegion(0, Start - UnixMicros.PerHour));
    }

    [Fact]
    public void TryTakeOfUser_ByManyUsers_KeepsEachToTheirOwnBurst()
    {
        // Fewer users than slots of a probe: nobody may lose or gain by others.
        var limits = new RateLimits(5, 0, 1);
        var random = new Random(7);
        var users = Enumerable.Range(0, 200).Select(_ => (ulong)random.NextInt64()).ToArray();
        var taken = new Dictionary<ulong, int>();
        for (int i = 0; i < 4_000; i++)
        {
            ulong user = users[random.Next(users.Length)];
            bool got = limits.TryTakeOfUser(user, Start);
            int before = taken.GetValueOrDefault(user);
            Assert.Equal(before < 5, got);
            taken[user] = before + (got ? 1 : 0);
        }
    }

    [Fact]
    public void TryTakeOfUser_WhenASlotIsTakenOver_LosesNothing()
    {
        // 9 users of one probe group: the ninth is let through while the others are busy, and gets a slot once one is full again.
        var limits = new RateLimits(2, 0, 1);
        ulong User(int i) => ((ulong)i << 44) | 8;
        for (int i = 1; i <= 8; i++)
        {
            Assert.True(limits.TryTakeOfUser(User(i), Start));
            Assert.True(limits.TryTakeOfUser(User(i), Start));
            Assert.False(limits.TryTakeOfUser(User(i), Start));
        }

        for (int i = 0; i < 10; i++)
        {
            Assert.True(limits.TryTakeOfUser(User(9), Start)); // No slot: not refused.
        }

        long later = Start + UnixMicros.PerMinute + 100;
        Assert.True(limits.TryTakeOfUser(User(9), later));
        Assert.True(limits.TryTakeOfUser(User(9), later));
        Assert.False(limits.TryTakeOfUser(User(9), later));
        Assert.True(limits.TryTakeOfUser(User(3), later));
        Assert.True(limits.TryTakeOfUser(User(3), later));
        Assert.False(limits.TryTakeOfUser(User(3), later));
    }

    [Fact]
    public void TryTake_FromFourThreads_GivesExactlyTheBurst()
    {
        for (int round = 0; round < 30; round++)
        {
            var limits = new RateLimits(1_000, 1_000, 1);
            int ofUser = 0;
            int ofRegion = 0;
            Parallel.For(0, 4, _ =>
            {
                for (int i = 0; i < 600; i++)
                {
                    if (limits.TryTakeOfUser(99, Start))
                    {
                        Interlocked.Increment(ref ofUser);
                    }

                    if (limits.TryTakeOfRegion(0, Start))
                    {
                        Interlocked.Increment(ref ofRegion);
                    }
                }
            });
            Assert.Equal((1_000, 1_000), (ofUser, ofRegion));
        }
    }

    [Fact]
    public void TryTake_WithoutLimits_AlwaysGives()
    {
        var limits = new RateLimits(0, 0, 1);
        Assert.All(Enumerable.Range(0, 10_000), _ => Assert.True(limits.TryTakeOfUser(1, Start) && limits.TryTakeOfRegion(0, Start)));
    }

    private static void PlayAgainstBucket(Random random, int burst, decimal perMicro, decimal slack, Func<long, bool> tryTake, int intervalMicros)
    {
        decimal tokens = burst;
        long now = Start;
        for (int i = 0; i < burst * 2; i++)
        {
            long step = random.Next(4) switch { 0 => 0, 1 => random.Next(intervalMicros), 2 => random.Next(3 * intervalMicros), _ => random.Next(10) };
            now += step;
            tokens = Math.Min(burst, tokens + (step * perMicro));
            bool got = tryTake(now);
            if (Math.Abs(tokens - 1) > slack)
            {
                Assert.Equal(tokens >= 1, got);
            }

            tokens -= got ? 1 : 0;
        }
    }
}
