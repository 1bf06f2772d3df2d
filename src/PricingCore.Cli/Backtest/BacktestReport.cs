using System.Globalization;
using PricingCore.Cli.Report;
using PricingCore.Cli.Report.Charts;
using PricingCore.Surge;

namespace PricingCore.Cli.Backtest;

/// <summary>Turns a back-test into a page with charts.</summary>
internal static class BacktestReport
{
    private const int HeatRows = 40;
    private const int TableRows = 100;

    public static ReportData Of(BacktestSettings settings, BacktestOutcome outcome, JournalReplayResult replay) => new()
    {
        Title = "What another policy would have charged",
        Lead = Lead(outcome, settings.Elasticity),
        Command = settings.Command,
        Facts =
        [
            new("Policy A", "the journal's"),
            new("Rules of A", string.Join(", ", outcome.A.RulesVersions)),
            new("Models of A", string.Join(", ", outcome.A.ModelVersions)),
            new("Rules of B", string.Join(", ", outcome.B.RulesVersions) + (settings.Formula is { } formula ? $" ({formula})" : "")),
            new("Models of B", string.Join(", ", outcome.B.ModelVersions)),
            new("Elasticity", Text($"{settings.Elasticity:0.##}")),
            new("Records", Text($"{replay.Records:N0}")),
            new("Until", Text($"{replay.Until:yyyy-MM-dd HH:mm} UTC")),
            new("Bookings", Text($"{outcome.Bookings.Counted:N0}, {outcome.Bookings.Priced:N0} priced by both")),
        ],
        Sections =
        [
            .. Notes(outcome, replay),
            Revenue(outcome, settings.Elasticity),
            Distribution(outcome),
            OverTime(outcome),
            .. outcome.Bookings.All.Bookings > 0 ? (ReportSection[])[WhoPays(outcome), ByRegion(outcome), ByHour(outcome)] : [],
            Limits(outcome),
            Volatility(outcome),
        ],
    };

    private static string Lead(BacktestOutcome outcome, double elasticity)
    {
        if (outcome.Pairs.AllSame)
        {
            return "Policy B decided as policy A did, everywhere and always.";
        }

        return outcome.Bookings.Revenue is [var revenue]
            ? Text($"Policy B would have taken {revenue.Say(revenue.B)} from the same bookings, {BacktestText.Change(revenue.B, revenue.A)} against policy A; at an elasticity of {elasticity:0.##} {revenue.Say(revenue.BAtElasticity)}, {BacktestText.Change(revenue.BAtElasticity, revenue.A)}.")
            : Text($"At the same place and time policy B was dearer in {outcome.Pairs.Higher:N0} decisions and cheaper in {outcome.Pairs.Lower:N0}, of {outcome.Pairs.Paired:N0}.");
    }

    private static IEnumerable<ReportSection> Notes(BacktestOutcome outcome, JournalReplayResult replay)
    {
        string[] notes = [.. BacktestText.Notes(outcome, replay)];
        if (notes.Length > 0)
        {
            yield return new ReportSection("To know first", "", [new DataTable { Columns = ["note"], Rows = [.. notes.Select(note => (IReadOnlyList<string>)[note])] }]);
        }
    }

