using System.Globalization;
using System.Text;
using PricingCore.Cli.Replay.Csv;

namespace PricingCore.Cli.Panels;

/// <summary>A panel's mapping tied to the columns of one file: reads a row, or says what is wrong with it.</summary>
/// <threadsafety>One thread at a time.</threadsafety>
internal sealed class PanelRowParser
{
    /// <summary>The largest count of a bucket, in bookings: ten million of an hour are 2,800 a second.</summary>
    public const double MaxEventsPerBucket = 10_000_000;

    private const int MaxRegionLength = 64;

    private readonly PanelMapping _mapping;
    private readonly int _file;
    private readonly Dictionary<string, int> _columns = new(StringComparer.Ordinal);

    /// <exception cref="CommandFailedException">The mapping names columns that the file does not have.</exception>
    public PanelRowParser(PanelMapping mapping, IReadOnlyList<string> header, string path, int file)
    {
        _mapping = mapping;
        _file = file;
        for (int i = 0; i < header.Count; i++)
        {
            _columns.TryAdd(header[i], i);
        }

        string[] errors = [.. ColumnsOf(mapping).Distinct()
            .Where(column => !_columns.ContainsKey(column))
            .Select(column => $"{path}: line 1: no column '{column}', which the mapping uses; there are {string.Join(", ", header.Select(Excerpt.Of))}")];
        if (errors.Length > 0)
        {
            throw new CommandFailedException($"{path} does not fit its mapping: {errors.Length} error(s)") { ExitCode = ExitCode.WrongUsage, Errors = errors };
        }
    }

    /// <summary>The condition that leaves the row out; null when none does.</summary>
    public SkipCondition? Skips(string[] fields) =>
        _mapping.SkipWhen.FirstOrDefault(condition => condition.Values.Contains(fields[_columns[condition.Column]]));

    public bool TryParse(string[] fields, long line, out PanelRow row, out Problem problem)
    {
        row = null!;
        if (!TryReadStart(fields, out DateTimeOffset start, out problem)
            || !TryReadRegion(fields, out string region, out problem)
            || !TryReadCount(fields, out double count, out problem)
            || !TryReadCovariates(fields, out float[] covariates, out problem))
        {
            return false;
        }

        row = new PanelRow(start, region, count, covariates, _file, line);
        return true;
    }

    private static IEnumerable<string> ColumnsOf(PanelMapping mapping) =>
        new[] { mapping.Timestamp.Column, mapping.Timestamp.HourColumn, mapping.Region.Column, mapping.CountColumn }.OfType<string>()
            .Concat(mapping.Covariates.Select(covariate => covariate.Source.Column!))
            .Concat(mapping.SkipWhen.Select(condition => condition.Column));

    private bool TryReadStart(string[] fields, out DateTimeOffset start, out Problem problem)
    {
        PanelTimestamp timestamp = _mapping.Timestamp;
        string text = fields[_columns[timestamp.Column]];
        start = default;
        TimeSpan? offset = null;
        DateTime clock;
        if (timestamp.Format is { } format)
        {
            if (!DateTime.TryParseExact(text, format, CultureInfo.InvariantCulture, default, out clock))
            {
                problem = new Problem(RejectReason.InvalidTime, $"{timestamp.Column}: '{Excerpt.Of(text)}' is not a time of the form {format}");
                return false;
            }
        }
        else if (!TimeText.TryRead(Encoding.UTF8.GetBytes(text), out clock, out offset, out _))
        {
            problem = new Problem(RejectReason.InvalidTime, $"{timestamp.Column}: '{Excerpt.Of(text)}' is not a time such as 2026-03-01T08:30");
            return false;
        }

        if (timestamp.HourColumn is { } hourColumn)
        {
            string hourText = fields[_columns[hourColumn]];
            if (!int.TryParse(hourText, NumberStyles.None, CultureInfo.InvariantCulture, out int hour) || hour > 23)
            {
                problem = new Problem(RejectReason.InvalidTime, $"{hourColumn}: '{Excerpt.Of(hourText)}' is not an hour from 0 to 23");
                return false;
            }

            clock = clock.Date.AddHours(hour);
        }

        if (!(offset is { } known
            ? TimeText.TryMakeUtc(clock, known, timestamp.Column, out DateTimeOffset instant, out problem)
            : _mapping.Clock.TryToUtc(clock, timestamp.Column, out instant, out problem)))
        {
            return false;
        }

        TimeSpan back = timestamp.Means switch { BucketPoint.End => _mapping.Bucket, BucketPoint.Centre => _mapping.Bucket / 2, _ => TimeSpan.Zero };
        start = instant - back + _mapping.Shift;
        if (start.Ticks % _mapping.Bucket.Ticks != 0)
        {
            problem = new Problem(
                RejectReason.InvalidTime,
                FormattableString.Invariant($"{timestamp.Column}: the bucket would begin at {start:yyyy-MM-ddTHH:mm}Z, which is no whole multiple of {_mapping.Bucket.TotalMinutes} minutes: check 'means' and 'shift_minutes'"));
            return false;
        }

        return true;
    }

    private bool TryReadRegion(string[] fields, out string region, out Problem problem)
    {
        problem = default;
        region = _mapping.Region.Constant ?? fields[_columns[_mapping.Region.Column!]];
        if (region.Length is > 0 and <= MaxRegionLength && region != "*")
        {
            return true;
        }

        problem = new Problem(RejectReason.MissingField, $"{_mapping.Region.Column}: a region has 1 to {MaxRegionLength} characters");
        return false;
    }

    private bool TryReadCount(string[] fields, out double count, out Problem problem)
    {
        problem = default;
        string text = fields[_columns[_mapping.CountColumn]];
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out count) || !double.IsFinite(count))
        {
            problem = new Problem(RejectReason.InvalidNumber, $"{_mapping.CountColumn}: '{Excerpt.Of(text)}' is not a number");
            return false;
        }

        if (count < 0 || count / _mapping.PerEvent > MaxEventsPerBucket)
        {
            problem = new Problem(
                RejectReason.NumberOutOfRange,
                FormattableString.Invariant($"{_mapping.CountColumn}: '{Excerpt.Of(text)}' must be from 0 to {MaxEventsPerBucket * _mapping.PerEvent:0}; per_event is {_mapping.PerEvent}"));
            return false;
        }

        return true;
    }

    private bool TryReadCovariates(string[] fields, out float[] numbers, out Problem problem)
    {
        problem = default;
        numbers = new float[_mapping.Covariates.Count];
        for (int i = 0; i < numbers.Length; i++)
        {
            PanelCovariate covariate = _mapping.Covariates[i];
            string text = fields[_columns[covariate.Source.Column!]];
            numbers[i] = float.NaN;
            if (text.Length == 0)
            {
                continue; // Not known.
            }

            if (!covariate.Values.TryGetValue(text, out double number)
                && !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number))
            {
                problem = new Problem(
                    RejectReason.InvalidNumber,
                    $"{covariate.Source.Column}: '{Excerpt.Of(text)}' is not a number{(covariate.Values.Count > 0 ? $", nor one of {string.Join(", ", covariate.Values.Keys)}" : "")}");
                return false;
            }

            numbers[i] = (float)((number * covariate.Source.Scale) + covariate.Source.Offset);
        }

        return true;
    }
}
