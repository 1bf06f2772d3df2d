using System.Globalization;
using PricingCore.Testing.Cities;
using Spectre.Console;

namespace PricingCore.Cli.Demo;

/// <summary>What the demo shows on a terminal: progress while it runs, then the busiest regions and the comparison.</summary>
/// <param name="console">Where to write.</param>
internal sealed class DemoScreen(IAnsiConsole console)
{
    private const int TableRows = 10;
    private const int PlainLines = 8; // Where there is no terminal to redraw.

    /// <summary>Runs the work and shows how far it is.</summary>
    public async Task<DemoOutcome> WatchAsync(DemoChoices choices, Func<Action<DemoProgress>, Task<DemoOutcome>> work)
    {
        string days = choices.Days == 1 ? "one day" : Text($"{choices.Days} days");
        console.WriteLine(Text($"PricingCore demo: {choices.Regions} regions, {days} from {choices.City.FirstDay:ddd d MMM yyyy}, seed {choices.Seed}"));
        console.WriteLine($"Prices: {DemoRules.Said}.");
        if (!console.Profile.Capabilities.Interactive)
        {
            int said = 0;
            return await work(progress =>
            {
                int line = (int)(progress.Share * PlainLines);
                if (line > said)
                {
                    said = line;
                    console.WriteLine(Line(progress));
                }
            }).ConfigureAwait(false);
        }

        return await console.Progress()
            .AutoClear(true)
            .Columns(new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
            .StartAsync(async context =>
            {
                ProgressTask bar = context.AddTask("starting", maxValue: 1);
                return await work(progress =>
                {
                    bar.Value = progress.Share;
                    bar.Description = Markup.Escape(Line(progress));
                }).ConfigureAwait(false);
            }).ConfigureAwait(false);
    }

    /// <summary>Shows what came of it.</summary>
    public void Show(DemoOutcome outcome, string path)
    {
        Table regions = new()
        {
            Border = TableBorder.Simple,
            Title = new TableTitle("The busiest regions, with surge (multipliers: mean and max; wait in minutes)"),
        };
        foreach ((int index, string column) in DemoTable.Columns.Index())
        {
            Justify side = index == 0 ? Justify.Left : Justify.Right;
            regions.AddColumn(new TableColumn(Markup.Escape(column)) { Alignment = side, NoWrap = true, Padding = new Padding(0, 0, 1, 0) });
        }

        foreach (CityRegionResult region in outcome.Busiest.Take(TableRows))
        {
            regions.AddRow([.. DemoTable.Row(region).Select(Markup.Escape)]);
        }

        console.Write(regions);
        console.Write(Totals(outcome));
        string latency = Text($"p50 {outcome.LatencyAt(0.5):N0} µs, p99 {outcome.LatencyAt(0.99):N0} µs");
        console.WriteLine(Text($"Quotes: {outcome.Record.Quotes:N0}, each a fresh decision; round trip {latency}."));
        string repeats = Text($"{outcome.Statistics.Duplicates:N0} of {outcome.WithSurge.Redelivered:N0} repeated deliveries dropped");
        console.WriteLine(Text($"Events: {outcome.Record.Events:N0} in {outcome.Elapsed.TotalSeconds:0.0} s; {repeats}."));
        console.WriteLine($"Report: {path}");
    }

    private static Table Totals(DemoOutcome outcome)
    {
        (CityResult on, CityResult off) = (outcome.WithSurge, outcome.WithoutSurge);
        Table totals = new() { Border = TableBorder.Simple, Title = new TableTitle("The whole city, same customers") };
        totals.AddColumn(new TableColumn(""));
        foreach (string column in (string[])["with surge", "without", "change"])
        {
            totals.AddColumn(new TableColumn(column) { Alignment = Justify.Right });
        }

        void Add(string name, double with, double without, string format) => totals.AddRow(
            name,
            with.ToString(format, CultureInfo.InvariantCulture),
            without.ToString(format, CultureInfo.InvariantCulture),
            without == 0 ? "-" : ((with - without) / without * 100).ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture) + " %");

        Add("bookings", on.Bookings, off.Bookings, "N0");
        Add("trips served", on.Served, off.Served, "N0");
        Add("unserved", on.Unserved, off.Unserved, "N0");
        Add("revenue, USD", on.RevenueMinorUnits / 100.0, off.RevenueMinorUnits / 100.0, "N0");
        Add("mean wait, minutes", on.MeanWaitMinutes, off.MeanWaitMinutes, "0.00");
        return totals;
    }

    private static string Line(DemoProgress progress) => progress.LocalTime is DateTime time
        ? Text($"{time:ddd HH:mm}  {progress.Events,9:N0} events  {progress.Quotes,8:N0} quotes  {progress.EventsPerSecond,9:N0} events/s")
        : Text($"a week of bookings before the day  {progress.Events,9:N0} events");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
