using System.Text.Json;
using PricingCore.Cli.Replay.Input;

namespace PricingCore.Cli.Replay.Regions;

/// <summary>Which columns of a CSV describe a region, and how neighbours are found when there is no column for them.</summary>
internal sealed record RegionMapping
{
    /// <summary>Columns named as the members of the JSON form; each may be absent but the id.</summary>
    public static readonly RegionMapping Plain = new()
    {
        Name = "name",
        TimeZoneColumn = "time_zone",
        Latitude = "latitude",
        Longitude = "longitude",
        Neighbours = "neighbours",
    };

    public string Id { get; init; } = "id";

    public string? Name { get; init; }

    public string? TimeZoneColumn { get; init; }

    public string? Latitude { get; init; }

    public string? Longitude { get; init; }

    /// <summary>A column of region ids with spaces between them.</summary>
    public string? Neighbours { get; init; }

    /// <summary>The time zone of rows without one.</summary>
    public string TimeZone { get; init; } = "UTC";

    public char Delimiter { get; init; } = ',';

    /// <summary>How many of the nearest regions become neighbours; 0 for none.</summary>
    public int Nearest { get; init; }

    /// <summary>How far a neighbour may be, in kilometres.</summary>
    public double WithinKm { get; init; } = 5;

    /// <exception cref="CommandFailedException">The file cannot be read or is wrong.</exception>
    public static RegionMapping Load(string path)
    {
        var walk = new JsonWalk(path);
        using JsonDocument document = walk.Parse(InputFile.ReadAll(path));
        Dictionary<string, JsonElement> members = walk.Members(document.RootElement, "$", "columns", "time_zone", "delimiter", "nearest_neighbours");
        Dictionary<string, JsonElement> columns = members.TryGetValue("columns", out JsonElement element)
            ? walk.Members(element, "$.columns", "id", "name", "time_zone", "latitude", "longitude", "neighbours")
            : [];
        Dictionary<string, JsonElement> nearest = members.TryGetValue("nearest_neighbours", out JsonElement graph)
            ? walk.Members(graph, "$.nearest_neighbours", "count", "within_km")
            : [];
        string? delimiter = walk.Text(members, "delimiter", "$");
        if (delimiter is { Length: > 1 })
        {
            walk.Error("$.delimiter", "must be one character");
        }

        var mapping = new RegionMapping
        {
            Id = walk.Text(columns, "id", "$.columns", required: true) ?? "id",
            Name = walk.Text(columns, "name", "$.columns"),
            TimeZoneColumn = walk.Text(columns, "time_zone", "$.columns"),
            Latitude = walk.Text(columns, "latitude", "$.columns"),
            Longitude = walk.Text(columns, "longitude", "$.columns"),
            Neighbours = walk.Text(columns, "neighbours", "$.columns"),
            TimeZone = walk.Text(members, "time_zone", "$") ?? "UTC",
            Delimiter = delimiter is null ? ',' : delimiter[0],
            Nearest = (int)walk.Number(nearest, "count", "$.nearest_neighbours", standard: 0, least: 0, largest: 16),
            WithinKm = walk.Number(nearest, "within_km", "$.nearest_neighbours", standard: 5, least: 0.001, largest: 20_000),
        };
        walk.ThrowIfErrors("the region mapping");
        return mapping;
    }
}