    private static ReportSection Revenue(BacktestOutcome outcome, double elasticity) => new(
        "Revenue",
        "Each booking at the price in force when it came, without the host's own base prices. Same demand: nobody changes their mind. At the elasticity, the bookings of policy B scale by (price B / price A) to that power.",
        [
            .. outcome.Bookings.Revenue.Select(revenue => new Comparison
            {
                First = "policy B", Second = "policy A",
                Rows =
                [
                    new("Revenue, same demand", revenue.Currency.Code, (double)revenue.Major(revenue.B), (double)revenue.Major(revenue.A), revenue.Currency.Decimals),
                    new(Text($"Revenue at {elasticity:0.##}"), revenue.Currency.Code, (double)revenue.Major(revenue.BAtElasticity), (double)revenue.Major(revenue.A), revenue.Currency.Decimals),
                    new(Text($"Bookings at {elasticity:0.##}"), "bookings", revenue.BookingsAtElasticity, revenue.BookingsOfA),
                ],
            }),
            new DataTable
            {
                Columns = ["currency", "bookings of A", "revenue of A", "bookings of B", "revenue of B", "change", Text($"bookings at {elasticity:0.##}"), Text($"revenue at {elasticity:0.##}"), "change"],
                Rows = [.. outcome.Bookings.Revenue.Select(revenue => (IReadOnlyList<string>)
                [
                    revenue.Currency.Code, Text($"{revenue.BookingsOfA:N0}"), revenue.Say(revenue.A), Text($"{revenue.BookingsOfB:N0}"), revenue.Say(revenue.B), BacktestText.Change(revenue.B, revenue.A),
                    Text($"{revenue.BookingsAtElasticity:N0}"), revenue.Say(revenue.BAtElasticity), BacktestText.Change(revenue.BAtElasticity, revenue.A),
                ])],
            },
        ]);

    private static ReportSection Distribution(BacktestOutcome outcome)
    {
        SideBySide chart = SideBySide.Of("multiplier", "decisions", ("policy A", outcome.A.Multipliers), ("policy B", outcome.B.Multipliers));
        return new ReportSection(
            Text($"The mean multiplier goes from {outcome.A.MeanMultiplier:0.000} to {outcome.B.MeanMultiplier:0.000}"),
            "The share of each policy's decisions by multiplier.",
            [
                chart,
                new DataTable
                {
                    Columns = ["policy", "decisions", "mean", "p10", "p50", "p90", "p99", "largest"],
                    Rows = [.. ((PolicyFigures[])[outcome.A, outcome.B]).Select(policy => (IReadOnlyList<string>)
                    [
                        policy.Name, Text($"{policy.Decisions:N0}"), Text($"{policy.MeanMultiplier:0.000}"), .. ((double[])[0.1, 0.5, 0.9, 0.99, 1]).Select(share => Text($"{policy.At(share):0.000}")),
                    ])],
                },
            ]);
    }

    private static ReportSection OverTime(BacktestOutcome outcome)
    {
        MultiplierSeries series = outcome.Series;
        var hours = new TimeAxis(DateTime.UnixEpoch, TimeSpan.FromHours(1), 24);
        return new ReportSection(
            "Over time, and by local hour",
            "Mean multiplier of the decisions. Above, over the time of the journal, in UTC; below, by the local hour of the region.",
            [
                new LineChart { Unit = "mean multiplier", Axis = series.Axis, Decimals = 3, Floor = 1, Series = [new("policy A", series.A), new("policy B", series.B)] },
                new LineChart { Unit = "mean multiplier, by local hour", Axis = hours, Decimals = 3, Floor = 1, Height = 210, Series = [new("policy A", series.HoursOfA), new("policy B", series.HoursOfB)] },
            ]);
    }

    private static ReportSection WhoPays(BacktestOutcome outcome)
    {
        (string Id, PaidChange Change)[] rows = Busiest(outcome, HeatRows);
        PaidChange all = outcome.Bookings.All;
        return new ReportSection(
            Text($"{100.0 * all.More / all.Bookings:0.0} % of the bookings pay more, {100.0 * all.Less / all.Bookings:0.0} % pay less"),
            "Mean change of what a booking pays under policy B, in percent, by region and local hour; below 0 it pays less. The regions with the most bookings, from the top.",
            [
                new HeatMap
                {
                    Unit = "change of the price paid in %, by local hour", Missing = "no booking",
                    Rows = [.. rows.Select(row => row.Id)],
                    Columns = [.. Enumerable.Range(0, 24).Select(hour => Text($"{hour:00}"))],
                    Values = [.. rows.Select(row => (IReadOnlyList<double>)[.. Enumerable.Range(0, 24).Select(hour => outcome.Bookings.PercentAt(row.Id, hour))])],
                },
            ]);
    }

