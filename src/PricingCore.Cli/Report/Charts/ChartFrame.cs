using System.Globalization;
using System.Text;

namespace PricingCore.Cli.Report.Charts;

/// <summary>The rectangle that lines over time are drawn in: grid, shades, paths and tips.</summary>
internal sealed class ChartFrame(int left, int top, int width, int height, TimeAxis axis, ValueScale scale)
{
    public double Right => left + width;

    public double Bottom => top + height;

    public double Y(double value) => top + (height * (1 - scale.Share(value)));

    public void AppendGrid(Markup page, int timeTicks, bool drawTimes = true)
    {
        foreach (double value in scale.Ticks())
        {
            page.Add($"<line class=\"grid\" x1=\"{left}\" x2=\"{Right}\" y1=\"{Y(value)}\" y2=\"{Y(value)}\"></line>");
            page.Add($"<text class=\"tick end\" x=\"{left - 6}\" y=\"{Y(value) + 4}\">{scale.Format(value)}</text>");
        }

        foreach ((DateTime time, string label) in drawTimes ? axis.Ticks(timeTicks) : [])
        {
            double x = X(time);
            page.Add($"<line class=\"axis\" x1=\"{x}\" x2=\"{x}\" y1=\"{Bottom}\" y2=\"{Bottom + 4}\"></line>");
            page.Add($"<text class=\"tick mid\" x=\"{x}\" y=\"{Bottom + 18}\">{label}</text>");
        }
    }

    public void AppendMarks(Markup page, IReadOnlyList<TimeMark> marks, bool named)
    {
        foreach (TimeMark mark in marks)
        {
            double from = X(mark.From);
            double wide = X(mark.To) - from;
            if (wide > 0)
            {
                page.Add($"<rect class=\"mark\" x=\"{from}\" y=\"{top}\" width=\"{wide}\" height=\"{height}\"></rect>");
            }

            if (wide > 0 && named)
            {
                page.Add($"<text class=\"markname mid\" x=\"{from + (wide / 2)}\" y=\"{top - 5}\">{mark.Name}</text>");
            }
        }
    }

    /// <summary>The path of a line, broken where there is no value; a lone value becomes a short dash.</summary>
    public string PathOf(IReadOnlyList<double> values)
    {
        StringBuilder path = new();
        bool drawing = false;
        for (int i = 0; i < values.Count; i++)
        {
            if (!double.IsFinite(values[i]))
            {
                drawing = false;
                continue;
            }

            path.Append(CultureInfo.InvariantCulture, $"{(drawing ? 'L' : 'M')}{MiddleOf(i):0.#} {Y(values[i]):0.#}");
            if (!drawing && (i + 1 == values.Count || !double.IsFinite(values[i + 1])))
            {
                path.Append("h1");
            }

            drawing = true;
        }

        return path.ToString();
    }

    /// <summary>Invisible columns that light up and say their values when pointed at.</summary>
    public void AppendTips(Markup page, Func<int, string> tipOf)
    {
        double step = (double)width / axis.Count;
        for (int i = 0; i < axis.Count; i++)
        {
            page.Add($"<rect class=\"hit\" x=\"{left + (i * step)}\" y=\"{top}\" width=\"{step}\" height=\"{height}\" data-tip=\"{tipOf(i)}\"></rect>");
        }
    }

    private double X(DateTime time) => left + (width * axis.Share(time));

    private double MiddleOf(int step) => left + (width * (step + 0.5) / axis.Count);
}
