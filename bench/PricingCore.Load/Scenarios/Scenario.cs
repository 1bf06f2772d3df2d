using System.Text.Json;

namespace PricingCore.Load.Scenarios;

/// <summary>What a service is put through, one phase after the other.</summary>
/// <param name="Regions">Regions of the market.</param>
/// <param name="Phases">The phases.</param>
/// <param name="RequestIds">Whether each request for a price brings an id and a user, as those of an application do: then its answer is remembered.</param>
internal sealed record Scenario(int Regions, IReadOnlyList<ScenarioPhase> Phases, bool RequestIds = false)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>Reads a file such as bench/scenarios/day.json.</summary>
    /// <exception cref="ArgumentException">It is not a scenario.</exception>
    public static Scenario Load(string path)
    {
        try
        {
            Scenario? scenario = JsonSerializer.Deserialize<Scenario>(File.ReadAllBytes(path), Json);
            return scenario is { Regions: > 0, Phases.Count: > 0 } && scenario.Phases.All(phase => phase.IsLegal)
                ? scenario
                : throw new ArgumentException($"{path}: a scenario has regions and phases, and a phase a name, seconds and rates from 0 on.");
        }
        catch (Exception wrong) when (wrong is JsonException or IOException)
        {
            throw new ArgumentException($"{path}: {wrong.Message}", wrong);
        }
    }
}

/// <summary>A phase: rates that are kept whatever the service does.</summary>
/// <param name="Name">What it is called in the report.</param>
/// <param name="Seconds">How long it lasts.</param>
/// <param name="RequestsPerSecond">Prices asked for over HTTP.</param>
/// <param name="EventsPerSecond">Market events sent.</param>
/// <param name="SlowClients">Connections beside it that send a byte now and then and never finish.</param>
internal sealed record ScenarioPhase(string Name, int Seconds, int RequestsPerSecond, int EventsPerSecond, int SlowClients = 0)
{
    /// <summary>Whether it can be run.</summary>
    public bool IsLegal => !string.IsNullOrWhiteSpace(Name) && Seconds > 0 && RequestsPerSecond >= 0 && EventsPerSecond >= 0 && SlowClients >= 0;
}
