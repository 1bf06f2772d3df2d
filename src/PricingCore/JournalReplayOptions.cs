using PricingCore.Features;
using PricingCore.Forecasts;
using PricingCore.Rules;
using PricingCore.Storage;
using PricingCore.Surge;

namespace PricingCore;

/// <summary>How a journal is replayed: as it was, or asking what other rules or another model would have decided.</summary>
/// <threadsafety>Not thread-safe; read once, when the replay begins.</threadsafety>
public sealed class JournalReplayOptions
{
    /// <summary>The feature schema that the journal was written with.</summary>
    /// <value>The 64 features of <see cref="FeatureSchema.Mobility"/> unless set.</value>
    public FeatureSchema Schema { get; set; } = FeatureSchema.Mobility;

    /// <summary>Rules to decide by in place of every rule set in the journal.</summary>
    /// <value>Null unless set: the journal's rules.</value>
    public RuleSet? Rules { get; set; }

    /// <summary>A model to forecast with in place of the forecasts in the journal.</summary>
    /// <value>Null unless set: the journal's forecasts, for which no model is needed.</value>
    public IForecaster? Forecaster { get; set; }

    /// <summary>Told of each decision; from the threads of several loops when the journal is of several.</summary>
    /// <value>Null unless set.</value>
    public Action<SurgeDecision>? OnDecision { get; set; }

    /// <summary>Told now and then how many records have been handled.</summary>
    /// <value>Null unless set.</value>
    public Action<long>? OnProgress { get; set; }

    /// <summary>Told of each booking that counts, with its region, its product (null when it names none) and when it was received; from the threads of several loops.</summary>
    internal Action<string, string?, DateTimeOffset>? OnBooking { get; set; }

    /// <summary>The files; those of the operating system unless a simulation sets others.</summary>
    internal IFileStore Files { get; set; } = DiskFileStore.Instance;
}
