using System.Globalization;

namespace PricingCore.Cli.Report.Charts;

/// <summary>Two sets of values as bars beside each other, bucket by bucket; each set adds up to 100 %.</summary>
internal sealed record SideBySide : IReportChart
{
    private const int Left = 56;
    private const int Width = 760;
    private const int Height = 250;
    private const int Top = 30;
    private const int MostBuckets = 30;
    private const int MostLabels = 15;
    private static readonly double[] BucketWidths = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5];

    /// <summary>What is measured, with its unit.</summary>
    public required string Unit { get; init; }

    /// <summary>What is counted, for example <c>decisions</c>.</summary>
    public required string Counted { get; init; }

    /// <summary>Where the first bucket begins.</summary>
    public required double From { get; init; }

    /// <summary>How wide each bucket is; above 0.</summary>
    public required double BucketWidth { get; init; }

    /// <summary>The first set: its name and how many of it are in each bucket.</summary>
    public required (string Name, IReadOnlyList<long> Counts) First { get; init; }

    /// <summary>The second set; as many buckets.</summary>
    public required (string Name, IReadOnlyList<long> Counts) Second { get; init; }

    /// <summary>Puts two sets into buckets of equal width.</summary>
    /// <param name="unit">What is measured.</param>
    /// <param name="counted">What is counted.</param>
    /// <param name="first">A set: name, and values in ascending order.</param>
    /// <param name="second">The other.</param>
    public static SideBySide Of(string unit, string counted, (string Name, double[] Sorted) first, (string Name, double[] Sorted) second)
    {
        double[] ends = [.. ((double[][])[first.Sorted, second.Sorted]).Where(set => set.Length > 0).SelectMany(set => (double[])[set[0], set[^1]])];
        double low = ends.DefaultIfEmpty().Min();
        double high = ends.DefaultIfEmpty().Max();
        double width = BucketWidths.FirstOrDefault(candidate => (high - low) / candidate < MostBuckets - 1, BucketWidths[^1]);
        double from = Math.Floor((low / width) + 1e-9) * width; // A value on an edge belongs to the bucket that begins there.
        int buckets = 1 + IndexOf(high);
        return new SideBySide
        {
            Unit = unit, Counted = counted, From = from, BucketWidth = width,
            First = (first.Name, Count(first.Sorted)), Second = (second.Name, Count(second.Sorted)),
        };

        int IndexOf(double value) => (int)Math.Floor(((value - from) / width) + 1e-9);

        long[] Count(double[] values)
        {
            long[] counts = new long[buckets];
            foreach (double value in values)
            {
                counts[IndexOf(value)]++;
            }

            return counts;
        }
    }

    /// <inheritdoc/>
    public void AppendTo(Markup page)
    {
        int buckets = First.Counts.Count;
        double totalOfFirst = Math.Max(1, First.Counts.Sum());
        double totalOfSecond = Math.Max(1, Second.Counts.Sum());
        double most = 100 * Math.Max(First.Counts.DefaultIfEmpty().Max() / totalOfFirst, Second.Counts.DefaultIfEmpty().Max() / totalOfSecond);
        ValueScale scale = ValueScale.Around(0, most, 4);
        double bottom = Height - 44;
        double slot = (double)(Width - Left - 20) / Math.Max(1, buckets);
        double Y(double percent) => bottom - ((bottom - Top) * scale.Share(percent));

        page.Add($"<div class=\"narrow\"><svg class=\"chart\" viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"Share of {Counted} by {Unit}: {First.Name}, {Second.Name}\">");
        page.Add($"<text class=\"unit\" x=\"0\" y=\"12\">% of {Counted}</text>");
        page.Add($"<text class=\"label t0\" x=\"{Width - 240}\" y=\"12\">■ {First.Name}</text><text class=\"label t1\" x=\"{Width - 120}\" y=\"12\">■ {Second.Name}</text>");
        foreach (double percent in scale.Ticks())
        {
            page.Add($"<line class=\"grid\" x1=\"{Left}\" x2=\"{Width - 20}\" y1=\"{Y(percent)}\" y2=\"{Y(percent)}\"></line>");
            page.Add($"<text class=\"tick end\" x=\"{Left - 6}\" y=\"{Y(percent) + 4}\">{scale.Format(percent)}</text>");
        }

        int labelEvery = 1 + (buckets / MostLabels);
        for (int bucket = 0; bucket < buckets; bucket++)
        {
            double x = Left + (bucket * slot);
            string name = string.Create(CultureInfo.InvariantCulture, $"{From + (bucket * BucketWidth):0.00}");
            string tip = $"from {name}\n{Say(First, bucket, totalOfFirst)}\n{Say(Second, bucket, totalOfSecond)}";
            double first = First.Counts[bucket] / totalOfFirst * 100;
            double second = Second.Counts[bucket] / totalOfSecond * 100;
            page.Add($"<rect class=\"bar base\" x=\"{x + 1}\" y=\"{Y(first)}\" width=\"{(slot / 2) - 1}\" height=\"{bottom - Y(first)}\"></rect>");
            page.Add($"<rect class=\"bar on\" x=\"{x + (slot / 2)}\" y=\"{Y(second)}\" width=\"{(slot / 2) - 1}\" height=\"{bottom - Y(second)}\"></rect>");
            page.Add($"<rect class=\"hit\" x=\"{x}\" y=\"{Top}\" width=\"{slot}\" height=\"{bottom - Top}\" data-tip=\"{tip}\"></rect>");
            if (bucket % labelEvery == 0)
            {
                page.Add($"<text class=\"tick\" x=\"{x}\" y=\"{bottom + 17}\">{name}</text>");
            }
        }

        page.Add($"<text class=\"unit mid\" x=\"{(Left + Width) / 2}\" y=\"{bottom + 36}\">{Unit}</text></svg></div>\n");
    }

    private string Say((string Name, IReadOnlyList<long> Counts) set, int bucket, double total) => string.Create(
        CultureInfo.InvariantCulture, $"{set.Name}: {set.Counts[bucket]:N0} {Counted}, {set.Counts[bucket] / total * 100:0.00} %");
}
