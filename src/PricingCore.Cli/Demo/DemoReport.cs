using System.Globalization;
using PricingCore.Cli.Report;
using PricingCore.Cli.Report.Charts;
using PricingCore.Quotes;
using PricingCore.Surge;
using PricingCore.Testing.Cities;

namespace PricingCore.Cli.Demo;

/// <summary>Turns what a run of the demo found into a report.</summary>
internal static class DemoReport
{
    public const string LatencySaid =
        "One round trip of a quote: the request enters the ring behind all events before it, the loop updates features, forecast and " +
        "decision, and the answer wakes the caller. Every quote here asks for a fresh decision; reading one that holds from the quote book costs far less.";

    private const int TableRows = 12;

    public static ReportData Of(DemoOutcome outcome)
    {
        CityResult result = outcome.WithSurge;
        return new ReportData
        {
            Title = "A simulated day of surge prices",
            Lead = Served(result) + " found a driver with surge, " + Served(outcome.WithoutSurge)
                + " without. The city, its customers and its drivers are generated; the prices are the engine's.",
            Command = outcome.Choices.Command,
            Facts =
            [
                new("Seed", Text($"{outcome.Choices.Seed}")),
                new("City", Text($"{outcome.City.Regions.Count} regions, {outcome.City.Options.Drivers:N0} drivers")),
                new("Days", Days(outcome)),
                new("Formula", DemoRules.Formula.ToString()),
                new("Forecast", outcome.ModelSaid),
                new("Events", Text($"{outcome.Record.Events:N0}")),
                new("Quotes", Text($"{outcome.Record.Quotes:N0}")),
                new("Duplicates dropped", Text($"{outcome.Statistics.Duplicates:N0} of {result.Redelivered:N0} sent")),
                new("Run time", Text($"{outcome.Elapsed.TotalSeconds:0.0} s")) { IsTiming = true },
                new("Events a second", Text($"{outcome.Record.Events / outcome.Elapsed.TotalSeconds:N0}")) { IsTiming = true },
            ],
            Sections =
            [
                Flow(outcome), Multipliers(outcome), Heat(outcome), .. Example(outcome), Comparison(outcome), Busiest(outcome), Latency(outcome),
            ],
        };
    }

    public static IReadOnlyList<TimeMark> Marks(City city) =>
        [.. city.Days.SelectMany(day => (TimeMark[])
        [
            .. day.RainFrom is DateTime rain ? [new TimeMark("rain", rain, day.RainTo!.Value)] : Array.Empty<TimeMark>(),
            .. day.EventFrom is DateTime show ? [new TimeMark("stadium event", show, day.EventTo!.Value)] : Array.Empty<TimeMark>(),
        ])];

    private static ReportSection Flow(DemoOutcome outcome)
    {
        DemoRecorder record = outcome.Record;
        int peak = Array.IndexOf(record.Bookings, record.Bookings.Max());
        double[] busy = [.. record.BusyDrivers.Zip(record.FreeDrivers, (with, free) => with / Math.Max(1, with + free))];
        int tight = Array.IndexOf(busy, busy.Max());
        IReadOnlyList<TimeMark> marks = Marks(outcome.City);
        return new ReportSection(
            Text($"Bookings peak at {record.Axis.Name(peak)}; at {record.Axis.Name(tight)}, {100 * busy[tight]:0} % of the drivers on duty have a trip"),
            "Above, what customers do in each quarter of an hour. Below, what drivers on duty do at its end. "
                + "A driver who serves a trip is free again where it ends.",
            [
                new LineChart
                {
                    Unit = "per 15 minutes", Axis = record.Axis, Marks = marks,
                    Series = [new("searches", record.Searches), new("bookings", record.Bookings), new("trips begun", record.Started)],
                },
                new LineChart
                {
                    Unit = "drivers", Axis = record.Axis, Marks = marks, Height = 210,
                    Series = [new("free", record.FreeDrivers), new("busy", record.BusyDrivers)],
                },
            ]);
    }

    private static ReportSection Multipliers(DemoOutcome outcome)
    {
        CityRegionResult highest = outcome.WithSurge.Regions.MaxBy(region => region.MaxMultiplier)!;
        List<CityRegionResult> regions = [.. outcome.Busiest];
        CityRegionResult stadium = regions.Single(region => region.Region == outcome.City.Stadium);
        regions.Remove(stadium);
        regions.Insert(Math.Min(8, regions.Count), stadium); // The last of those shown at once.
        return new ReportSection(
            Text($"{highest.Region.Region.Name} reaches the highest multiplier, {highest.MaxMultiplier:0.00}"),
            "Mean multiplier of the quotes asked for in each quarter of an hour: the busiest regions, and the stadium. "
                + "All panels have the same scales; 1 is the base price.",
            [
                new SmallMultiples
                {
                    Unit = "multiplier", Axis = outcome.Record.Axis, Marks = Marks(outcome.City),
                    Panels = [.. regions.Select(region => new SmallPanel(
                        region.Region.Region.Name,
                        Text($"mean {region.MeanMultiplier:0.00}, most {region.MaxMultiplier:0.00}"),
                        outcome.Record.Multipliers(region.Region.Index)))],
                },
            ]);
    }

