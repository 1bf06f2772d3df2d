using System.Globalization;
using System.Text;
using System.Text.Json;
using PricingCore.Cli.Replay.Csv;
using PricingCore.Cli.Replay.Input;

namespace PricingCore.Cli.Panels;

/// <summary>Reads the mapping of a panel; all its errors are reported together. docs/forecasting.md is its reference.</summary>
internal sealed class PanelMappingFile
{
    private const int MinutesPerDay = 1_440;
    private const double AnyNumber = 1e9;

    private readonly JsonWalk _walk;

    private PanelMappingFile(string file) => _walk = new JsonWalk(file);

    /// <exception cref="CommandFailedException">The file cannot be read, or is wrong; all errors are in it.</exception>
    public static PanelMapping Load(string path) => Parse(InputFile.ReadAll(path), path);

    /// <exception cref="CommandFailedException">The mapping is wrong; all errors are in it.</exception>
    public static PanelMapping Parse(byte[] utf8, string name)
    {
        var file = new PanelMappingFile(name);
        using JsonDocument document = file._walk.Parse(utf8);
        PanelMapping mapping = file.Read(document.RootElement);
        file._walk.ThrowIfErrors("the panel's mapping");
        return mapping;
    }

    private PanelMapping Read(JsonElement root)
    {
        Dictionary<string, JsonElement> members = _walk.Members(
            root, "$", "time_zone", "utc_offset", "repeated_times", "delimiter", "timestamp", "bucket_minutes", "shift_minutes", "region", "count",
            "same_bucket", "missing_rows", "skip_when", "covariates");
        foreach (string required in (string[])["timestamp", "bucket_minutes", "region", "count"])
        {
            if (!members.ContainsKey(required))
            {
                _walk.Error("$", $"'{required}' is missing");
            }
        }

        var (clock, zone) = ReadClock(members);
        var bucket = TimeSpan.FromMinutes(Whole(members, "bucket_minutes", "$", standard: 60, least: 1, largest: MinutesPerDay));
        var (count, perEvent) = ReadCount(members);
        return new PanelMapping
        {
            Clock = clock,
            TimeZone = zone,
            Delimiter = ReadDelimiter(members),
            Timestamp = ReadTimestamp(members),
            Bucket = bucket,
            Shift = TimeSpan.FromMinutes(Whole(members, "shift_minutes", "$", standard: 0, least: -MinutesPerDay, largest: MinutesPerDay)),
            Region = ReadRegion(members),
            CountColumn = count,
            PerEvent = perEvent,
            AddsRowsOfSameBucket = Choice(members, "same_bucket", "$", "reject", "sum") == 1,
            MissingRowsAreZero = Choice(members, "missing_rows", "$", "gap", "zero") == 1,
            SkipWhen = ReadConditions(members),
            Covariates = ReadCovariates(members, bucket),
        };
    }

    private (LocalClock Clock, string Zone) ReadClock(Dictionary<string, JsonElement> members)
    {
        string? zone = _walk.Text(members, "time_zone", "$");
        string? offset = _walk.Text(members, "utc_offset", "$");
        var repeated = (LocalClock.Repeated)Choice(members, "repeated_times", "$", "first", "last", "reject");
        TimeZoneInfo? found = null;
        if (zone is not null && !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out found))
        {
            _walk.Error("$.time_zone", $"'{zone}' is not a known IANA time zone such as America/New_York");
        }

        if (offset is not null)
        {
            // Both may be given: the offset says what the stamps mean, the zone which clock people live by.
            bool read = TimeText.TryRead(Encoding.UTF8.GetBytes("2000-01-01T00:00:00" + offset), out _, out TimeSpan? size, out _);
            if (!read || size is null)
            {
                _walk.Error("$.utc_offset", $"'{offset}' is not an offset such as -05:00");
            }

            return (LocalClock.OfOffset(size ?? default), found?.Id ?? "UTC");
        }

