using System.Net;
using PricingCore.AspNetCore.Security;
using PricingCore.Client.Tests;

namespace PricingCore.Security.Tests;

/// <summary>
/// Goal: exactly the limit passes at once and exactly the rate after that, whoever comes how often at the same time, and memory does not grow with callers.
/// Method: a clock that is moved by hand; many threads; a model that counts; 200,000 keys in room for 2,048.
/// Seen to fail with the lock of a bucket's set taken away: more passed than the limit.
/// </summary>
public sealed class TokenBucketsTests
{
    private static readonly TokenRate PerMinute = new(1_000, 60_000_000);

    [Fact]
    public void Limit_IsExactUnderConcurrency()
    {
        var rate = new TokenRate(3_000_000, 60_000_000);
        var buckets = new TokenBuckets(2_048);
        using var start = new Barrier(4);
        int granted = 0;
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            start.SignalAndWait();
            int own = 0;
            for (int i = 0; i < 1_000_000; i++)
            {
                own += buckets.Take(7, rate, 1).IsGranted ? 1 : 0;
            }

            Interlocked.Add(ref granted, own);
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.Equal(3_000_000, granted);
    }

    [Fact]
    public void Tokens_ComeBackContinuously()
    {
        var buckets = new TokenBuckets(2_048);
        var draw = new Random(3);
        long now = 1;
        long lacks = 0;
        for (int i = 0; i < 200_000; i++)
        {
            long passed = draw.Next(0, 100) == 0 ? draw.Next(0, 30_000_000) : draw.Next(0, 60_000);
            now += passed;
            lacks = Math.Max(0, lacks - (passed * PerMinute.Tokens));
            bool isGranted = lacks + PerMinute.PeriodMicros <= PerMinute.Tokens * PerMinute.PeriodMicros;
            lacks += isGranted ? PerMinute.PeriodMicros : 0;
            TokenGrant grant = buckets.Take(7, PerMinute, now);
            Assert.Equal(isGranted, grant.IsGranted);
            if (!isGranted)
            {
                Assert.False(buckets.Take(7, PerMinute, now + grant.RetryAfterMicros - 1).IsGranted);
                now += grant.RetryAfterMicros;
                Assert.True(buckets.Take(7, PerMinute, now).IsGranted); // What was said is when it works, to the microsecond.
                lacks = lacks - (grant.RetryAfterMicros * PerMinute.Tokens) + PerMinute.PeriodMicros;
            }
        }
    }

    [Fact]
    public void ManyKeys_TakeNoMoreMemoryAndDoNotFreeTheBusiest()
    {
        var buckets = new TokenBuckets(2_048);
        var rate = new TokenRate(10, 60_000_000);
        for (int i = 0; i < 10; i++)
        {
            Assert.True(buckets.Take(42, rate, 1).IsGranted);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (ulong key = 1_000; key < 201_000; key++)
        {
            buckets.Take(key, rate, 1);
        }

        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 10_000);
        Assert.False(buckets.Take(42, rate, 1).IsGranted);
    }

    [Fact]
    public void RefusedRequest_CostsTheOtherLimitsNothing()
    {
        var time = new ManualTime();
        var limits = new RequestLimits(new PricingSecurityOptions { UserRequestsPerMinute = 2, AddressRequestsPerMinute = 4, TotalRequestsPerSecond = 100 }, time);
        var one = new Caller("one", PricingScopes.Quote, DateTimeOffset.MaxValue);
        var two = new Caller("two", PricingScopes.Quote, DateTimeOffset.MaxValue);
        IPAddress address = IPAddress.Parse("192.0.2.7");
        Assert.Equal([true, true, false, false, false], Enumerable.Range(0, 5).Select(_ => limits.Take(one, address).Grant.IsGranted));
        Assert.Equal([true, true, false], Enumerable.Range(0, 3).Select(_ => limits.Take(two, address).Grant.IsGranted)); // 4 of the address, though 5 were refused or passed before.
        Assert.Equal("address", limits.Take(two, address).Name);
        Assert.True(limits.Take(null, IPAddress.Parse("192.0.2.8")).Grant.IsGranted);
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.True(limits.Take(one, address).Grant.IsGranted);
        Assert.False(limits.Take(one, address).Grant.IsGranted);
    }

    [Fact]
    public void Addresses_AreCountedByWhatOneCustomerHas()
    {
        var limits = new RequestLimits(new PricingSecurityOptions { AddressRequestsPerMinute = 1 }, new ManualTime());
        Assert.True(limits.Take(null, IPAddress.Parse("2001:db8::1")).Grant.IsGranted);
        Assert.False(limits.Take(null, IPAddress.Parse("2001:db8::ffff:1")).Grant.IsGranted);
        Assert.True(limits.Take(null, IPAddress.Parse("2001:db8:0:1::1")).Grant.IsGranted);
        Assert.True(limits.Take(null, IPAddress.Parse("192.0.2.1")).Grant.IsGranted);
        Assert.False(limits.Take(null, IPAddress.Parse("::ffff:192.0.2.1")).Grant.IsGranted);
        Assert.True(limits.Take(new Caller("host", PricingScopes.Quote, DateTimeOffset.MaxValue, 0, IsKey: true), IPAddress.Parse("192.0.2.1")).Grant.IsGranted);
    }

    [Fact]
    public void Total_IsForAll()
    {
        var limits = new RequestLimits(new PricingSecurityOptions { TotalRequestsPerSecond = 50_000 }, new ManualTime());
        int granted = 0;
        Parallel.For(0, 60_000, _ =>
        {
            if (limits.Take(null, null).Grant.IsGranted)
            {
                Interlocked.Increment(ref granted);
            }
        });
        Assert.Equal(50_000, granted);
        Assert.Equal("total", limits.Take(null, null).Name);
    }
}