    private static ReportSection Heat(DemoOutcome outcome)
    {
        CityRegion[] rows = [.. outcome.City.Regions.OrderBy(region => region.Kind switch
        {
            CityRegionKind.Downtown => 0,
            CityRegionKind.Stadium => 1,
            CityRegionKind.Airport => 2,
            _ => 3,
        }).ThenBy(region => region.Index)];
        IReadOnlyList<double>[] values = [.. rows.Select(region => outcome.Record.HourlyMultipliers(region.Index))];
        int hour = Enumerable.Range(0, 24).MaxBy(h => values.Average(row => double.IsFinite(row[h]) ? row[h] : 1));
        return new ReportSection(
            Text($"The city is dearest from {hour:00}:00 to {(hour + 1) % 24:00}:00"),
            "Mean multiplier of each region and hour. Downtown stands first, then the stadium, the airport, and the suburbs from the centre outwards.",
            [
                new HeatMap
                {
                    Unit = "mean multiplier, by local hour",
                    Rows = [.. rows.Select(region => region.Region.Name)],
                    Columns = [.. Enumerable.Range(0, 24).Select(h => Text($"{h:00}"))],
                    Values = values,
                },
            ]);
    }

    private static IEnumerable<ReportSection> Example(DemoOutcome outcome)
    {
        if (outcome.Record.Example is not (Quote quote, DateTimeOffset at))
        {
            yield break;
        }

        DateTime local = outcome.Record.Axis.Start + (at - outcome.Record.Start);
        SurgeInputs inputs = quote.Decision.Inputs;
        yield return new ReportSection(
            Text($"A trip from {outcome.City.Stadium.Region.Name} at {local:HH:mm} costs {quote.Price} instead of {quote.BasePrice.Major:0.00}"),
            "The dearest quote of the region, line by line, as the engine explains it. The lines add up to the price exactly. "
                + Text($"Demand score {inputs.DemandScore:0.00}, {inputs.Demand:0.0} bookings expected in {quote.Decision.Forecast.HorizonMinutes} minutes, ")
                + Text($"{inputs.AvailableSupply:0} free drivers. Decision {quote.Decision.Id}, rules {quote.Decision.RulesVersion}."),
            [
                new Waterfall
                {
                    CurrencyCode = quote.Price.Currency.Code,
                    Decimals = quote.Price.Currency.Decimals,
                    Steps = [.. quote.Breakdown.Select(line => new WaterfallStep(NameOf(line.Component), line.MinorUnits))],
                },
            ]);
    }

    private static ReportSection Comparison(DemoOutcome outcome)
    {
        (CityResult on, CityResult off) = (outcome.WithSurge, outcome.WithoutSurge);
        string change = new ComparisonRow("", "", on.Unserved, off.Unserved).Change;
        return new ReportSection(
            off.Unserved > 0 ? $"Unserved bookings: {change} with surge" : "Every booking found a driver, with surge and without",
            "The same day twice, with the same customers: at the engine's prices, and at base prices. "
                + "It shows what surge does to people who behave as assumed here, not what it does to people.",
            [
                new Comparison
                {
                    First = "with surge",
                    Second = "without",
                    Rows =
                    [
                        new("bookings", "in the day", on.Bookings, off.Bookings),
                        new("trips served", "in the day", on.Served, off.Served),
                        new("unserved", "cancelled after waiting", on.Unserved, off.Unserved),
                        new("revenue", DemoRules.Currency.Code, Dollars(on), Dollars(off)),
                        new("mean wait", "minutes, booking to pick-up", on.MeanWaitMinutes, off.MeanWaitMinutes, 2),
                    ],
                },
            ]);
    }

    private static ReportSection Busiest(DemoOutcome outcome) => new(
        "The busiest regions in numbers",
        "Mean and max are of the multipliers that customers saw; wait is the mean time from booking to pick-up, in minutes; "
            + "unserved bookings were cancelled because no driver came in time.",
        [
            new DataTable
            {
                Columns = DemoTable.Columns,
                Rows = [.. outcome.Busiest.Take(TableRows).Select(DemoTable.Row)],
            },
        ]);

    private static ReportSection Latency(DemoOutcome outcome) => new(
        Text($"Half of the quotes take {outcome.LatencyAt(0.5):N0} µs or less, 99 of 100 take {outcome.LatencyAt(0.99):N0} µs or less"),
        LatencySaid + " Measured on the machine that ran the demo, while it simulated the city on the same cores; "
            + Text($"the slowest took {outcome.LatencyAt(1):N0} µs."),
        [
            new Histogram
            {
                Unit = "µs",
                Counted = "quotes",
                Buckets = Histogram.Bucket(outcome.SortedLatency, 8),
                Marks = [new("p50", outcome.LatencyAt(0.5)), new("p99", outcome.LatencyAt(0.99))],
            },
        ])
    {
        IsTiming = true,
    };

    private static string NameOf(string component) =>
        (component.StartsWith("limit:", StringComparison.Ordinal) ? "limit: " + component["limit:".Length..] : component).Replace('_', ' ');

    private static string Days(DemoOutcome outcome)
    {
        DateOnly first = outcome.City.Options.FirstDay;
        string begin = first.ToString("ddd d MMMM yyyy", CultureInfo.InvariantCulture);
        DateOnly last = first.AddDays(outcome.City.Options.Days - 1);
        return last == first ? begin : begin + " to " + last.ToString("ddd d MMMM", CultureInfo.InvariantCulture);
    }

    private static double Dollars(CityResult result) => result.RevenueMinorUnits / (double)DemoRules.Currency.MinorUnitsPerMajor;

    private static string Served(CityResult result) =>
        Text($"{100.0 * result.Served / Math.Max(1, result.Bookings):0.0} % of {result.Bookings:N0} bookings");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
