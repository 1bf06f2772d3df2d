using System.Globalization;
using System.Text;
using PricingCore.Cli.Replay.Answers;
using PricingCore.Cli.Report;
using PricingCore.Cli.Report.Charts;
using PricingCore.Money;
using PricingCore.Quotes;

namespace PricingCore.Cli.Replay.Evaluation;

/// <summary>Turns what a replay showed into a page with charts.</summary>
internal static class ReplayReport
{
    private const int HeatRows = 24;
    private const int TableRows = 15;
    private const int HourlyUpToDays = 14;
    private const int HoursAroundPeak = 84;
    private const double RainyMm = 1;

    /// <exception cref="CommandFailedException">The file cannot be written.</exception>
    public static void Write(string path, ReplaySeries series, ReplaySummary summary, ReplaySettings settings, IReadOnlyDictionary<string, string> regionNames)
    {
        using OutputFile file = OutputFile.Create(path);
        file.Content.Write(Encoding.UTF8.GetBytes(HtmlReport.Build(Of(series, summary, settings, regionNames))));
        file.Commit();
    }

    private static ReportData Of(ReplaySeries series, ReplaySummary summary, ReplaySettings settings, IReadOnlyDictionary<string, string> names)
    {
        string NameOf(string id) => names.TryGetValue(id, out string? name) && name != id ? $"{name} ({id})" : id;
        return new ReportData
        {
            Title = "Replay of " + string.Join(" and ", settings.Events.Select(path => System.IO.Path.GetFileName(path))),
            Lead = Text($"{summary.Accepted:N0} events in {summary.Regions:N0} regions, {summary.Quotes:N0} quotes, {summary.Rejected.Values.Sum():N0} rejected."),
            Command = CommandOf(settings),
            Facts =
            [
                new("First event", Text($"{summary.FirstEvent:yyyy-MM-dd HH:mm} UTC")),
                new("Last event", Text($"{summary.LastEvent:yyyy-MM-dd HH:mm} UTC")),
                new("Events", Text($"{summary.Accepted:N0}")),
                new("Duplicate", Text($"{summary.Duplicate:N0}")),
                new("Late", Text($"{summary.Late:N0}")),
                new("Rejected", Text($"{summary.Rejected.Values.Sum():N0}")),
                new("Skipped by rule", Text($"{summary.Skipped.Values.Sum():N0}")),
                new("Run time", Text($"{summary.Elapsed.TotalSeconds:0.0} s")) { IsTiming = true },
                new("Events a second", Text($"{summary.EventsPerSecond:N0}")) { IsTiming = true },
            ],
            Sections = series.Hours.Count == 0 || series.Quotes == 0
                ? []
                : [Whole(series), Peak(series), Heat(series, NameOf), .. Example(series, NameOf), Busiest(series, NameOf), Latency(series)],
        };
    }

    /// <summary>The whole replay, by hour when it is short and by day otherwise.</summary>
    private static ReportSection Whole(ReplaySeries series)
    {
        int step = series.Hours.Count <= HourlyUpToDays * 24 ? 1 : 24;
        DateTime start = step == 1 ? series.Start : series.Start.Date;
        int lead = (int)(series.Start - start).TotalHours;
        HourOfReplay[][] steps = [.. series.Hours.Select((hour, i) => (Hour: hour, Step: (i + lead) / step)).GroupBy(pair => pair.Step, pair => pair.Hour).Select(group => group.ToArray())];
        var axis = new TimeAxis(start, TimeSpan.FromHours(step), steps.Length);
        string unit = step == 1 ? "an hour" : "a day";
        return new ReportSection(
            Text($"{series.Hours.Sum(hour => hour.Bookings):N0} bookings, {steps.Max(found => found.Sum(hour => hour.Bookings)):N0} in the busiest {(step == 1 ? "hour" : "day")}"),
            "Bookings, the mean and the largest multiplier of all quotes, and the heaviest rain where it was reported. 1 is the base price.",
            [
                new LineChart { Unit = $"bookings {unit}", Axis = axis, Series = [new("bookings", [.. steps.Select(found => (double)found.Sum(hour => hour.Bookings))])] },
                new LineChart
                {
                    Unit = "multiplier", Axis = axis, Floor = 1, Decimals = 3,
                    Series = [new("mean", [.. steps.Select(Mean)]), new("largest", [.. steps.Select(Largest)])],
                },
                .. Rainfall(series, steps, axis),
            ]);
    }

