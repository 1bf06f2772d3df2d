using PricingCore.Audit;

namespace PricingCore.StressTests.Audit;

/// <summary>
/// Goal: under contention, with a queue that is mostly full, whoever reserved a place records an entry that is read once, whole, and in the writer's order, while blocks take
/// turns; and all places are free in the end.
/// Method: threads reserve and record 0, 1, 2, ... with a row of the same number, or give the place back, in 32 places and blocks of 4; one thread reads and releases.
/// Forbidden: an entry that is missing, repeated, out of its writer's order or with another's row; a place that is not free in the end.
/// Control, each seen to fail: the turn written before the entry, a refused reservation that is not taken back, as many places for blocks as the
/// capacity needs and no more, a block put where another thread has put one.
/// </summary>
[Trait("Kind", "Stress")]
public sealed class AuditQueueStress
{
    private const int PerThread = 100_000;
    private const int Width = 8;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task EveryEntry_IsReadOnce_WholeAndInOrder(int threads)
    {
        var queue = new AuditQueue(capacity: 32, Width, blockEntries: 4);
        using var limit = new CancellationTokenSource(Limit);
        using var start = new Barrier(threads + 1);
        Task[] writing = [.. Enumerable.Range(0, threads).Select(thread => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                Write(queue, thread, limit);
            },
            TaskCreationOptions.LongRunning))];
        start.SignalAndWait();
        string? violation = Read(queue, threads, limit);
        await limit.CancelAsync(); // Who still waits for a place after a violation ends.
        await Task.WhenAll(writing);

        Assert.Null(violation);
        Assert.Equal(0, queue.Taken);
        Assert.False(queue.TryPeek(out _));
        Assert.Equal((long)threads * PerThread, queue.Read);
    }

    private static void Write(AuditQueue queue, int thread, CancellationTokenSource limit)
    {
        Span<float> row = stackalloc float[Width];
        for (int number = 0; number < PerThread; number++)
        {
            if (number % 5 == 2 && queue.TryReserve())
            {
                queue.Cancel();
            }

            SpinWait spin = default;
            while (!queue.TryReserve())
            {
                if (limit.IsCancellationRequested)
                {
                    return;
                }

                spin.SpinOnce(sleep1Threshold: -1);
            }

            row.Fill(number);
            queue.Record(new AuditEntry { Lane = thread, Time = number, Ordinal = number, JournalSequence = number, Features = Width }, row);
        }
    }

    private static string? Read(AuditQueue queue, int threads, CancellationTokenSource limit)
    {
        long[] next = new long[threads];
        SpinWait spin = default;
        for (long left = (long)threads * PerThread; left > 0;)
        {
            if (limit.IsCancellationRequested)
            {
                return $"{left} entries did not come within {Limit.TotalSeconds:F0} s.";
            }

            if (!queue.TryPeek(out AuditQueue.WaitingEntry oldest))
            {
                spin.SpinOnce(sleep1Threshold: -1);
                continue;
            }

            ref readonly AuditEntry entry = ref oldest.Entry;
            long expected = next[entry.Lane]++;
            if (entry.Time != expected || entry.Ordinal != expected || entry.JournalSequence != expected || entry.Features != Width)
            {
                return $"Thread {entry.Lane}: {expected} is next, but the entry is {entry.Time}, {entry.Ordinal}, {entry.JournalSequence}.";
            }

            if (oldest.Row.ContainsAnyExcept(expected))
            {
                return $"Thread {entry.Lane}: the row of {expected} is another's.";
            }

            queue.Release();
            left--;
        }

        return null;
    }
}
