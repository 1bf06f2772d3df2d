using System.Buffers;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using PricingCore.Cli.Replay;

namespace PricingCore.Cli.Training;

/// <summary>The options of the command line that say where a history comes from.</summary>
internal sealed class HistoryArguments
{
    private static readonly SearchValues<char> ShellCharacters = SearchValues.Create(" *?'\"$&|;<>()");

    private readonly Option<string[]> _events = Files("--events", "Single events: JSON Lines or CSV, gzip or not; merged by receive time");
    private readonly Option<string[]> _panel = Files("--panel", "Counts by time bucket and region: CSV files of one panel, with one --map");
    private readonly Option<string[]> _maps = Files("--map", "A mapping for each CSV of --events, or one for all; the mapping of the --panel");

    private readonly Option<EventFormat> _format = new("--format")
    {
        Description = "How the --events are read; auto looks at the first character of each",
        DefaultValueFactory = _ => EventFormat.Auto,
    };

    private readonly Option<string?> _regions = new("--regions") { Description = "Regions as JSON or CSV, with time zones and neighbours", HelpName = "FILE" };

    private readonly Option<string?> _regionsMap = new("--regions-map") { Description = "A mapping for a --regions CSV with other column names", HelpName = "FILE" };

    private readonly Option<string> _timeZone = new("--time-zone")
    {
        Description = "The IANA time zone of --events regions that no --regions file describes",
        DefaultValueFactory = _ => "UTC",
    };

    private readonly Option<string?> _rejects = new("--rejects") { Description = "Where lines go that were not used, with file, line and reason", HelpName = "FILE" };

    private readonly Option<int> _every = new("--every")
    {
        Description = "Minutes between two rows of a region, 1 to 1440; a panel has a row a bucket",
        HelpName = "MINUTES",
        DefaultValueFactory = _ => 15,
    };

    private readonly Option<double> _warmUp = new("--warm-up")
    {
        Description = "Days that a region must have been known before it is used, 0 to 60",
        HelpName = "DAYS",
        DefaultValueFactory = _ => 7,
    };

    private readonly Option<int> _maxRows = new("--max-rows") { Description = "The most rows to keep, evenly thinned out", DefaultValueFactory = _ => 1_000_000 };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _events, _panel, _maps, _format, _regions, _regionsMap, _timeZone, _rejects, _every, _warmUp, _maxRows })
        {
            command.Options.Add(option);
        }

        command.Validators.Add(result =>
        {
            bool hasEvents = result.GetResult(_events) is not null;
            bool hasPanel = result.GetResult(_panel) is not null;
            if (hasEvents == hasPanel)
            {
                result.AddError("give the history with --events or with --panel, and not with both");
            }
            else if (hasPanel && result.GetValue(_maps)?.Length != 1)
            {
                result.AddError("a --panel needs one --map; docs/forecasting.md shows how to write it");
            }
        });
    }

    /// <summary>Reads the options.</summary>
    public HistorySettings Read(ParseResult parsed) => new()
    {
        Events = parsed.GetValue(_events) ?? [],
        Panel = parsed.GetValue(_panel) ?? [],
        Maps = parsed.GetValue(_maps) ?? [],
        Format = parsed.GetValue(_format),
        Regions = parsed.GetValue(_regions),
        RegionsMap = parsed.GetValue(_regionsMap),
        TimeZone = parsed.GetRequiredValue(_timeZone),
        Rejects = parsed.GetValue(_rejects),
        Every = TimeSpan.FromMinutes(parsed.GetValue(_every)),
        WarmUp = TimeSpan.FromDays(parsed.GetValue(_warmUp)),
        MaxRows = parsed.GetValue(_maxRows),
    };

    /// <summary>The command line as it was given, quoted for a shell where that is needed.</summary>
    public static string CommandOf(ParseResult parsed) => "pricing " + string.Join(' ', parsed.Tokens.Select(token =>
        token.Value.AsSpan().IndexOfAny(ShellCharacters) < 0 ? token.Value : $"'{token.Value.Replace("'", "'\\''", StringComparison.Ordinal)}'"));

    /// <summary>An option that takes a date or a time; a date means the midnight that begins it.</summary>
    public static Option<LocalMoment?> Moment(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "DATE",
        CustomParser = argument =>
        {
            if (LocalMoment.TryParse(argument.Tokens[0].Value, out LocalMoment? moment))
            {
                return moment;
            }

            argument.AddError($"{name}: '{argument.Tokens[0].Value}' is neither a date such as 2015-05-01 nor a time such as 2015-05-01T00:00:00-04:00");
            return null;
        },
    };

    /// <summary>An option that takes horizons, such as 15,30,60.</summary>
    public static Option<int[]?> Horizons() => new("--horizons")
    {
        Description = "How far ahead to forecast, in minutes [default: 15,30,60; for a panel its bucket]",
        HelpName = "MINUTES,...",
        CustomParser = ParseHorizons,
    };

    private static int[]? ParseHorizons(ArgumentResult argument)
    {
        string text = argument.Tokens[0].Value;
        string[] parts = text.Split(',', StringSplitOptions.TrimEntries);
        int[] horizons = new int[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            if (!int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out horizons[i]) || (i > 0 && horizons[i] <= horizons[i - 1]))
            {
                argument.AddError($"--horizons: '{text}' must be rising whole minutes, for example 15,30,60");
                return null;
            }
        }

        return horizons;
    }

    private static Option<string[]> Files(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "FILE...",
        AllowMultipleArgumentsPerToken = true,
    };
}
