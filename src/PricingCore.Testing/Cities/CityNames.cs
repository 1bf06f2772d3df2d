namespace PricingCore.Testing.Cities;

/// <summary>Names for the regions of a city that does not exist.</summary>
internal static class CityNames
{
    private static readonly string[] Centre =
        ["Central Station", "Old Town", "Market Square", "Exchange", "Cathedral Quarter", "Theatre District", "Harbour Front"];

    private static readonly string[] First =
        ["Alder", "Birch", "Castle", "Chapel", "Copper", "Fern", "Garden", "Hazel", "Iron", "Lake", "Maple", "Mill", "North", "Oak", "Orchard",
        "Quarry", "River", "South", "Stone", "Willow"];

    private static readonly string[] Second =
        ["Bank", "Bridge", "Cross", "Field", "Gate", "Green", "Heights", "Hill", "Park", "Row", "Side", "Wharf"];

    /// <summary>Names of the downtown regions, the centre first.</summary>
    public static string Downtown(int index) => Centre[index];

    /// <summary>As many different names of suburbs as asked for.</summary>
    public static IReadOnlyList<string> Suburbs(int count, CityRandom random)
    {
        string[] all = [.. First.SelectMany(_ => Second, (first, second) => $"{first} {second}")];
        for (int i = all.Length - 1; i > 0; i--)
        {
            int other = random.Below(i + 1);
            (all[i], all[other]) = (all[other], all[i]);
        }

        return [.. Enumerable.Range(0, count).Select(i => i < all.Length ? all[i] : $"{all[i % all.Length]} {(i / all.Length) + 1}")];
    }
}
