using System.Globalization;
using PricingCore.Rules;

namespace PricingCore.Sidecar.Tests.Caps;

/// <summary>Rule sets with caps of their own, in the order that they are published, and how far that has come.</summary>
/// <threadsafety>Any thread; one publishes.</threadsafety>
internal sealed class CapBoard
{
    private const int Steps = 10_000; // Of a multiplier of one.

    private readonly (string Json, int CapSteps)[] _sets;
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private volatile int _answered;
    private volatile int _sent;

    /// <param name="count">How many rule sets.</param>
    /// <param name="seed">Draws their caps.</param>
    public CapBoard(int count, int seed)
    {
        var random = new Random(seed);
        _sets = [.. Enumerable.Range(0, count).Select(place => Make(place, random))];
        for (int place = 0; place < count; place++)
        {
            _places.Add(RuleSet.Parse(_sets[place].Json).Version, place);
        }
    }

    /// <summary>How many rule sets there are.</summary>
    public int Count => _sets.Length;

    /// <summary>The place of the newest rule set that the service has answered to be in force.</summary>
    public int Answered => _answered;

    /// <summary>Publishes the rule sets after the first, one after the other.</summary>
    /// <param name="publish">Publishes rules, and returns when the service has answered.</param>
    public async Task PublishAsync(Func<string, Task> publish)
    {
        for (int place = 0; place < _sets.Length; place++)
        {
            _sent = place;
            await publish(_sets[place].Json);
            _answered = place;
        }
    }

    /// <summary>Checks a price that says by which rules it was made.</summary>
    /// <param name="version">Those rules.</param>
    /// <param name="answeredBefore"><see cref="Answered"/> before the price was asked for.</param>
    /// <param name="baseMinorUnits">The price without surge.</param>
    /// <param name="minorUnits">The price.</param>
    public void Check(string version, int answeredBefore, long baseMinorUnits, long minorUnits)
    {
        Assert.True(_places.TryGetValue(version, out int place), $"{version} is none of the rule sets.");
        Assert.True(place >= answeredBefore, $"Asked for after the answer to rule set {answeredBefore}, and priced by {place}.");
        Assert.True(IsWithin(place, baseMinorUnits, minorUnits), $"{minorUnits} for {baseMinorUnits} by rule set {place}, whose cap is {_sets[place].CapSteps}.");
    }

    /// <summary>Checks a price that does not say so: some rule set that may have been in force must allow it.</summary>
    public void Check(int answeredBefore, long baseMinorUnits, long minorUnits)
    {
        int sent = _sent;
        Assert.True(
            Enumerable.Range(answeredBefore, sent - answeredBefore + 1).Any(place => IsWithin(place, baseMinorUnits, minorUnits)),
            $"{minorUnits} for {baseMinorUnits}, and no cap of rule sets {answeredBefore} to {sent} allows it.");
    }

    private bool IsWithin(int place, long baseMinorUnits, long minorUnits) => minorUnits * Steps <= baseMinorUnits * _sets[place].CapSteps;

    /// <summary>The reference formula is 1.3 at least, so that nearly each of these caps is what decides; a third of them is an emergency cap, and the increments do not fit.</summary>
    private static (string Json, int CapSteps) Make(int place, Random random)
    {
        int cap = random.Next(1_000, 1_600);
        string multiplier = string.Create(CultureInfo.InvariantCulture, $"{cap / 1_000m}");
        string caps = place % 3 == 0 ? $"\"max_multiplier\":3.0,\"emergency_cap\":{multiplier}" : $"\"max_multiplier\":{multiplier}";
        string increment = (place % 4) switch { 0 => "0.25", 1 => "1.00", 2 => "0.10", _ => "0.01" };
        string json = $$"""{"rules":[{"region_id":"*","product_type":"*","base_price":12.00,"currency":"USD","min_multiplier":1.0,{{caps}},"increment":{{increment}},"hysteresis":0.{{place + 1:D4}}}]}""";
        return (json, 10 * cap);
    }
}
