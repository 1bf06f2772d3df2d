using System.Globalization;
using System.Text;
using System.Text.Json;
using PricingCore.Cli.Replay.Input;

namespace PricingCore.Cli.Replay.Csv;

/// <summary>Reads a mapping; all its errors are reported together. docs/replay.md is its reference.</summary>
internal sealed class MappingFile
{
    private const double AnyNumber = 1e9;

    private readonly JsonWalk _walk;

    private MappingFile(string file) => _walk = new JsonWalk(file);

    /// <exception cref="CommandFailedException">The file cannot be read, or is wrong; all errors are in it.</exception>
    public static EventMapping Load(string path) => Parse(InputFile.ReadAll(path), path);

    /// <exception cref="CommandFailedException">The mapping is wrong; all errors are in it.</exception>
    public static EventMapping Parse(byte[] utf8, string name)
    {
        var file = new MappingFile(name);
        using JsonDocument document = file._walk.Parse(utf8);
        EventMapping mapping = file.Read(document.RootElement);
        file._walk.ThrowIfErrors("the mapping");
        return mapping;
    }

    private EventMapping Read(JsonElement root)
    {
        Dictionary<string, JsonElement> members = _walk.Members(
            root, "$", "time_zone", "utc_offset", "repeated_times", "time_format", "delimiter", "skip_when", "columns", "constants", "events", "supply_from_trips");
        if (members.ContainsKey("events") && (members.ContainsKey("columns") || members.ContainsKey("constants")))
        {
            _walk.Error("$", "columns and constants go inside each of the events when there are several");
        }

        IReadOnlyList<EventTemplate> events = members.TryGetValue("events", out JsonElement list)
            ? [.. _walk.Items(list, "$.events").Select((item, i) => ReadTemplate(item, $"$.events[{i}]"))]
            : members.ContainsKey("columns") || !members.ContainsKey("supply_from_trips") ? [ReadTemplate(members, "$")] : [];
        return new EventMapping
        {
            Clock = ReadClock(members),
            Delimiter = ReadDelimiter(members),
            TimeFormat = ReadTimeFormat(members),
            SkipWhen = ReadConditions(members, "$"),
            Events = events,
            SupplyFromTrips = members.TryGetValue("supply_from_trips", out JsonElement trips) ? ReadTrips(trips, "$.supply_from_trips") : null,
        };
    }

    private LocalClock ReadClock(Dictionary<string, JsonElement> members)
    {
        string? zone = _walk.Text(members, "time_zone", "$");
        string? offset = _walk.Text(members, "utc_offset", "$");
        LocalClock.Repeated repeated = _walk.Text(members, "repeated_times", "$") switch
        {
            null or "first" => LocalClock.Repeated.First,
            "last" => LocalClock.Repeated.Last,
            "reject" => LocalClock.Repeated.Reject,
            _ => Wrong("$.repeated_times", "must be first, last or reject", LocalClock.Repeated.First),
        };
        if (zone is not null && offset is not null)
        {
            _walk.Error("$", "give time_zone or utc_offset, not both");
        }

        if (offset is not null)
        {
            return TryReadOffset(offset, out TimeSpan size)
                ? LocalClock.OfOffset(size)
                : Wrong("$.utc_offset", $"'{offset}' is not an offset such as -05:00", LocalClock.None());
        }

        if (zone is null)
        {
            return LocalClock.None();
        }

        return TimeZoneInfo.TryFindSystemTimeZoneById(zone, out TimeZoneInfo? found)
            ? LocalClock.OfZone(found, repeated)
            : Wrong("$.time_zone", $"'{zone}' is not a known IANA time zone such as America/New_York", LocalClock.None());
    }

    private static bool TryReadOffset(string text, out TimeSpan offset)
    {
        bool read = TimeText.TryRead(Encoding.UTF8.GetBytes("2000-01-01T00:00:00" + text), out _, out TimeSpan? found, out _);
        offset = found ?? default;
        return read && found is not null;
    }

    private char ReadDelimiter(Dictionary<string, JsonElement> members) => _walk.Text(members, "delimiter", "$") switch
    {
        null => ',',
        { Length: 1 } one when char.IsAscii(one[0]) && one[0] is not ('"' or '\r' or '\n' or ' ') => one[0],
        _ => Wrong("$.delimiter", "must be one ASCII character, not a quote or a space", ','),
    };

    private TimeFormat ReadTimeFormat(Dictionary<string, JsonElement> members) => _walk.Text(members, "time_format", "$") switch
    {
        null or "rfc3339" => TimeFormat.Rfc3339,
        "unix_seconds" => TimeFormat.UnixSeconds,
        "unix_milliseconds" => TimeFormat.UnixMilliseconds,
        _ => Wrong("$.time_format", "must be rfc3339, unix_seconds or unix_milliseconds", TimeFormat.Rfc3339),
    };

    private EventTemplate ReadTemplate(JsonElement element, string path) =>
        ReadTemplate(_walk.Members(element, path, "columns", "constants", "skip_when"), path);