    private static IEnumerable<IReportChart> Rainfall(ReplaySeries series, HourOfReplay[][] steps, TimeAxis axis) =>
        series.Hours.All(hour => hour.Rain == 0)
            ? []
            : [new LineChart { Unit = "rain, mm/h", Axis = axis, Height = 160, Decimals = 1, Series = [new("rain", [.. steps.Select(found => found.Max(hour => hour.Rain))])] }];

    /// <summary>A week around the dearest hour, hour by hour.</summary>
    private static ReportSection Peak(ReplaySeries series)
    {
        // By the surge of all regions together: a mean would favour the first hours, when only busy regions are known.
        int peak = Enumerable.Range(0, series.Hours.Count).MaxBy(i => series.Hours[i].MultiplierSum - series.Hours[i].Quotes);
        int from = Math.Max(0, peak - HoursAroundPeak);
        HourOfReplay[] hours = [.. series.Hours.Skip(from).Take(2 * HoursAroundPeak)];
        var axis = new TimeAxis(series.Start.AddHours(from), TimeSpan.FromHours(1), hours.Length);
        return new ReportSection(
            Text($"The hour with the most surge begins on {series.Start.AddHours(peak):ddd d MMM yyyy HH:mm}: multipliers up to {series.Hours[peak].MultiplierMax:0.00}"),
            Text($"The week around it, hour by hour. Shaded: at least {RainyMm:0} mm of rain an hour."),
            [
                new LineChart
                {
                    Unit = "multiplier", Axis = axis, Floor = 1, Decimals = 3, Marks = Rain(hours, axis),
                    Series = [new("mean", [.. hours.Select(hour => hour.MultiplierMean)]), new("largest", [.. hours.Select(hour => hour.Quotes > 0 ? hour.MultiplierMax : double.NaN)])],
                },
                new LineChart { Unit = "bookings an hour", Axis = axis, Marks = Rain(hours, axis), Series = [new("bookings", [.. hours.Select(hour => (double)hour.Bookings)])] },
            ]);
    }

    private static ReportSection Heat(ReplaySeries series, Func<string, string> nameOf)
    {
        (string Id, RegionOfReplay Region)[] rows = Busiest(series, HeatRows);
        int hour = Enumerable.Range(0, 24).MaxBy(h => rows.Average(row => Finite(row.Region.ByHour[h])));
        return new ReportSection(
            Text($"The busiest regions are dearest from {hour:00}:00 to {(hour + 1) % 24:00}:00"),
            "Mean multiplier by region and local hour; the regions with the most bookings, from the top.",
            [
                new HeatMap
                {
                    Unit = "mean multiplier, by local hour",
                    Rows = [.. rows.Select(row => nameOf(row.Id))],
                    Columns = [.. Enumerable.Range(0, 24).Select(h => Text($"{h:00}"))],
                    Values = [.. rows.Select(row => row.Region.ByHour)],
                },
            ]);
    }

    private static IEnumerable<ReportSection> Example(ReplaySeries series, Func<string, string> nameOf)
    {
        if (series.Dearest is not (Quote quote, DateTimeOffset at))
        {
            yield break;
        }

        Amount price = quote.Price;
        yield return new ReportSection(
            Text($"The dearest quote: {price} instead of {quote.BasePrice.Major:0.00}, in {nameOf(quote.Request.RegionId)}"),
            Text($"Asked at {at:yyyy-MM-dd HH:mm} UTC. The lines add up to the price exactly. Demand score {quote.Decision.Inputs.DemandScore:0.00}, {quote.Decision.Inputs.Demand:0.0} bookings expected in {quote.Decision.Forecast.HorizonMinutes} minutes, {quote.Decision.Inputs.AvailableSupply:0} free units. Decision {quote.Decision.Id}, rules {quote.Decision.RulesVersion}."),
            [
                new Waterfall
                {
                    CurrencyCode = price.Currency.Code,
                    Decimals = price.Currency.Decimals,
                    Steps = [.. quote.Breakdown.Select(line => new WaterfallStep(line.Component, line.MinorUnits))],
                },
            ]);
    }

