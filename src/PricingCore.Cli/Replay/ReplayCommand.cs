using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text;
using PricingCore.Cli.Replay.Input;

namespace PricingCore.Cli.Replay;

/// <summary>The command line of <c>pricing replay</c>.</summary>
internal static class ReplayCommand
{
    private const string Description = """
        Replays recorded events at their own times and answers price requests from exactly the events received before each.
        The same input gives byte-identical answers, on any number of cores.

        Example:
          pricing replay --events events.jsonl.gz --rules rules.json --requests requests.jsonl --out answers.jsonl --rejects rejects.jsonl

        A CSV needs a mapping; several files are merged by receive time:
          pricing replay --events pickups.csv.gz weather.csv.gz --map pickups.map.json weather.map.json --rules rules.json --out answers.jsonl

        Formats, mappings and reasons of rejection: docs/replay.md
        """;

    private static readonly Option<string[]> Events = new("--events")
    {
        Description = "Event files: JSON Lines or CSV, gzip or not; merged by receive time",
        HelpName = "FILE...",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<EventFormat> Format = new("--format")
    {
        Description = "How the event files are read; auto looks at the first character of each",
        DefaultValueFactory = _ => EventFormat.Auto,
    };

    private static readonly Option<string[]> Maps = new("--map")
    {
        Description = "A mapping for each CSV of --events, in the same order",
        HelpName = "FILE...",
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<DateTimeOffset?> From = new("--from")
    {
        Description = "Leave out events received before this time, for example 2014-04-01T00:00:00-05:00",
        HelpName = "TIME",
        CustomParser = ParseTime,
    };

    private static readonly Option<DateTimeOffset?> To = new("--to")
    {
        Description = "Leave out events received at this time or later",
        HelpName = "TIME",
        CustomParser = ParseTime,
    };

    private static readonly Option<string?> Regions = new("--regions")
    {
        Description = "Regions as JSON or CSV; events of other regions are rejected then",
        HelpName = "FILE",
    };

    private static readonly Option<string?> RegionsMap = new("--regions-map")
    {
        Description = "A mapping for a --regions CSV with other column names",
        HelpName = "FILE",
    };

    private static readonly Option<string> Rules = new("--rules") { Description = "The pricing rules", HelpName = "FILE", Required = true };

    private static readonly Option<string?> Requests = new("--requests")
    {
        Description = "Requests as JSON Lines; without it every region seen so far is quoted at each --every",
        HelpName = "FILE",
    };

    private static readonly Option<TimeSpan> Every = new("--every")
    {
        Description = "How often to quote all regions when there are no --requests: 15m, 1h, 1d",
        HelpName = "TIME",
        CustomParser = ParseEvery,
        DefaultValueFactory = _ => TimeSpan.FromHours(1),
    };

    private static readonly Option<string> Product = new("--product")
    {
        Description = "The product to quote when there are no --requests",
        DefaultValueFactory = _ => Quotes.QuoteRequest.StandardProduct,
    };

    private static readonly Option<string> Out = new("--out")
    {
        Description = "Where the answers go, as JSON Lines; compressed when the name ends in .gz",
        HelpName = "FILE",
        Required = true,
    };

    private static readonly Option<bool> Features = new("--features") { Description = "Write the features of the region into each answer" };

    private static readonly Option<string?> Rejects = new("--rejects")
    {
        Description = "Where lines go that were not used, with file, line and reason",
        HelpName = "FILE",
    };

    private static readonly Option<string?> Report = new("--report") { Description = "Write an HTML page with charts", HelpName = "FILE" };

    private static readonly Option<string?> Evaluate = new("--evaluate")
    {
        Description = "Write the error of the forecasts by local hour, as JSON",
        HelpName = "FILE",
    };

    private static readonly Option<double?> Speed = new("--speed")
    {
        Description = "max, or how many times faster than real time",
        HelpName = "max|N",
        CustomParser = ParseSpeed,
    };

    private static readonly Option<string?> Schema = new("--schema") { Description = "A feature schema as JSON instead of the built-in one", HelpName = "FILE" };

    private static readonly Option<string> TimeZone = new("--time-zone")
    {
        Description = "The IANA time zone of regions that no --regions file describes",
        DefaultValueFactory = _ => "UTC",
    };

    private static readonly Option<int> Shards = new("--shards")
    {
        Description = "Independent loops that share the regions; the answers are the same with any number",
        DefaultValueFactory = _ => 1,
    };

    private static readonly Option<bool> Json = new("--json") { Description = "Print the summary as JSON" };

    public static Command Create(TextWriter output, TextWriter error)
    {
        var command = new Command("replay", Description)
        {
            Events, Format, Maps, From, To, Regions, RegionsMap, Rules, Requests, Every, Product, Out, Features,
            Rejects, Report, Evaluate, Speed, Schema, TimeZone, Shards, Json,
        };
        command.SetAction((parsed, cancellationToken) => new ReplayJob(Read(parsed), output, error).RunAsync(cancellationToken));
        return command;
    }

    private static ReplaySettings Read(ParseResult parsed) => new()
    {
        Events = parsed.GetRequiredValue(Events),
        Format = parsed.GetValue(Format),
        Maps = parsed.GetValue(Maps) ?? [],
        From = parsed.GetValue(From),
        To = parsed.GetValue(To),
        Regions = parsed.GetValue(Regions),
        RegionsMap = parsed.GetValue(RegionsMap),
        Rules = parsed.GetRequiredValue(Rules),
        Requests = parsed.GetValue(Requests),
        Every = parsed.GetValue(Every),
        Product = parsed.GetRequiredValue(Product),
        Out = parsed.GetRequiredValue(Out),
        WithFeatures = parsed.GetValue(Features),
        Rejects = parsed.GetValue(Rejects),
        Report = parsed.GetValue(Report),
        Evaluate = parsed.GetValue(Evaluate),
        Speed = parsed.GetValue(Speed),
        Schema = parsed.GetValue(Schema),
        TimeZone = parsed.GetRequiredValue(TimeZone),
        Shards = parsed.GetValue(Shards),
        Json = parsed.GetValue(Json),
    };

    private static DateTimeOffset? ParseTime(ArgumentResult argument)
    {
        string text = argument.Tokens[0].Value;
        if (TimeText.TryReadInstant(Encoding.UTF8.GetBytes(text), "time", out DateTimeOffset time, out Problem problem))
        {
            return time;
        }

        argument.AddError($"{argument.Argument.Name}: {problem.Detail}");
        return null;
    }

    private static double? ParseSpeed(ArgumentResult argument)
    {
        string text = argument.Tokens[0].Value;
        if (text.Equals("max", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double speed) && speed is >= 0.001 and <= 1e9)
        {
            return speed;
        }

        argument.AddError($"--speed: '{text}' is neither max nor a number from 0.001 to 1000000000");
        return null;
    }

    private static TimeSpan ParseEvery(ArgumentResult argument)
    {
        string text = argument.Tokens[0].Value;
        double unit = text.Length == 0 ? 0 : text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3_600, 'd' => 86_400, _ => 0 };
        if (unit > 0 && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int count)
            && count * unit is >= 1 and <= 7 * 86_400)
        {
            return TimeSpan.FromSeconds(count * unit);
        }

        argument.AddError($"--every: '{text}' is not a time from 1s to 7d, such as 15m or 1h");
        return default;
    }
}
