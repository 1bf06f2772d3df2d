using System.Text;

namespace PricingCore.Events.Json;

/// <summary>The snake_case names of event kinds, for example <c>supply_available</c>.</summary>
internal static class EventKinds
{
    private static readonly (byte[] Utf8, MarketEventKind Kind)[] Named =
        [.. Enum.GetValues<MarketEventKind>()
            .Where(kind => kind != MarketEventKind.None)
            .Select(kind => (Encoding.UTF8.GetBytes(RejectReason.SnakeCase(kind.ToString())), kind))];

    /// <summary>The kinds a file may hold, for messages.</summary>
    public static string Known { get; } = string.Join(
        ", ",
        Named.Where(named => !IsReserved(named.Kind)).Select(named => Encoding.UTF8.GetString(named.Utf8)));

    /// <summary>Finds a kind by its name; those that only the engine makes are found too, and refused by the gate.</summary>
    public static bool TryFind(ReadOnlySpan<byte> name, out MarketEventKind kind)
    {
        foreach ((byte[] utf8, MarketEventKind named) in Named)
        {
            if (name.SequenceEqual(utf8))
            {
                kind = named;
                return true;
            }
        }

        kind = MarketEventKind.None;
        return false;
    }

    private static bool IsReserved(MarketEventKind kind) => kind is MarketEventKind.RulesPublished or MarketEventKind.ModelDeployed
        or MarketEventKind.Tick or MarketEventKind.ForecastReady or MarketEventKind.DecisionRequested;
}