    private static ReportSection Busiest(ReplaySeries series, Func<string, string> nameOf) => new(
        "The busiest regions",
        "Multipliers of all quotes of the region.",
        [
            new DataTable
            {
                Columns = ["region", "bookings", "quotes", "mean multiplier", "largest"],
                Rows = [.. Busiest(series, TableRows).Select(row => (IReadOnlyList<string>)
                [
                    nameOf(row.Id), Text($"{row.Region.Bookings:N0}"), Text($"{row.Region.Quotes:N0}"), Text($"{row.Region.MultiplierMean:0.000}"), Text($"{row.Region.MultiplierMax:0.000}"),
                ])],
            },
        ]);

    private static ReportSection Latency(ReplaySeries series)
    {
        double[] sorted = [.. series.LatenciesUs.Order()];
        double At(double share) => sorted[(int)(share * (sorted.Length - 1))];
        return new ReportSection(
            Text($"Half of the quotes were answered within {At(0.5):N0} µs"),
            "From asking to the answer, each decided afresh. Up to 256 requests due at the same event are asked together and wait for each other.",
            [
                new Histogram
                {
                    Unit = "µs", Counted = "quotes", Buckets = Histogram.Bucket(sorted, 10),
                    Marks = [new("p50", At(0.5)), new("p99", At(0.99))],
                },
            ])
        {
            IsTiming = true,
        };
    }

    private static (string Id, RegionOfReplay Region)[] Busiest(ReplaySeries series, int count) =>
        [.. series.Regions
            .Where(pair => pair.Value.Quotes > 0)
            .OrderByDescending(pair => pair.Value.Bookings).ThenBy(pair => pair.Key, StringComparer.Ordinal)
            .Take(count)
            .Select(pair => (pair.Key, pair.Value))];

    private static List<TimeMark> Rain(HourOfReplay[] hours, TimeAxis axis)
    {
        var marks = new List<TimeMark>();
        for (int i = 0; i < hours.Length; i++)
        {
            if (hours[i].Rain < RainyMm)
            {
                continue;
            }

            if (marks.Count > 0 && marks[^1].To == axis.TimeOf(i))
            {
                marks[^1] = marks[^1] with { To = axis.TimeOf(i + 1) };
            }
            else
            {
                marks.Add(new TimeMark("rain", axis.TimeOf(i), axis.TimeOf(i + 1)));
            }
        }

        return marks;
    }

    private static double Mean(HourOfReplay[] hours) => hours.Sum(hour => hour.Quotes) is > 0 and long quotes ? hours.Sum(hour => hour.MultiplierSum) / quotes : double.NaN;

    private static double Largest(HourOfReplay[] hours) => hours.Any(hour => hour.Quotes > 0) ? hours.Max(hour => hour.MultiplierMax) : double.NaN;

    private static double Finite(double value) => double.IsFinite(value) ? value : 1;

    private static string CommandOf(ReplaySettings settings)
    {
        var command = new StringBuilder("pricing replay --events ").AppendJoin(' ', settings.Events);
        void Add(string option, string? value) => _ = value is null ? command : command.Append(' ').Append(option).Append(' ').Append(value);
        Add("--map", settings.Maps.Count > 0 ? string.Join(' ', settings.Maps) : null);
        Add("--from", settings.From?.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture));
        Add("--to", settings.To?.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture));
        Add("--regions", settings.Regions);
        Add("--regions-map", settings.RegionsMap);
        Add("--rules", settings.Rules);
        Add("--requests", settings.Requests);
        Add("--out", settings.Out);
        Add("--report", settings.Report);
        return command.ToString();
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
