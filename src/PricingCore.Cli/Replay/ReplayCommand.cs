using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text;

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

        Into a journal, and what the journal says of it:
          pricing replay --events events.jsonl.gz --rules rules.json --out answers.jsonl --journal-out journal
          pricing replay --journal journal --verify

        Formats, mappings and reasons of rejection: docs/replay.md
        """;

    private static readonly Option<string[]> Events = new("--events")
    {
        Description = "Event files: JSON Lines or CSV, gzip or not; merged by receive time",
        HelpName = "FILE...",
        AllowMultipleArgumentsPerToken = true,
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<string?> Journal = new("--journal")
    {
        Description = "Replay the journal of an engine in place of event files: decides everything again, and compares",
        HelpName = "DIR",
    };

    private static readonly Option<bool> Verify = new("--verify")
    {
        Description = "With --journal: end with 1 when a decision differs from the journal's, or the journal does not have it",
    };

    private static readonly Option<string?> JournalOut = new("--journal-out")
    {
        Description = "Write a journal of the replay into this directory, which must be empty or not there",
        HelpName = "DIR",
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

    private static readonly Option<string?> Rules = new("--rules") { Description = "The pricing rules; with --journal: in place of those in the journal", HelpName = "FILE" };

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

    private static readonly Option<string?> Out = new("--out")
    {
        Description = "Where the answers go (with --journal: the decisions), as JSON Lines; compressed when the name ends in .gz",
        HelpName = "FILE",
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
            Events, Journal, Verify, JournalOut, Format, Maps, From, To, Regions, RegionsMap, Rules, Requests, Every, Product, Out, Features,
            Rejects, Report, Evaluate, Speed, Schema, TimeZone, Shards, Json,
        };
        command.Validators.Add(CheckSource);
        command.SetAction((parsed, cancellationToken) => parsed.GetValue(Journal) is { } journal
            ? new JournalReplayJob(
                new JournalReplaySettings(journal, parsed.GetValue(Verify), parsed.GetValue(Rules), parsed.GetValue(Schema), parsed.GetValue(Out), parsed.GetValue(Json)), output).RunAsync(cancellationToken)
            : new ReplayJob(Read(parsed), output, error).RunAsync(cancellationToken));
        return command;
    }

    /// <summary>Events need rules and a place for the answers; a journal has its own rules, and its answers are compared.</summary>
    private static void CheckSource(CommandResult command)
    {
        bool hasEvents = command.GetResult(Events) is not null;
        bool hasJournal = command.GetResult(Journal) is not null;
        if (hasEvents == hasJournal)
        {
            command.AddError(hasEvents ? "Give --events or --journal, not both." : "Option '--events' is required, or '--journal'.");
        }
        else if (hasEvents)
        {
            foreach (Option<string?> needed in new[] { Rules, Out }.Where(needed => command.GetResult(needed) is null))
            {
                command.AddError($"Option '{needed.Name}' is required.");
            }

            if (command.GetResult(Verify) is { Implicit: false })
            {
                command.AddError("--verify compares with a journal: give --journal.");
            }
        }
        else if (command.GetResult(JournalOut) is not null)
        {
            command.AddError("--journal-out writes a journal of events: give --events.");
        }
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
        Rules = parsed.GetRequiredValue(Rules)!,
        JournalOut = parsed.GetValue(JournalOut),
        Requests = parsed.GetValue(Requests),
        Every = parsed.GetValue(Every),
        Product = parsed.GetRequiredValue(Product),
        Out = parsed.GetRequiredValue(Out)!,
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