        return found is null ? (LocalClock.None(), "UTC") : (LocalClock.OfZone(found, repeated), found.Id);
    }

    private char ReadDelimiter(Dictionary<string, JsonElement> members)
    {
        string? text = _walk.Text(members, "delimiter", "$");
        if (text is null or { Length: 1 } && text?[0] is null or (not '"' and not '\r' and not '\n' and not ' ' and < (char)128))
        {
            return text?[0] ?? ',';
        }

        _walk.Error("$.delimiter", "must be one ASCII character, not a quote or a space");
        return ',';
    }

    private PanelTimestamp ReadTimestamp(Dictionary<string, JsonElement> members)
    {
        const string Path = "$.timestamp";
        if (!members.TryGetValue("timestamp", out JsonElement element))
        {
            return new PanelTimestamp("", null, null, BucketPoint.Start);
        }

        if (element.ValueKind == JsonValueKind.String)
        {
            return new PanelTimestamp(element.GetString()!, null, null, BucketPoint.Start);
        }

        Dictionary<string, JsonElement> fields = _walk.Members(element, Path, "column", "hour_column", "format", "means");
        string? format = _walk.Text(fields, "format", Path);
        string? hour = _walk.Text(fields, "hour_column", Path);
        if (format is not null && !IsFormat(format))
        {
            _walk.Error($"{Path}.format", $"'{format}' is not a .NET date format such as yyyy-MM-dd HH:mm");
        }
        else if (hour is not null && format is null)
        {
            format = "yyyy-MM-dd";
        }

        return new PanelTimestamp(
            _walk.Text(fields, "column", Path, required: true) ?? "",
            hour,
            format,
            (BucketPoint)Choice(fields, "means", Path, "start", "centre", "end"));
    }

    private static bool IsFormat(string format)
    {
        try
        {
            return DateTime.TryParseExact(DateTime.UnixEpoch.ToString(format, CultureInfo.InvariantCulture), format, CultureInfo.InvariantCulture, default, out _);
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private FieldSource ReadRegion(Dictionary<string, JsonElement> members)
    {
        var none = new FieldSource(null, "all");
        if (!members.TryGetValue("region", out JsonElement element))
        {
            return none;
        }

        if (element.ValueKind == JsonValueKind.String)
        {
            return new FieldSource(element.GetString(), null);
        }

        Dictionary<string, JsonElement> fields = _walk.Members(element, "$.region", "column", "constant");
        string? column = _walk.Text(fields, "column", "$.region");
        string? constant = _walk.Text(fields, "constant", "$.region");
        if ((column is null) == (constant is null))
        {
            _walk.Error("$.region", "give the name of a column, or {\"constant\": \"...\"} for one region");
            return none;
        }

        return new FieldSource(column, constant);
    }

    private (string Column, double PerEvent) ReadCount(Dictionary<string, JsonElement> members)
    {
        if (!members.TryGetValue("count", out JsonElement element))
        {
            return ("", 1);
        }

        if (element.ValueKind == JsonValueKind.String)
        {
            return (element.GetString()!, 1);
        }

        Dictionary<string, JsonElement> fields = _walk.Members(element, "$.count", "column", "per_event");
        return (
            _walk.Text(fields, "column", "$.count", required: true) ?? "",
            _walk.Number(fields, "per_event", "$.count", standard: 1, least: 0.001, largest: AnyNumber));
    }

    private List<PanelCovariate> ReadCovariates(Dictionary<string, JsonElement> members, TimeSpan bucket)
    {
        var covariates = new List<PanelCovariate>();
        if (!members.TryGetValue("covariates", out JsonElement element))
        {
            return covariates;
        }

        foreach ((string name, JsonElement source) in _walk.Members(element, "$.covariates", PanelCovariate.Names))
        {
            string path = $"$.covariates.{name}";

            // A holiday is in the calendar; what a bucket's weather was is known when the bucket is over.
            double standardLag = name == PanelCovariate.Holiday ? 0 : bucket.TotalMinutes;
            if (source.ValueKind == JsonValueKind.String && source.GetString() is { Length: > 0 } column)
            {
                covariates.Add(new PanelCovariate(name, new FieldSource(column, null), new Dictionary<string, double>(), TimeSpan.FromMinutes(standardLag)));
                continue;
            }

            Dictionary<string, JsonElement> fields = _walk.Members(source, path, "column", "scale", "offset", "values", "lag_minutes");
            covariates.Add(new PanelCovariate(
                name,
                new FieldSource(
                    _walk.Text(fields, "column", path, required: true) ?? "",
                    null,
                    _walk.Number(fields, "scale", path, standard: 1, -AnyNumber, AnyNumber),
                    _walk.Number(fields, "offset", path, standard: 0, -AnyNumber, AnyNumber)),
                ReadValues(fields, path),
                TimeSpan.FromMinutes(Whole(fields, "lag_minutes", path, standardLag, least: 0, largest: 7 * MinutesPerDay))));
        }

        return covariates;
    }

    private Dictionary<string, double> ReadValues(Dictionary<string, JsonElement> fields, string path)
    {
        var values = new Dictionary<string, double>(StringComparer.Ordinal);
        if (fields.TryGetValue("values", out JsonElement element))
        {
            Dictionary<string, JsonElement> members = _walk.Members(element, $"{path}.values");
            foreach (string text in members.Keys)
            {
                values.Add(text, _walk.Number(members, text, $"{path}.values", standard: 0, -AnyNumber, AnyNumber));
            }
        }

        return values;
    }

    private List<SkipCondition> ReadConditions(Dictionary<string, JsonElement> members)
    {
        const string Path = "$.skip_when";
        if (!members.TryGetValue("skip_when", out JsonElement element))
        {
            return [];
        }

        // One condition may stand alone, without a list around it.
        IEnumerable<JsonElement> items = element.ValueKind == JsonValueKind.Object ? [element] : _walk.Items(element, Path);
        var conditions = new List<SkipCondition>();
        foreach (JsonElement item in items)
        {
            Dictionary<string, JsonElement> condition = _walk.Members(item, Path, "column", "equals");
            string? column = _walk.Text(condition, "column", Path, required: true);
            IEnumerable<JsonElement> values = condition.TryGetValue("equals", out JsonElement list) ? _walk.Items(list, $"{Path}.equals") : [];
            conditions.Add(new SkipCondition(column ?? "", [.. values.Select(value => value.ToString())]));
        }

        return conditions;
    }

    private double Whole(Dictionary<string, JsonElement> members, string name, string path, double standard, double least, double largest)
    {
        double number = _walk.Number(members, name, path, standard, least, largest);
        if (number != Math.Floor(number))
        {
            _walk.Error($"{path}.{name}", "must be a whole number of minutes");
        }

        return number;
    }

    private int Choice(Dictionary<string, JsonElement> members, string name, string path, params ReadOnlySpan<string> choices)
    {
        string? text = _walk.Text(members, name, path);
        int index = text is null ? 0 : choices.IndexOf(text);
        if (index < 0)
        {
            _walk.Error($"{path}.{name}", $"must be {string.Join(" or ", choices.ToArray())}");
        }

        return Math.Max(0, index);
    }
}