    private static ReportSection ByRegion(BacktestOutcome outcome) => new(
        "By region",
        Text($"The {TableRows} regions with the most bookings."),
        [Table("region", Busiest(outcome, TableRows))]);

    private static ReportSection ByHour(BacktestOutcome outcome) => new(
        "By local hour",
        "The hour of the decision that a booking paid under policy A.",
        [Table("hour", outcome.Bookings.Hours.Select((hour, index) => (Text($"{index:00}:00"), hour)).Where(row => row.hour.Bookings > 0))]);

    private static DataTable Table(string first, IEnumerable<(string Name, PaidChange Change)> rows) => new()
    {
        Columns = [first, "bookings", "pay more", "pay less", "mean change"],
        Rows = [.. rows.Select(row => (IReadOnlyList<string>)
            [row.Name, Text($"{row.Change.Bookings:N0}"), Text($"{row.Change.More:N0}"), Text($"{row.Change.Less:N0}"), BacktestText.Signed(row.Change.MeanPercent)])],
    };

    private static ReportSection Limits(BacktestOutcome outcome) => new(
        Text($"Caps lowered {outcome.A.CapHits:N0} decisions of policy A and {outcome.B.CapHits:N0} of policy B"),
        "A cap is the rule's largest multiplier (clip, rule_bounds) or the emergency cap. The table has all limits: how many decisions each one lowered and raised.",
        [
            new Comparison { First = "policy B", Second = "policy A", Rows = [new("Lowered by a cap", "decisions", outcome.B.CapHits, outcome.A.CapHits)] },
            new DataTable
            {
                Columns = ["limit", "A lowered", "B lowered", "A raised", "B raised"],
                Rows = [.. SurgeLimitChanges.Names.Select((name, index) => (IReadOnlyList<string>)
                    [name, Text($"{outcome.A.Lowered[index]:N0}"), Text($"{outcome.B.Lowered[index]:N0}"), Text($"{outcome.A.Raised[index]:N0}"), Text($"{outcome.B.Raised[index]:N0}")])],
            },
        ]);

    private static ReportSection Volatility(BacktestOutcome outcome) => new(
        Text($"From one decision to the next the multiplier changes by {outcome.A.Volatility:0.000} under policy A, by {outcome.B.Volatility:0.000} under policy B"),
        "Mean and largest change, up or down, between consecutive decisions for the same region and product.",
        [
            new Comparison
            {
                First = "policy B", Second = "policy A",
                Rows =
                [
                    new("Mean change", "multiplier", outcome.B.Volatility, outcome.A.Volatility, 4),
                    new("Largest change", "multiplier", outcome.B.LargestChange, outcome.A.LargestChange, 4),
                ],
            },
            new DataTable
            {
                Columns = ["decisions at the same place and time", "B dearer", "B cheaper", "the same", "same price, other multiplier or currency", "only A", "only B"],
                Rows = [[Text($"{outcome.Pairs.Paired:N0}"), Text($"{outcome.Pairs.Higher:N0}"), Text($"{outcome.Pairs.Lower:N0}"), Text($"{outcome.Pairs.Same:N0}"), Text($"{outcome.Pairs.Other:N0}"), Text($"{outcome.Pairs.OnlyA:N0}"), Text($"{outcome.Pairs.OnlyB:N0}")]],
            },
        ]);

    private static (string Id, PaidChange Change)[] Busiest(BacktestOutcome outcome, int count) =>
        [.. outcome.Bookings.Regions
            .OrderByDescending(pair => pair.Value.Bookings).ThenBy(pair => pair.Key, StringComparer.Ordinal)
            .Take(count)
            .Select(pair => (pair.Key, pair.Value))];

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