    private EventTemplate ReadTemplate(Dictionary<string, JsonElement> members, string path)
    {
        var texts = new FieldSource?[EventMapping.TextFields.Length];
        var numbers = new FieldSource?[EventNumbers.Names.Length];
        if (members.TryGetValue("columns", out JsonElement columns))
        {
            foreach ((string field, JsonElement source) in _walk.Members(columns, $"{path}.columns"))
            {
                Assign(texts, numbers, field, ReadColumn(source, $"{path}.columns.{field}"), $"{path}.columns");
            }
        }

        if (members.TryGetValue("constants", out JsonElement constants))
        {
            foreach ((string field, JsonElement value) in _walk.Members(constants, $"{path}.constants"))
            {
                Assign(texts, numbers, field, new FieldSource(null, ReadConstant(value, $"{path}.constants.{field}")), $"{path}.constants");
            }
        }

        for (int i = 0; i < 3; i++)
        {
            if (texts[i] is null)
            {
                _walk.Error(path, $"{EventMapping.TextFields[i]} must come from columns or constants");
            }
        }

        if (texts[0] is { Constant: { } type } && !EventKinds.TryFind(Encoding.UTF8.GetBytes(type), out _))
        {
            _walk.Error($"{path}.constants.type", $"'{type}' is not a kind of event; known are {EventKinds.Known}");
        }

        return new EventTemplate
        {
            Texts = texts,
            Numbers = numbers,
            SkipWhen = path == "$" ? [] : ReadConditions(members, path),
        };
    }

    private void Assign(FieldSource?[] texts, FieldSource?[] numbers, string field, FieldSource source, string path)
    {
        int text = Array.IndexOf(EventMapping.TextFields, field);
        int number = Array.IndexOf(EventNumbers.Names, field);
        if (text < 0 && number < 0)
        {
            _walk.Error(
                path,
                $"'{field}' is not a field of an event; known are {string.Join(", ", EventMapping.TextFields.Concat(EventNumbers.Names))}");
            return;
        }

        FieldSource?[] fields = text >= 0 ? texts : numbers;
        int slot = text >= 0 ? text : number;
        if (fields[slot] is not null)
        {
            _walk.Error(path, $"'{field}' is in columns and in constants");
        }

        if (number >= 0 && source.Constant is { } constant
            && !double.TryParse(constant, NumberStyles.Float, CultureInfo.InvariantCulture, out _))
        {
            _walk.Error(path, $"'{field}' must be a number");
        }

        if (text >= 0 && (source.Scale != 1 || source.Offset != 0))
        {
            _walk.Error(path, $"'{field}' is not a number, so it takes no scale or offset");
        }

        fields[slot] = source;
    }

    private FieldSource ReadColumn(JsonElement source, string path)
    {
        if (source.ValueKind == JsonValueKind.String && source.GetString() is { Length: > 0 } column)
        {
            return new FieldSource(column, null);
        }

        if (source.ValueKind != JsonValueKind.Object)
        {
            return Wrong(path, "must be the name of a column, or {\"column\", \"scale\", \"offset\"}", new FieldSource("", null));
        }

        Dictionary<string, JsonElement> members = _walk.Members(source, path, "column", "scale", "offset");
        return new FieldSource(
            _walk.Text(members, "column", path, required: true) ?? "",
            null,
            _walk.Number(members, "scale", path, standard: 1, -AnyNumber, AnyNumber),
            _walk.Number(members, "offset", path, standard: 0, -AnyNumber, AnyNumber));
    }

    private string ReadConstant(JsonElement value, string path) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number => value.GetRawText(),
        _ => Wrong(path, "must be a text or a number", "0"),
    };

    private List<SkipCondition> ReadConditions(Dictionary<string, JsonElement> members, string path)
    {
        if (!members.TryGetValue("skip_when", out JsonElement element))
        {
            return [];
        }

        // One condition may stand alone, without a list around it.
        IEnumerable<JsonElement> items = element.ValueKind == JsonValueKind.Object ? [element] : _walk.Items(element, $"{path}.skip_when");
        var conditions = new List<SkipCondition>();
        foreach (JsonElement item in items)
        {
            string at = $"{path}.skip_when";
            Dictionary<string, JsonElement> condition = _walk.Members(item, at, "column", "equals");
            string? column = _walk.Text(condition, "column", at, required: true);
            conditions.Add(new SkipCondition(column ?? "", ReadTexts(condition, "equals", at)));
        }

        return conditions;
    }

    private string[] ReadTexts(Dictionary<string, JsonElement> members, string name, string path)
    {
        if (!members.TryGetValue(name, out JsonElement list))
        {
            return Wrong<string[]>(path, $"'{name}' is missing", []);
        }

        return [.. _walk.Items(list, $"{path}.{name}").Select(item => ReadConstant(item, $"{path}.{name}"))];
    }

    private TripColumns ReadTrips(JsonElement element, string path)
    {
        Dictionary<string, JsonElement> members = _walk.Members(
            element, path, "started_at", "start_region", "ended_at", "end_region", "outside", "idle_limit_minutes", "max_trip_minutes");
        return new TripColumns
        {
            StartedAt = _walk.Text(members, "started_at", path, required: true) ?? "",
            StartRegion = _walk.Text(members, "start_region", path, required: true) ?? "",
            EndedAt = _walk.Text(members, "ended_at", path, required: true) ?? "",
            EndRegion = _walk.Text(members, "end_region", path, required: true) ?? "",
            Outside = members.ContainsKey("outside") ? ReadTexts(members, "outside", path) : [],
            IdleLimit = TimeSpan.FromMinutes(_walk.Number(members, "idle_limit_minutes", path, standard: 30, least: 1, largest: 1_440)),
            MaxTrip = TimeSpan.FromMinutes(_walk.Number(members, "max_trip_minutes", path, standard: 180, least: 1, largest: 2_880)),
        };
    }

    private T Wrong<T>(string path, string message, T standIn)
    {
        _walk.Error(path, message);
        return standIn;
    }
}
