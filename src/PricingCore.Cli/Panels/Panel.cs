using PricingCore.Cli.Replay.Csv;
using PricingCore.Cli.Replay.Input;
using PricingCore.Regions;

namespace PricingCore.Cli.Panels;

/// <summary>The rows of one or more files of a panel, in order of time and region, each bucket of a region once.</summary>
/// <threadsafety>Immutable.</threadsafety>
internal sealed class Panel
{
    private const int MaxRows = 20_000_000;

    private Panel(PanelMapping mapping, PanelRow[] rows)
    {
        Mapping = mapping;
        Rows = rows;
        Regions = [.. rows.Select(row => row.Region).Distinct().Order(StringComparer.Ordinal).Select(id => new Region(id) { TimeZone = mapping.TimeZone })];
    }

    public PanelMapping Mapping { get; }

    public IReadOnlyList<PanelRow> Rows { get; }

    /// <summary>The regions with their clock.</summary>
    public IReadOnlyList<Region> Regions { get; }

    /// <summary>Reads files that share a mapping. They may be parts of one panel, in any order.</summary>
    /// <param name="paths">CSV files, gzip or not.</param>
    /// <param name="mapping">How to read them.</param>
    /// <param name="rejects">Told of each row that cannot be used.</param>
    /// <exception cref="CommandFailedException">A file cannot be opened or does not fit the mapping, or no row can be used.</exception>
    public static async ValueTask<Panel> ReadAsync(IReadOnlyList<string> paths, PanelMapping mapping, RejectLog rejects)
    {
        var rows = new List<PanelRow>();
        for (int file = 0; file < paths.Count; file++)
        {
            await ReadFileAsync(paths[file], file, mapping, rejects, rows).ConfigureAwait(false);
        }

        if (rows.Count == 0)
        {
            throw new CommandFailedException($"no row of {string.Join(", ", paths)} can be used; add --rejects FILE to see why");
        }

        PanelRow[] sorted = [.. rows.OrderBy(row => row.Start).ThenBy(row => row.Region, StringComparer.Ordinal)];
        PanelRow[] unique = [.. WithoutRepeats(sorted, mapping, rejects)];
        return new Panel(mapping, mapping.MissingRowsAreZero ? [.. WithZeros(unique, mapping)] : unique);
    }

    private static async ValueTask ReadFileAsync(string path, int file, PanelMapping mapping, RejectLog rejects, List<PanelRow> rows)
    {
        using InputFile input = InputFile.Open(path);
        var csv = new CsvRows(new LineReader(input.Content), mapping.Delimiter, file, rejects);
        await using (csv.ConfigureAwait(false))
        {
            await csv.ReadHeaderAsync().ConfigureAwait(false);
            string[] header = [.. csv.Header];
            var parser = new PanelRowParser(mapping, header, path, file);
            while (await csv.MoveNextAsync().ConfigureAwait(false))
            {
                if (csv.Fields.AsSpan().SequenceEqual(header))
                {
                    continue; // Files that were put one behind the other have their header again.
                }

                if (parser.Skips(csv.Fields) is { } skipped)
                {
                    rejects.AddSkipped(skipped.Text);
                }
                else if (!parser.TryParse(csv.Fields, csv.Line, out PanelRow row, out Problem problem))
                {
                    rejects.Add(file, csv.Line, problem);
                }
                else if (rows.Count == MaxRows)
                {
                    throw new CommandFailedException($"a panel has at most {MaxRows} rows; {path} has more, from line {csv.Line} on");
                }
                else
                {
                    rows.Add(row);
                }
            }
        }
    }

    /// <summary>Adds rows of the same bucket and region to the first of them, or rejects them, as the mapping says.</summary>
    /// <remarks>Only within a file: files that overlap tell of the same things twice.</remarks>
    private static IEnumerable<PanelRow> WithoutRepeats(PanelRow[] sorted, PanelMapping mapping, RejectLog rejects)
    {
        PanelRow kept = sorted[0];
        foreach (PanelRow row in sorted.Skip(1))
        {
            if (row.Start != kept.Start || row.Region != kept.Region)
            {
                yield return kept;
                kept = row;
            }
            else if (mapping.AddsRowsOfSameBucket && row.File == kept.File)
            {
                kept = kept with { Count = kept.Count + row.Count };
            }
            else
            {
                rejects.Add(row.File, row.Line, new Problem(
                    RejectReason.RepeatedBucket,
                    FormattableString.Invariant($"'{Excerpt.Of(row.Region)}' has the bucket of {row.Start:yyyy-MM-ddTHH:mm}Z already, from line {kept.Line}; \"same_bucket\": \"sum\" adds them up")));
            }
        }

        yield return kept;
    }

    /// <summary>Puts a row of 0 where a region has none, from its first row to its last.</summary>
    private static IEnumerable<PanelRow> WithZeros(PanelRow[] rows, PanelMapping mapping)
    {
        var filled = new List<PanelRow>(rows.Length);
        foreach (IGrouping<string, PanelRow> region in rows.GroupBy(row => row.Region, StringComparer.Ordinal))
        {
            PanelRow? last = null;
            foreach (PanelRow row in region)
            {
                float[] unknown = [.. row.Covariates.Select(_ => float.NaN)];
                for (DateTimeOffset at = (last ?? row).Start + mapping.Bucket; last is not null && at < row.Start; at += mapping.Bucket)
                {
                    filled.Add(new PanelRow(at, row.Region, 0, unknown, row.File, row.Line));
                }

                filled.Add(last = row);
            }
        }

        return filled.OrderBy(row => row.Start).ThenBy(row => row.Region, StringComparer.Ordinal);
    }
}
