using System.Globalization;
using System.Text.Json;
using PricingCore.Cli.Replay.Csv;
using PricingCore.Cli.Replay.Input;
using PricingCore.Regions;

namespace PricingCore.Cli.Replay.Regions;

/// <summary>Reads the regions of a replay, from JSON or from a CSV with a small mapping.</summary>
internal static class RegionFile
{
    private const int MaxRegions = 1_000_000;
    private const int MaxNeighbours = 16;

    /// <param name="path">JSON when it begins with { or [, otherwise CSV.</param>
    /// <param name="mapPath">The mapping of a CSV; null for columns named as in JSON.</param>
    /// <exception cref="CommandFailedException">The file cannot be read or is wrong; all errors are in it.</exception>
    public static async ValueTask<IReadOnlyList<Region>> LoadAsync(string path, string? mapPath)
    {
        byte[] bytes = InputFile.ReadAll(path);
        bool isJson = bytes.AsSpan().TrimStart(" \t\r\n"u8) is [(byte)'{' or (byte)'[', ..];
        IReadOnlyList<Region> regions = isJson
            ? ReadJson(bytes, path)
            : await ReadCsvAsync(path, mapPath is null ? RegionMapping.Plain : RegionMapping.Load(mapPath)).ConfigureAwait(false);
        Require(regions, path);
        return regions;
    }

    private static List<Region> ReadJson(byte[] bytes, string path)
    {
        var walk = new JsonWalk(path);
        using JsonDocument document = walk.Parse(bytes);
        JsonElement list = document.RootElement.ValueKind == JsonValueKind.Object
            && walk.Members(document.RootElement, "$", "regions").TryGetValue("regions", out JsonElement member)
            ? member
            : document.RootElement;
        var regions = new List<Region>();
        foreach (JsonElement item in walk.Items(list, "$"))
        {
            string at = $"$[{regions.Count}]";
            Dictionary<string, JsonElement> members = walk.Members(item, at, "id", "name", "time_zone", "latitude", "longitude", "neighbours");
            string id = walk.Text(members, "id", at, required: true) ?? "?";
            regions.Add(new Region(id)
            {
                Name = walk.Text(members, "name", at) ?? id,
                TimeZone = walk.Text(members, "time_zone", at) ?? "UTC",
                Latitude = walk.Number(members, "latitude", at, double.NaN, -90, 90),
                Longitude = walk.Number(members, "longitude", at, double.NaN, -180, 180),
                Neighbours = members.TryGetValue("neighbours", out JsonElement neighbours)
                    ? [.. walk.Items(neighbours, $"{at}.neighbours").Select(n => n.ValueKind == JsonValueKind.String ? n.GetString()! : n.GetRawText())]
                    : [],
            });
        }

        walk.ThrowIfErrors("the regions");
        return regions;
    }

    private static async ValueTask<IReadOnlyList<Region>> ReadCsvAsync(string path, RegionMapping mapping)
    {
        using InputFile input = InputFile.Open(path);
        using var rejects = new RejectLog([path], output: null);
        await using var rows = new CsvRows(new LineReader(input.Content), mapping.Delimiter, 0, rejects);
        await rows.ReadHeaderAsync().ConfigureAwait(false);
        var columns = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < rows.Header.Count; i++)
        {
            columns.TryAdd(rows.Header[i], i);
        }

        var errors = new List<string>();
        int id = Column(mapping.Id, required: true);
        int name = Column(mapping.Name);
        int zone = Column(mapping.TimeZoneColumn);
        int latitude = Column(mapping.Latitude);
        int longitude = Column(mapping.Longitude);
        int neighbours = Column(mapping.Neighbours);
        var regions = new List<Region>();
        while (errors.Count == 0 && await rows.MoveNextAsync().ConfigureAwait(false))
        {
            string[] fields = rows.Fields;
            regions.Add(new Region(fields[id])
            {
                Name = name < 0 || fields[name].Length == 0 ? fields[id] : fields[name],
                TimeZone = zone < 0 || fields[zone].Length == 0 ? mapping.TimeZone : fields[zone],
                Latitude = Degrees(fields, latitude, 90, rows.Line),
                Longitude = Degrees(fields, longitude, 180, rows.Line),
                Neighbours = neighbours < 0 ? [] : fields[neighbours].Split(' ', StringSplitOptions.RemoveEmptyEntries),
            });
        }

        errors.AddRange(rejects.Broken);
        errors.AddRange(rejects.Counts.Select(count => $"{path}: {count.Value} line(s) rejected as {count.Key}"));
        Throw(errors, path);
        return mapping.Nearest > 0 ? NeighbourGraph.Connect(regions, mapping.Nearest, mapping.WithinKm) : regions;

        int Column(string? wanted, bool required = false)
        {
            if (wanted is not null && columns.TryGetValue(wanted, out int index))
            {
                return index;
            }

            if (required || (wanted is not null && mapping != RegionMapping.Plain))
            {
                errors.Add($"{path}: line 1: no column '{wanted}'; there are {string.Join(", ", rows.Header.Select(Excerpt.Of))}. Map them with --regions-map");
            }

            return -1;
        }

        double Degrees(string[] fields, int column, double limit, long line)
        {
            if (column < 0 || fields[column].Length == 0)
            {
                return double.NaN;
            }

            if (double.TryParse(fields[column], NumberStyles.Float, CultureInfo.InvariantCulture, out double degrees) && Math.Abs(degrees) <= limit)
            {
                return degrees;
            }

            errors.Add($"{path}: line {line}: '{Excerpt.Of(fields[column])}' is not a number of degrees up to {limit}");
            return double.NaN;
        }
    }

    private static void Require(IReadOnlyList<Region> regions, string path)
    {
        var errors = new List<string>();
        var ids = new HashSet<string>(StringComparer.Ordinal);
        if (regions.Count is 0 or > MaxRegions)
        {
            errors.Add($"{path}: {regions.Count} regions; there must be from 1 to {MaxRegions}");
        }

        foreach (Region region in regions)
        {
            if (string.IsNullOrWhiteSpace(region.Id) || region.Id.Length > 64)
            {
                errors.Add($"{path}: '{Excerpt.Of(region.Id)}' is not a region id of 1 to 64 characters");
            }
            else if (!ids.Add(region.Id))
            {
                errors.Add($"{path}: region '{region.Id}' comes twice");
            }

            if (!TimeZoneInfo.TryFindSystemTimeZoneById(region.TimeZone, out _))
            {
                errors.Add($"{path}: region '{region.Id}': '{Excerpt.Of(region.TimeZone)}' is not a known IANA time zone");
            }
        }

        foreach (Region region in regions)
        {
            if (region.Neighbours.Count > MaxNeighbours)
            {
                errors.Add($"{path}: region '{region.Id}' has {region.Neighbours.Count} neighbours; at most {MaxNeighbours} are allowed");
            }

            errors.AddRange(region.Neighbours
                .Where(neighbour => !ids.Contains(neighbour))
                .Select(neighbour => $"{path}: region '{region.Id}': its neighbour '{Excerpt.Of(neighbour)}' is not in the file"));
        }

        Throw(errors, path);
    }

    private static void Throw(List<string> errors, string path)
    {
        if (errors.Count > 0)
        {
            throw new CommandFailedException($"{path}: {errors.Count} error(s) in the regions; fix them all and try again")
            {
                ExitCode = ExitCode.WrongUsage,
                Errors = errors,
            };
        }
    }
}
