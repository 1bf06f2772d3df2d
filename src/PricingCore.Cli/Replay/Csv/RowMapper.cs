using System.Globalization;
using System.Text;
using PricingCore.Events;

namespace PricingCore.Cli.Replay.Csv;

/// <summary>A mapping tied to the columns of one file: makes the events of a row, or says what is wrong with it.</summary>
/// <threadsafety>One thread at a time.</threadsafety>
internal sealed class RowMapper
{
    private readonly EventMapping _mapping;
    private readonly Dictionary<string, int> _columns = new(StringComparer.Ordinal);
    private readonly EventNumbers _numbers = new();
    private readonly Utf8StringPool _pool = new();

    /// <exception cref="CommandFailedException">The mapping names columns that the file does not have.</exception>
    public RowMapper(EventMapping mapping, IReadOnlyList<string> header, string file)
    {
        _mapping = mapping;
        var errors = new List<string>();
        for (int i = 0; i < header.Count; i++)
        {
            if (!_columns.TryAdd(header[i], i))
            {
                errors.Add($"{file}: line 1: the column '{header[i]}' comes twice");
            }
        }

        errors.AddRange(ColumnsOf(mapping)
            .Distinct()
            .Where(column => !_columns.ContainsKey(column))
            .Select(column => $"{file}: line 1: no column '{column}', which the mapping uses; there are {string.Join(", ", header.Select(Excerpt.Of))}"));
        if (errors.Count > 0)
        {
            throw new CommandFailedException($"{file} does not fit its mapping: {errors.Count} error(s)")
            {
                ExitCode = ExitCode.WrongUsage,
                Errors = errors,
            };
        }
    }

    /// <summary>The condition that leaves the row out; null when none does.</summary>
    public SkipCondition? Skips(IReadOnlyList<SkipCondition> conditions, string[] fields)
    {
        foreach (SkipCondition condition in conditions)
        {
            if (condition.Values.Contains(fields[_columns[condition.Column]]))
            {
                return condition;
            }
        }

        return null;
    }

    /// <summary>Makes one event of a row.</summary>
    public bool TryMap(EventTemplate template, string[] fields, out MarketEvent marketEvent, out DateTimeOffset receivedAt, out Problem problem)
    {
        marketEvent = default;
        receivedAt = default;
        if (!TryReadKind(template, fields, out MarketEventKind kind, out problem)
            || !TryReadTime(Text(template, 2, fields), "occurred_at", out DateTimeOffset occurredAt, out problem)
            || !TryReadNumbers(template, fields, out problem)
            || !_numbers.TryResolve(kind, out EventValues values, out problem))
        {
            return false;
        }

        receivedAt = occurredAt;
        if (Text(template, 3, fields) is { } received && !TryReadTime(received, "received_at", out receivedAt, out problem))
        {
            return false;
        }

        if (Text(template, 1, fields) is not { } region)
        {
            problem = new Problem(RejectReason.MissingField, "region_id is empty");
            return false;
        }

        marketEvent = new MarketEvent(kind, region, occurredAt)
        {
            UserId = Text(template, 4, fields),
            UnitId = Text(template, 5, fields),
            ProductType = Text(template, 6, fields),
            IdempotencyKey = Text(template, 7, fields),
            Values = values,
        };
        return true;
    }

    /// <summary>Reads where and when a trip begins and ends.</summary>
    public bool TryMapTrip(TripColumns columns, string[] fields, out Trip trip, out Problem problem)
    {
        trip = default;
        string start = Pooled(fields[_columns[columns.StartRegion]]);
        string end = Pooled(fields[_columns[columns.EndRegion]]);
        if (!TryReadTime(fields[_columns[columns.StartedAt]], columns.StartedAt, out DateTimeOffset startedAt, out problem)
            || !TryReadTime(fields[_columns[columns.EndedAt]], columns.EndedAt, out DateTimeOffset endedAt, out problem))
        {
            return false;
        }

        if (start.Length == 0 || end.Length == 0)
        {
            problem = new Problem(RejectReason.MissingField, $"{(start.Length == 0 ? columns.StartRegion : columns.EndRegion)} is empty");
            return false;
        }

        if (endedAt < startedAt)
        {
            problem = new Problem(RejectReason.InvalidTrip, "the trip ends before it starts");
            return false;
        }

        if (endedAt - startedAt > columns.MaxTrip)
        {
            problem = new Problem(
                RejectReason.InvalidTrip,
                FormattableString.Invariant($"the trip takes {(endedAt - startedAt).TotalMinutes:0} minutes; max_trip_minutes is {columns.MaxTrip.TotalMinutes:0}"));
            return false;
        }

        trip = new Trip(start, startedAt, end, endedAt, columns.Outside.Contains(end));
        return true;
    }

