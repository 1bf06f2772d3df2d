using System.Globalization;

namespace PricingCore.Cli.Report.Charts;

/// <summary>Equal steps of local time, shared by all series of a chart.</summary>
/// <param name="Start">Local time of the first step's begin.</param>
/// <param name="Step">Length of a step; more than zero.</param>
/// <param name="Count">Number of steps; 1 or more.</param>
/// <threadsafety>Immutable.</threadsafety>
internal sealed record TimeAxis(DateTime Start, TimeSpan Step, int Count)
{
    private static readonly double[] TickHours = [1, 3, 6, 12, 24, 48, 24 * 7, 24 * 14, 24 * 28];

    /// <summary>Local time of the last step's end.</summary>
    public DateTime End => Start + (Step * Count);

    /// <summary>When a step begins.</summary>
    public DateTime TimeOf(int step) => Start + (Step * step);

    /// <summary>Where a time lies on the axis: 0 at its start, 1 at its end, held within both.</summary>
    public double Share(DateTime time) => Math.Clamp((time - Start) / (End - Start), 0, 1);

    /// <summary>A step's begin for people: the hour, with the day where the axis is longer than one.</summary>
    public string Name(int step) =>
        TimeOf(step).ToString(Count * Step <= TimeSpan.FromHours(25) ? "HH:mm" : "ddd d MMM HH:mm", CultureInfo.InvariantCulture);

    /// <summary>Times to mark, at most some ten, on full hours or days.</summary>
    public IReadOnlyList<(DateTime Time, string Label)> Ticks(int most)
    {
        double hours = (End - Start).TotalHours;
        double every = TickHours.FirstOrDefault(candidate => hours / candidate <= most, TickHours[^1]);
        List<(DateTime, string)> ticks = [];
        DateTime first = every >= 24 ? Start.Date : Start.Date.AddHours(Math.Floor(Start.TimeOfDay.TotalHours / every) * every);
        for (DateTime time = first; time <= End; time = time.AddHours(every))
        {
            if (time >= Start)
            {
                ticks.Add((time, Label(time, every)));
            }
        }

        return ticks;
    }

    private static string Label(DateTime time, double everyHours) => everyHours switch
    {
        >= 48 => time.ToString("d MMM", CultureInfo.InvariantCulture),
        >= 24 => time.ToString("ddd d", CultureInfo.InvariantCulture),
        _ => time.ToString("HH:mm", CultureInfo.InvariantCulture),
    };
}

/// <summary>A span of time worth knowing, such as rain or a concert; drawn as a shade behind the lines.</summary>
/// <param name="Name">What it is.</param>
/// <param name="From">Local time it begins.</param>
/// <param name="To">Local time it ends.</param>
internal sealed record TimeMark(string Name, DateTime From, DateTime To);
