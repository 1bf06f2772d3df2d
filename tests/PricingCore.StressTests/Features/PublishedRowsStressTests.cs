using PricingCore.Features;

namespace PricingCore.StressTests.Features;

/// <summary>
/// Goal: a row that is read while the loop writes the next is one row, never parts of two.
/// Method: a writer fills whole rows with one number and readers look for a row of two numbers. Control: the same readers on a copy
/// without the version check, which must be seen to fail.
/// </summary>
public sealed class PublishedRowsStressTests
{
    private const int Width = 64;
    private const int Writes = 400_000;

    [Fact]
    public void TryRead_WhileRowsAreWritten_NeverTears()
    {
        var rows = new PublishedRows(4, Width);
        int torn = CountTorn(
            (row, number) => rows.Write(2, row, number),
            row => rows.TryRead(2, row, out long asOf) ? asOf : null);
        Assert.Equal(0, torn);
    }

    [Fact]
    public void Control_WithoutTheVersionCheck_TearsAndIsSeen()
    {
        float[] shared = new float[Width];
        int torn = 0;
        for (int attempt = 0; attempt < 20 && torn == 0; attempt++)
        {
            torn = CountTorn(
                (row, _) => row.CopyTo(shared, 0),
                row =>
                {
                    shared.CopyTo(row);
                    return (long)row[0];
                });
        }

        Assert.True(torn > 0, "The readers did not see a row that is known to tear.");
    }

    private static int CountTorn(Action<float[], long> write, Func<float[], long?> read)
    {
        int torn = 0;
        bool isDone = false;
        Thread[] readers = [.. Enumerable.Range(0, 2).Select(_ => new Thread(() =>
        {
            float[] row = new float[Width];
            while (!Volatile.Read(ref isDone))
            {
                long? asOf = read(row);
                if (asOf is { } number && Array.Exists(row, value => value != number))
                {
                    Interlocked.Increment(ref torn);
                }
            }
        }))];
        Array.ForEach(readers, reader => reader.Start());
        float[] next = new float[Width];
        for (int i = 1; i <= Writes; i++)
        {
            Array.Fill(next, i);
            write(next, i);
        }

        Volatile.Write(ref isDone, true);
        Array.ForEach(readers, reader => reader.Join());
        return torn;
    }
}
