namespace PricingCore.Surge;

/// <summary>How much each cause adds to the multiplier, in steps of 1/10,000 (4,500 is +0.45).</summary>
/// <param name="Demand">From how busy the region is forecast to be.</param>
/// <param name="Supply">From how scarce free units are against demand.</param>
/// <param name="TimeOfDay">From the local hour.</param>
/// <param name="Weather">From rain, wind and visibility; always 0 in the reference formula.</param>
/// <param name="Events">From city events near by.</param>
/// <threadsafety>Immutable.</threadsafety>
public readonly record struct SurgeFactors(int Demand, int Supply, int TimeOfDay, int Weather, int Events)
{
    /// <summary>All five together, in steps.</summary>
    public int Sum => Demand + Supply + TimeOfDay + Weather + Events;

    /// <summary>The names of the factors in answers, in order.</summary>
    public static IReadOnlyList<string> Names { get; } = ["demand", "supply", "time_of_day", "weather", "events"];

    /// <summary>The factor at a place in <see cref="Names"/>, in steps.</summary>
    /// <param name="index">From 0 to 4.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is not a place in <see cref="Names"/>.</exception>
    public int this[int index] => index switch
    {
        0 => Demand,
        1 => Supply,
        2 => TimeOfDay,
        3 => Weather,
        4 => Events,
        _ => throw new ArgumentOutOfRangeException(nameof(index), index, "A factor has an index from 0 to 4."),
    };

    /// <summary>Each factor with its name, in order, zeros included.</summary>
    public IEnumerable<(string Name, int Steps)> AsPairs()
    {
        for (int i = 0; i < Names.Count; i++)
        {
            yield return (Names[i], this[i]);
        }
    }
}
