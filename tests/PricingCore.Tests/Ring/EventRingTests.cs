using PricingCore.Ring;

namespace PricingCore.Tests.Ring;

/// <summary>
/// Goal: each member of the ring does what its documentation says, at its limits too.
/// Method: small rings on one thread; the wrap at the end of the array is reached in most tests.
/// </summary>
public sealed class EventRingTests
{
    [Fact]
    public void TryPublish_WhenFull_RefusesAndKeepsWhatItHas()
    {
        var ring = new EventRing<int>(capacity: 2);
        Assert.True(ring.TryPublish(10));
        Assert.True(ring.TryPublish(11));

        bool published = ring.TryPublish(12);

        Assert.False(published);
        Assert.Equal([10, 11], Drain(ring));
    }

    [Fact]
    public void TryPublish_WhenABatchDoesNotFit_StoresNothingOfIt()
    {
        var ring = new EventRing<int>(capacity: 4);
        Assert.True(ring.TryPublish([10, 11, 12]));

        bool published = ring.TryPublish([13, 14]);

        Assert.False(published);
        Assert.Equal(3, ring.Count);
        Assert.Equal([10, 11, 12], Drain(ring));
    }

    [Fact]
    public void TryPublish_WhenABatchWrapsAroundTheEnd_KeepsItsOrder()
    {
        EventRing<int> ring = RingWithHeadAt(3, capacity: 4);

        bool published = ring.TryPublish([10, 11, 12, 13]);

        Assert.True(published);
        Assert.Equal([10, 11, 12, 13], Drain(ring));
    }

    [Fact]
    public void TryPublish_WhenTheBatchIsEmpty_SucceedsEvenOnAFullRing()
    {
        var ring = new EventRing<int>(capacity: 2);
        Assert.True(ring.TryPublish([10, 11]));

        Assert.True(ring.TryPublish([]));

        Assert.Equal([10, 11], Drain(ring));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(5)]
    public void TryClaim_WhenTheCountCanNeverFit_Throws(int count)
    {
        var ring = new EventRing<int>(capacity: 4);

        var thrown = Assert.Throws<ArgumentOutOfRangeException>(() => ring.TryClaim(count, out _));

        Assert.Equal(count, thrown.ActualValue);
    }

    [Fact]
    public void Available_WhenAnEarlierClaimIsNotPublished_StopsBeforeIt()
    {
        var ring = new EventRing<int>(capacity: 8);
        Assert.True(ring.TryPublish(10));
        Assert.True(ring.TryClaim(2, out long claimed));
        Assert.True(ring.TryPublish(13));

        int before = ring.Available(8);
        ring.Slot(claimed) = 11;
        ring.Slot(claimed + 1) = 12;
        int written = ring.Available(8);
        ring.Publish(claimed, 2);
        int published = ring.Available(8);

        Assert.Equal((1, 1, 4), (before, written, published));
        Assert.Equal([10, 11, 12, 13], Drain(ring));
    }

    [Fact]
    public void TryTake_WhenTheOldestClaimIsNotPublished_TakesNothing()
    {
        var ring = new EventRing<int>(capacity: 4);
        Assert.True(ring.TryClaim(1, out _));
        Assert.True(ring.TryPublish(11));

        bool taken = ring.TryTake(out int item);

        Assert.Equal((false, 0), (taken, item));
        Assert.Equal(2, ring.Count);
    }

    [Fact]
    public void Publish_WhenTheClaimWrapsAroundTheEnd_ShowsAllOfIt()
    {
        EventRing<int> ring = RingWithHeadAt(6, capacity: 8);
        Assert.True(ring.TryClaim(5, out long claimed));
        for (int i = 0; i < 5; i++)
        {
            ring.Slot(claimed + i) = 10 + i;
        }

        ring.Publish(claimed, 5);

        Assert.Equal(5, ring.Available(8));
        Assert.Equal([10, 11, 12, 13, 14], Drain(ring));
    }

    [Fact]
    public void Available_WhenMoreWaits_CountsUpToTheLimit()
    {
        EventRing<int> ring = RingWithHeadAt(6, capacity: 8);
        Assert.True(ring.TryPublish([10, 11, 12, 13, 14]));

        Assert.Equal([1, 2, 3, 5, 5], new[] { 1, 2, 3, 5, 100 }.Select(ring.Available));
    }

    [Fact]
    public void Release_WhenPartOfABatchIsRead_FreesOnlyThat()
    {
        EventRing<int> ring = RingWithHeadAt(2, capacity: 4);
        Assert.True(ring.TryPublish([10, 11, 12, 13]));
        Assert.Equal(4, ring.Available(4));
        Assert.Equal([10, 11, 12, 13], Enumerable.Range(0, 4).Select(offset => ring.Peek(offset)));

        ring.Release(3);

        Assert.False(ring.TryClaim(4, out _));
        Assert.True(ring.TryPublish([14, 15, 16]));
        Assert.Equal([13, 14, 15, 16], Drain(ring));
    }

    [Fact]
    public void Count_FollowsPublishesAndTakes()
    {
        var ring = new EventRing<int>(capacity: 4);
        Assert.Equal(0, ring.Count);

        Assert.True(ring.TryPublish([10, 11, 12]));
        Assert.Equal(3, ring.Count);
        Assert.True(ring.TryTake(out _));

        Assert.Equal(2, ring.Count);
    }

    [Fact]
    public void PublishAndDrain_AllocateNothing()
    {
        var ring = new EventRing<long>(capacity: 64);
        long[] batch = [1, 2, 3];
        RunLaps(ring, batch, laps: 100);

        Assert.Equal(0, AllocatedBytes.Of(() => RunLaps(ring, batch, laps: 1_000)));
    }

    [Theory]
    [InlineData(-2)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(1_000)]
    public void Constructor_WhenCapacityIsNotAPowerOfTwoFrom2_Throws(int capacity) =>
        Assert.ThrowsAny<ArgumentException>(() => new EventRing<int>(capacity));

    internal static List<int> Drain(EventRing<int> ring)
    {
        var drained = new List<int>();
        while (ring.TryTake(out int item))
        {
            drained.Add(item);
        }

        return drained;
    }

    private static EventRing<int> RingWithHeadAt(int position, int capacity)
    {
        var ring = new EventRing<int>(capacity);
        for (int i = 0; i < position; i++)
        {
            Assert.True(ring.TryPublish(i));
            Assert.True(ring.TryTake(out _));
        }

        return ring;
    }

    private static void RunLaps(EventRing<long> ring, long[] batch, int laps)
    {
        for (int lap = 0; lap < laps; lap++)
        {
            ring.TryPublish(lap);
            ring.TryPublish(batch);
            ring.TryTake(out _);
            ring.Release(ring.Available(64));
        }
    }
}
