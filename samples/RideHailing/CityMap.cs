using System.Text.Json.Nodes;
using PricingCore.Regions;

namespace RideHailing;

/// <summary>A city of 6 by 8 zones, each with the zones around it as neighbours.</summary>
internal static class CityMap
{
    public const int Rows = 6;
    public const int Columns = 8;

    public static IReadOnlyList<Region> Regions { get; } =
    [
        .. from row in Enumerable.Range(0, Rows)
           from column in Enumerable.Range(0, Columns)
           select new Region(ZoneAt(row, column)) { Neighbours = [.. Around(row, column)] },
    ];

    /// <summary>A zone by its place: <c>a1</c> is top left.</summary>
    public static string ZoneAt(int row, int column) => $"{(char)('a' + row)}{column + 1}";

    /// <summary>What the page draws.</summary>
    public static IResult Json() => Results.Text(
        new JsonObject { ["rows"] = Rows, ["columns"] = Columns, ["zones"] = new JsonArray([.. Regions.Select(region => JsonValue.Create(region.Id))]) }.ToJsonString(),
        "application/json");

    private static IEnumerable<string> Around(int row, int column) =>
        from r in Enumerable.Range(row - 1, 3)
        from c in Enumerable.Range(column - 1, 3)
        where (r, c) != (row, column) && r is >= 0 and < Rows && c is >= 0 and < Columns
        select ZoneAt(r, c);
}
