using PricingCore.Audit;

namespace PricingCore.Tests.Audit;

/// <summary>
/// The queue before the audit log's thread: places, order, and that its memory is that of what waits.
/// <code>
/// reserve -> record -> | block | block | ... | -> peek -> release
/// </code>
/// </summary>
public sealed class AuditQueueTests
{
    private const int Width = 4;

    [Theory]
    [InlineData(64)]
    [InlineData(512)]
    [InlineData(4_096)]
    public void FullQueue_RefusesOneMore_AndGivesAllInOrder_LapAfterLap(int capacity)
    {
        var queue = new AuditQueue(capacity, Width);
        long recorded = 0;
        long read = 0;
        for (int lap = 0; lap < 5; lap++)
        {
            while (queue.TryReserve())
            {
                Record(queue, recorded++);
            }

            Assert.Equal(capacity, queue.Taken);
            for (; queue.TryPeek(out AuditQueue.WaitingEntry oldest); read++)
            {
                AssertIs(read, oldest);
                queue.Release();
            }

            Assert.Equal(recorded, read);
            Assert.Equal(0, queue.Taken);
        }

        Assert.Equal(5L * capacity, read);
    }

    [Fact]
    public void PlacesInEveryNumber_AreHandedOn_AtEachPositionOfABlock()
    {
        var queue = new AuditQueue(1_024, Width);
        long recorded = 0;
        long read = 0;
        for (int waiting = 1; waiting <= 1_024; waiting += 31)
        {
            for (int i = 0; i < waiting; i++)
            {
                Assert.True(queue.TryReserve());
                Record(queue, recorded++);
            }

            for (; queue.TryPeek(out AuditQueue.WaitingEntry oldest); read++)
            {
                AssertIs(read, oldest);
                queue.Release();
            }
        }

        Assert.Equal(recorded, read);
    }

    [Fact]
    public void ReservedLongAgo_IsRecordedLapsLater()
    {
        var queue = new AuditQueue(64, Width);
        Assert.True(queue.TryReserve());
        for (long i = 0; i < 1_000; i++)
        {
            Assert.True(queue.TryReserve());
            Record(queue, i);
            Assert.True(queue.TryPeek(out AuditQueue.WaitingEntry oldest));
            AssertIs(i, oldest);
            queue.Release();
        }

        Record(queue, 1_000);
        Assert.True(queue.TryPeek(out AuditQueue.WaitingEntry last));
        AssertIs(1_000, last);
    }

    [Fact]
    public void Memory_IsThatOfWhatWaits_NotOfTheCapacity()
    {
        var queue = new AuditQueue(1 << 16, 64);
        long allocated = AllocatedBytes.Of(() =>
        {
            // Two laps around, a hundred entries waiting at most.
            for (long i = 0; i < 2 << 16; i++)
            {
                Assert.True(queue.TryReserve());
                queue.Record(new AuditEntry { Time = i }, []);
                if (i % 100 == 99)
                {
                    while (queue.TryPeek(out _))
                    {
                        queue.Release();
                    }
                }
            }

            while (queue.TryPeek(out _))
            {
                queue.Release();
            }
        });

        Assert.Equal(0, allocated);
    }

    private static void Record(AuditQueue queue, long number) => queue.Record(new AuditEntry { Time = number }, [number, number + 1, number + 2, number + 3]);

    private static void AssertIs(long number, AuditQueue.WaitingEntry entry)
    {
        Assert.Equal(number, entry.Entry.Time);
        Assert.Equal([number, number + 1, number + 2, number + 3], entry.Row.ToArray());
    }
}
