using System.Buffers;
using System.Diagnostics.Metrics;
using System.Text;
using PricingCore.Hosting.Prometheus;

namespace PricingCore.Hosting.Tests.Prometheus;

/// <summary>
/// Goal: every kind of instrument comes out as Prometheus defines it, exactly also when threads count at once, and hot paths allocate nothing.
/// Method: instruments of a meter of the test's own; the text is compared as a whole. The check with promtool is in PricingCore.Sidecar.Tests.
/// Control: with MetricSeries.Add as a plain addition the concurrent test fails; with a tenth of its additions it passed all the same on a busy machine.
/// </summary>
public sealed class PrometheusMetricsTests : IDisposable
{
    private readonly Meter _meter = new("Test." + Guid.NewGuid());
    private readonly PrometheusMetrics _metrics;

    public PrometheusMetricsTests() => _metrics = new PrometheusMetrics(_meter.Name);

    public void Dispose()
    {
        _metrics.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public void Write_GivesEveryKindItsForm()
    {
        _meter.CreateCounter<long>("shop.sales", "{sale}", "Sales.").Add(3, new KeyValuePair<string, object?>("kind", "a \"b\"\\\nc"));
        UpDownCounter<int> open = _meter.CreateUpDownCounter<int>("shop.tills.count", null, "Tills.");
        open.Add(5);
        open.Add(-2);
        _meter.CreateGauge<double>("shop.heat", null, "Heat.").Record(0.1 + 0.2);
        Histogram<double> wait = _meter.CreateHistogram("shop.wait", "s", "Wait.", tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] });
        wait.Record(0.1);
        wait.Record(0.5);
        wait.Record(7);
        _meter.CreateObservableGauge("shop.size", () => 12.5f, "By", "Size.");
        _meter.CreateObservableCounter("shop.visits", () => new Measurement<long>(9, new KeyValuePair<string, object?>("door", 1)), null, "Visits.");
        _meter.CreateCounter<int>("shop.never", null, "Never counted.");

        Assert.Equal(
            """
            # HELP shop_heat Heat.
            # TYPE shop_heat gauge
            shop_heat 0.30000000000000004
            # HELP shop_sales_total Sales.
            # TYPE shop_sales_total counter
            shop_sales_total{kind="a \"b\"\\\nc"} 3
            # HELP shop_size_bytes Size.
            # TYPE shop_size_bytes gauge
            shop_size_bytes 12.5
            # HELP shop_tills_current Tills.
            # TYPE shop_tills_current gauge
            shop_tills_current 3
            # HELP shop_visits_total Visits.
            # TYPE shop_visits_total counter
            shop_visits_total{door="1"} 9
            # HELP shop_wait_seconds Wait.
            # TYPE shop_wait_seconds histogram
            shop_wait_seconds_bucket{le="0.1"} 1
            shop_wait_seconds_bucket{le="1"} 2
            shop_wait_seconds_bucket{le="+Inf"} 3
            shop_wait_seconds_sum 7.6
            shop_wait_seconds_count 3

            """.ReplaceLineEndings("\n"),
            Text());
    }

    [Fact]
    public void Observed_WhenItIsNotThereAnyMore_IsNotShown()
    {
        string[] there = ["a", "b"];
        _meter.CreateObservableGauge("shop.stock", () => there.Select(name => new Measurement<int>(1, new KeyValuePair<string, object?>("item", name))));

        Assert.Contains("shop_stock{item=\"b\"} 1", Text(), StringComparison.Ordinal);
        there = ["a"];
        Assert.DoesNotContain("item=\"b\"", Text(), StringComparison.Ordinal);
        there = ["a", "b"];
        Assert.Contains("shop_stock{item=\"b\"} 1", Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void Series_BeyondTheMost_CountTogether()
    {
        Counter<long> counter = _meter.CreateCounter<long>("shop.sales");
        for (int i = 0; i < MetricFamily.MaxSeries + 500; i++)
        {
            counter.Add(1, new KeyValuePair<string, object?>("user", i));
        }

        string[] lines = Text().Split('\n');
        Assert.Equal(MetricFamily.MaxSeries + 1, lines.Count(line => line.StartsWith("shop_sales_total", StringComparison.Ordinal)));
        Assert.Contains("shop_sales_total{otel_metric_overflow=\"true\"} 500", lines);
    }

    [Fact]
    public void Record_FromManyThreads_LosesNothing()
    {
        const int Threads = 4;
        const int Each = 500_000;
        Counter<long> counter = _meter.CreateCounter<long>("shop.sales");
        Histogram<double> histogram = _meter.CreateHistogram<double>("shop.wait", "s");
        using var together = new Barrier(Threads);
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(number => new Thread(() =>
        {
            together.SignalAndWait();
            for (int i = 0; i < Each; i++)
            {
                counter.Add(1, new KeyValuePair<string, object?>("even", i % 2 == 0));
                histogram.Record(1);
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());

        string text = Text();
        Assert.Contains($"shop_sales_total{{even=\"true\"}} {Threads * Each / 2}\n", text, StringComparison.Ordinal);
        Assert.Contains($"shop_sales_total{{even=\"false\"}} {Threads * Each / 2}\n", text, StringComparison.Ordinal);
        Assert.Contains($"shop_wait_seconds_sum {Threads * Each}\n", text, StringComparison.Ordinal);
        Assert.Contains($"shop_wait_seconds_count {Threads * Each}\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Record_OnceItsTagsWereSeen_AllocatesNothing()
    {
        Histogram<double> histogram = _meter.CreateHistogram<double>("shop.wait", "s");
        object method = "GET";
        object code = 200;
        void RecordOne() => histogram.Record(0.3, new KeyValuePair<string, object?>("method", method), new KeyValuePair<string, object?>("code", code));
        for (int i = 0; i < 10_000; i++)
        {
            RecordOne();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10_000; i++)
        {
            RecordOne();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private string Text()
    {
        var buffer = new ArrayBufferWriter<byte>();
        _metrics.Write(buffer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
