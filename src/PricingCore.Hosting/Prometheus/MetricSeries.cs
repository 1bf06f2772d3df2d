namespace PricingCore.Hosting.Prometheus;

/// <summary>The value of a metric for one set of tags: a number, or the buckets of a histogram.</summary>
/// <threadsafety>Any thread; a reader may see a histogram's sum a moment before its buckets.</threadsafety>
/// <param name="labels">The labels as Prometheus writes them, without braces; empty for none.</param>
/// <param name="bounds">The upper bounds of the buckets; empty for a number.</param>
internal sealed class MetricSeries(string labels, double[] bounds)
{
    private readonly long[] _buckets = bounds.Length == 0 ? [] : new long[bounds.Length + 1];
    private double _value;

    /// <summary>The labels as Prometheus writes them, without braces; empty for none.</summary>
    public string Labels { get; } = labels;

    /// <summary>The number, or the sum of what a histogram was given.</summary>
    public double Value => Volatile.Read(ref _value);

    /// <summary>The round of observations in which it was last measured: one that is not measured any more is not shown.</summary>
    public long Round { get; set; }

    /// <summary>Sets the number.</summary>
    public void Set(double value) => Volatile.Write(ref _value, value);

    /// <summary>Adds to the number.</summary>
    public void Add(double value)
    {
        double seen = Volatile.Read(ref _value);
        while (true)
        {
            double before = Interlocked.CompareExchange(ref _value, seen + value, seen);
            if (before.Equals(seen))
            {
                return;
            }

            seen = before;
        }
    }

    /// <summary>Counts a value of a histogram.</summary>
    public void Count(double value)
    {
        int bucket = 0;
        while (bucket < bounds.Length && value > bounds[bucket])
        {
            bucket++;
        }

        Interlocked.Increment(ref _buckets[bucket]);
        Add(value);
    }

    /// <summary>Values in a bucket; the last is for those above all bounds.</summary>
    public long InBucket(int bucket) => Interlocked.Read(ref _buckets[bucket]);
}
