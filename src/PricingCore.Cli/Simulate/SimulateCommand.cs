using System.CommandLine;
using System.Globalization;
using PricingCore.Cli.Demo;
using PricingCore.Cli.Replay.Answers;
using PricingCore.Events;
using PricingCore.Rules;
using PricingCore.Testing.Cities;

namespace PricingCore.Cli.Simulate;

/// <summary><c>pricing simulate</c>: writes the events of a simulated city at base prices, to train or to replay on.</summary>
internal static class SimulateCommand
{
    private const string Description = """
        Writes the events of a simulated city as JSON Lines: searches, bookings, trips, drivers, weather, and bookings of the days before.
        Every trip costs its base price. The same seed gives the same bytes. Needs no data and no network.

        Example:
          pricing simulate --regions 19 --days 28 --out city.jsonl.gz
        """;

    private static readonly Option<ulong> Seed = new("--seed") { Description = "Picks the city and its days", DefaultValueFactory = _ => 1 };
    private static readonly Option<int> Regions = new("--regions") { Description = "Regions of the city, 12 to 1000", DefaultValueFactory = _ => 19 };
    private static readonly Option<int> Days = new("--days") { Description = "Days to simulate, 1 to 28", DefaultValueFactory = _ => 28 };
    private static readonly Option<int> HistoryDays = new("--history-days") { Description = "Days before, with bookings only, 0 to 56", DefaultValueFactory = _ => 7 };

    private static readonly Option<string> Out = new("--out")
    {
        Description = "Where the events go; compressed when the name ends in .gz",
        HelpName = "FILE",
        Required = true,
    };

    public static Command Create(TextWriter output)
    {
        var command = new Command("simulate", Description) { Seed, Regions, Days, HistoryDays, Out };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            new DemoChoices(parsed.GetValue(Seed), parsed.GetValue(Regions), parsed.GetValue(Days)).City with { HistoryDays = parsed.GetValue(HistoryDays) },
            parsed.GetRequiredValue(Out),
            output,
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CityOptions options, string path, TextWriter output, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> wrong = options.Validate();
        if (wrong.Count > 0)
        {
            throw new CommandFailedException($"{wrong.Count} wrong option(s)") { ExitCode = ExitCode.WrongUsage, Errors = wrong };
        }

        using OutputFile file = OutputFile.Create(path);
        using (var lines = new EventLines(file.Content))
        {
            var simulation = new CitySimulation(City.Build(options), new WritingMarket(lines));
            simulation.PublishHistory();
            await simulation.RunAsync(cancellationToken).ConfigureAwait(false);
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"{lines.Count:N0} events of {options.Regions} regions, {simulation.Start:yyyy-MM-dd} to {simulation.End:yyyy-MM-dd}, in {path}")).ConfigureAwait(false);
        }

        file.Commit();
        return ExitCode.Ok;
    }

    /// <summary>A market at base prices that writes down what happens.</summary>
    private sealed class WritingMarket(EventLines lines) : ICityMarket
    {
        public void Publish(in MarketEvent marketEvent) => lines.Write(marketEvent);

        public ValueTask<CityQuote> AskAsync(CityQuoteRequest request) =>
            ValueTask.FromResult(new CityQuote(SurgeMultiplier.One, DemoRules.BaseMinorUnits(request.Region)));
    }
}
