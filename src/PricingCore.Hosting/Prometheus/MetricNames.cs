using System.Globalization;
using System.Text;

namespace PricingCore.Hosting.Prometheus;

/// <summary>Names of instruments and tags as Prometheus wants them.</summary>
internal static class MetricNames
{
    /// <summary>The name of a metric: dots become underscores, a unit is written out at the end, and what counts ends in <c>_total</c>.</summary>
    public static string Of(string instrument, string? unit, MetricKind kind)
    {
        string name = Legal(instrument);
        string suffix = unit switch
        {
            "s" => "_seconds",
            "ms" => "_milliseconds",
            "By" => "_bytes",
            _ => "", // {request} and the like are notes, and no unit at all needs none.
        };
        name = name.EndsWith(suffix, StringComparison.Ordinal) ? name : name + suffix;
        if (kind == MetricKind.Counter)
        {
            return name.EndsWith("_total", StringComparison.Ordinal) ? name : name + "_total";
        }

        // In Prometheus this end belongs to histograms; the runtime has gauges such as dotnet.timer.count.
        return kind != MetricKind.Histogram && name.EndsWith("_count", StringComparison.Ordinal) ? name[..^"_count".Length] + "_current" : name;
    }

    /// <summary>Tags as labels, without braces.</summary>
    public static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var text = new StringBuilder();
        foreach (KeyValuePair<string, object?> tag in tags)
        {
            text.Append(text.Length == 0 ? "" : ",").Append(Legal(tag.Key)).Append("=\"");
            foreach (char letter in TextOf(tag.Value))
            {
                _ = letter switch
                {
                    '\\' => text.Append(@"\\"),
                    '"' => text.Append("\\\""),
                    '\n' => text.Append(@"\n"),
                    _ => text.Append(letter),
                };
            }

            text.Append('"');
        }

        return text.ToString();
    }

    private static string TextOf(object? value) => value switch
    {
        null => "",
        bool flag => flag ? "true" : "false",
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static string Legal(string name)
    {
        string legal = string.Concat(name.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_' ? letter : '_'));
        return legal.Length == 0 || char.IsAsciiDigit(legal[0]) ? "_" + legal : legal;
    }
}
