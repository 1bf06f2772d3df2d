using PricingCore.Money;

namespace PricingCore.Rules;

/// <summary>How a product is priced in a region, from a date on.</summary>
/// <threadsafety>Immutable.</threadsafety>
public sealed record PricingRule
{
    /// <summary>Stands for every region or every product.</summary>
    public const string Any = "*";

    private readonly long? _increment;

    /// <summary>The region, or <c>*</c> for all.</summary>
    public string RegionId { get; init; } = Any;

    /// <summary>The product, or <c>*</c> for all.</summary>
    public string ProductType { get; init; } = Any;

    /// <summary>The price without surge.</summary>
    /// <value>From 1 to 1,000,000,000,000 minor units.</value>
    public required Amount BasePrice { get; init; }

    /// <summary>The least multiplier.</summary>
    /// <value>From 0 to <see cref="MaxMultiplier"/>; 1.0000 unless set.</value>
    public SurgeMultiplier MinMultiplier { get; init; } = SurgeMultiplier.One;

    /// <summary>The largest multiplier: no price ever crosses it.</summary>
    /// <value>From <see cref="MinMultiplier"/> to 100.0000; 3.0000 unless set.</value>
    public SurgeMultiplier MaxMultiplier { get; init; } = SurgeMultiplier.FromSteps(30_000);

    /// <summary>Prices are rounded to a multiple of this, in minor units.</summary>
    /// <value>From 1 to 1,000,000,000,000; 25 for currencies with two decimals, 250 with three and 1 with none, unless set.</value>
    public long IncrementMinorUnits
    {
        get => _increment ?? DefaultIncrement(BasePrice.Currency);
        init => _increment = value;
    }

    /// <summary>From when the rule holds.</summary>
    public DateTimeOffset EffectiveFrom { get; init; } = DateTimeOffset.UnixEpoch;

    /// <summary>The formula.</summary>
    /// <value><see cref="SurgeFormulaKind.Reference"/> unless set.</value>
    public SurgeFormulaKind Formula { get; init; }

    /// <summary>How a multiplier becomes a price.</summary>
    /// <value><see cref="PricingMode.Multiplicative"/> unless set.</value>
    public PricingMode Mode { get; init; }

    /// <summary>The demand score at which demand starts to raise the price.</summary>
    /// <value>From 0 to 1; 0.5 unless set.</value>
    public double Threshold { get; init; } = 0.5;

    /// <summary>How steep the centred formula's demand term is at the threshold; the reference formula has 1.</summary>
    /// <value>From 0.1 to 100; 6 unless set.</value>
    public double Slope { get; init; } = 6;

    /// <summary>The weight of each factor.</summary>
    public SurgeWeights Weights { get; init; } = SurgeWeights.Default;

    /// <summary>The multiplier of each local hour: 24 numbers.</summary>
    /// <value>Each from 0 to 10; 1.2 at 7, 8, 17 and 18 and 1 elsewhere unless set.</value>
    public IReadOnlyList<double> TimeMultipliers { get; init; } = SurgeWeights.DefaultTimeMultipliers;

    /// <summary>The largest change of the multiplier in one minute, in steps of 1/10,000; null for no limit.</summary>
    /// <value>From 1 to 1,000,000; null unless set.</value>
    public int? MaxStepPerMinute { get; init; }

    /// <summary>Changes smaller than this, in steps of 1/10,000, are not followed.</summary>
    /// <value>From 0 to 1,000,000; 0 unless set.</value>
    public int Hysteresis { get; init; }

    /// <summary>The share of the neighbours' mean in the multiplier.</summary>
    /// <value>From 0 to 1; 0 unless set.</value>
    public double Smoothing { get; init; }

    /// <summary>A last cap on the multiplier, for emergencies; null for none.</summary>
    /// <value>From 0 to 100.0000; where it is below <see cref="MinMultiplier"/>, the cap holds.</value>
    public SurgeMultiplier? EmergencyCap { get; init; }

    /// <summary>An experiment that some regions take part in; null for none.</summary>
    public PricingExperiment? Experiment { get; init; }

    /// <summary>A quarter of a major unit, or one major unit where there are no smaller ones.</summary>
    internal static long DefaultIncrement(Currency currency) => currency.Decimals switch { 2 => 25, 3 => 250, _ => 1 };
}