    private static IEnumerable<string> ColumnsOf(EventMapping mapping)
    {
        IEnumerable<string> ofEvents = mapping.Events.SelectMany(template =>
            template.Texts.Concat(template.Numbers).Select(source => source?.Column)
                .OfType<string>()
                .Concat(template.SkipWhen.Select(condition => condition.Column)));
        IEnumerable<string> ofTrips = mapping.SupplyFromTrips is { } trips
            ? [trips.StartedAt, trips.StartRegion, trips.EndedAt, trips.EndRegion]
            : [];
        return mapping.SkipWhen.Select(condition => condition.Column).Concat(ofEvents).Concat(ofTrips);
    }

    private bool TryReadKind(EventTemplate template, string[] fields, out MarketEventKind kind, out Problem problem)
    {
        problem = default;
        string? name = Text(template, 0, fields);
        if (name is not null && EventKinds.TryFind(Encoding.UTF8.GetBytes(name), out kind))
        {
            return true;
        }

        kind = MarketEventKind.None;
        problem = name is null
            ? new Problem(RejectReason.MissingField, "type is empty")
            : new Problem(RejectReason.UnknownKind, $"'{Excerpt.Of(name)}' is not a kind of event; known are {EventKinds.Known}");
        return false;
    }

    private bool TryReadTime(string? text, string field, out DateTimeOffset instant, out Problem problem)
    {
        instant = default;
        if (string.IsNullOrEmpty(text))
        {
            problem = new Problem(RejectReason.MissingField, $"{field} is empty");
            return false;
        }

        if (_mapping.TimeFormat != TimeFormat.Rfc3339)
        {
            return TryReadUnixTime(text, field, out instant, out problem);
        }

        Span<byte> utf8 = stackalloc byte[64];
        if (!Encoding.UTF8.TryGetBytes(text, utf8, out int length) || !TimeText.TryRead(utf8[..length], out DateTime clock, out TimeSpan? offset, out _))
        {
            problem = new Problem(RejectReason.InvalidTime, $"{field}: '{Excerpt.Of(text)}' is not a time such as 2026-03-01T08:30 or 2026-03-01 08:30:00");
            return false;
        }

        return offset is { } known
            ? TimeText.TryMakeUtc(clock, known, field, out instant, out problem)
            : _mapping.Clock.TryToUtc(clock, field, out instant, out problem);
    }

    private bool TryReadUnixTime(string text, string field, out DateTimeOffset instant, out Problem problem)
    {
        instant = default;
        if (!decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal count))
        {
            problem = new Problem(RejectReason.InvalidTime, $"{field}: '{Excerpt.Of(text)}' is not a number of seconds or milliseconds since 1970");
            return false;
        }

        decimal seconds = _mapping.TimeFormat == TimeFormat.UnixSeconds ? count : count / 1_000;
        if (seconds is < 0 or > 10_000_000_000)
        {
            problem = new Problem(RejectReason.TimeOutOfRange, $"{field}: the year must be from 1971 to 2099");
            return false;
        }

        DateTime clock = DateTime.UnixEpoch.AddTicks((long)(seconds * 1_000_000) * TimeSpan.TicksPerMicrosecond);
        return TimeText.TryMakeUtc(clock, TimeSpan.Zero, field, out instant, out problem);
    }

    private bool TryReadNumbers(EventTemplate template, string[] fields, out Problem problem)
    {
        problem = default;
        _numbers.Clear();
        for (int slot = 0; slot < template.Numbers.Length; slot++)
        {
            if (template.Numbers[slot] is not { } source)
            {
                continue;
            }

            string text = source.Constant ?? fields[_columns[source.Column!]];
            if (text.Length == 0)
            {
                continue; // Not known.
            }

            string name = EventNumbers.Names[slot];
            if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number))
            {
                problem = new Problem(RejectReason.InvalidNumber, $"{name}: '{Excerpt.Of(text)}' is not a number");
                return false;
            }

            if (!_numbers.TrySet(slot, (number * source.Scale) + source.Offset))
            {
                problem = new Problem(RejectReason.NumberOutOfRange, $"{name}: '{Excerpt.Of(text)}' is not finite or too large");
                return false;
            }
        }

        return true;
    }

    private string? Text(EventTemplate template, int field, string[] fields)
    {
        if (template.Texts[field] is not { } source)
        {
            return null;
        }

        if (source.Constant is { } constant)
        {
            return constant;
        }

        string text = fields[_columns[source.Column!]];
        return text.Length == 0 ? null : Pooled(text);
    }

    private string Pooled(string text)
    {
        Span<byte> utf8 = stackalloc byte[128];
        return Encoding.UTF8.TryGetBytes(text, utf8, out int length) ? _pool.Get(utf8[..length]) : text;
    }
}

/// <summary>One trip of a row.</summary>
internal readonly record struct Trip(string StartRegion, DateTimeOffset StartedAt, string EndRegion, DateTimeOffset EndedAt, bool EndsOutside);
