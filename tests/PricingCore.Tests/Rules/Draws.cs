using FsCheck;
using FsCheck.Fluent;
using PricingCore.Money;
using PricingCore.Rules;
using PricingCore.Surge;

namespace PricingCore.Tests.Rules;

/// <summary>A random case as a row of numbers, from which rules and inputs are drawn in order.</summary>
/// <remarks>Zeros draw the plainest case, so a failure shrinks to it.</remarks>
internal sealed class Draws(int[] numbers)
{
    private const int Count = 48;

    private static readonly string[] Currencies = ["USD", "JPY", "KWD", "EUR"];
    private static readonly double[] Corners = [0, 1, 0.5, 0.25, 0.1, 1e-9, 0.999999];

    private int _next;

    /// <summary>Thousands of cases each, where one costs microseconds.</summary>
    public static Config Thorough { get; } = Config.QuickThrowOnFailure.WithMaxTest(3_000);

    public static Arbitrary<int[]> Cases { get; } =
        Arb.From(Gen.Choose(0, int.MaxValue).ArrayOf(Count), Shrink);

    public static void Hold(Action<Draws> property) => Check.One(Thorough, Prop.ForAll(Cases, numbers => property(new Draws(numbers))));

    public int Int(int least, int largest) => least + (int)(Number() % (largest - (long)least + 1));

    public long Long(long least, long largest) => least + (((long)Number() << 31) + Number()) % (largest - least + 1);

    public bool Coin() => Number() % 2 == 1;

    /// <summary>From 0 to 1, often a corner.</summary>
    public double Share()
    {
        int number = Number();
        return number % 4 == 0 ? Corners[number / 4 % Corners.Length] : number / (double)int.MaxValue;
    }

    public PricingRule Rule()
    {
        int max = Coin() ? Int(0, 40_000) : Int(0, SurgeMultiplier.MaxSteps);
        var currency = Currency.FromCode(Currencies[Int(0, Currencies.Length - 1)]);
        var rule = new PricingRule
        {
            BasePrice = new Amount(Coin() ? Int(1, 5_000) : Long(1, 1_000_000_000_000), currency),
            MinMultiplier = SurgeMultiplier.FromSteps(Math.Min(max, Int(0, 20_000))),
            MaxMultiplier = SurgeMultiplier.FromSteps(max),
            Formula = (SurgeFormulaKind)Int(0, 1),
            Mode = (PricingMode)Int(0, 1),
            Threshold = Share(),
            Slope = 0.1 + 99.9 * Share(),
            Weights = Coin()
                ? SurgeWeights.Default
                : new SurgeWeights(10 * Share(), 10 * Share(), 10 * Share(), 10 * Share(), 10 * Share()),
            MaxStepPerMinute = Coin() ? Int(1, 20_000) : null,
            Hysteresis = Coin() ? Int(0, 5_000) : 0,
            Smoothing = Coin() ? Share() : 0,
            EmergencyCap = Int(0, 3) == 3 ? SurgeMultiplier.FromSteps(Int(0, 40_000)) : null,
            Experiment = Coin() ? new PricingExperiment("trial-" + Int(0, 9), Share(), Int(-10_000, 10_000)) : null,
        };
        return Coin() ? rule with { IncrementMinorUnits = Coin() ? Int(1, 1_000) : Long(1, 1_000_000_000_000) } : rule;
    }

    public SurgeInputs Inputs() => new()
    {
        DemandScore = Share(),
        Demand = Coin() ? Int(0, 200) : Share(),
        AvailableSupply = Coin() ? Int(0, 200) : 10 * Share(),
        Hour = Int(0, 23),
        NearbyEventScore = Share(),
        WeatherScore = Share(),
        NeighbourSteps = Coin() ? Int(0, 50_000) : null,
        PreviousSteps = Coin() ? Int(0, 50_000) : null,
        SincePreviousMicros = Int(0, 300_000_000),
        RegionHash = (ulong)Long(0, long.MaxValue - 1) * 2,
        IsStale = Int(0, 9) == 9,
    };

    private int Number() => numbers[_next++ % numbers.Length];

    private static IEnumerable<int[]> Shrink(int[] numbers)
    {
        for (int i = 0; i < numbers.Length; i++)
        {
            foreach (int smaller in new[] { 0, numbers[i] / 2, numbers[i] - 1 })
            {
                if (smaller >= 0 && smaller < numbers[i])
                {
                    int[] shrunk = [.. numbers];
                    shrunk[i] = smaller;
                    yield return shrunk;
                }
            }
        }
    }
}
