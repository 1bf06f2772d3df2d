using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using PricingCore.Audit;
using PricingCore.Events;
using PricingCore.Features;
using PricingCore.Forecasts;
using PricingCore.Forecasts.Models;
using PricingCore.Journal;
using PricingCore.Numerics;
using PricingCore.Quality;
using PricingCore.Regions;
using PricingCore.Rules;
using PricingCore.Tokens;

namespace PricingCore;

/// <summary>Every limit and choice of an engine: unit, range and default of each.</summary>
/// <remarks>A plain class, so that a host can bind it from configuration. <see cref="Validate"/> reports all errors at once.</remarks>
/// <threadsafety>Not thread-safe; the engine reads it once, when it starts.</threadsafety>
public sealed class PricingOptions
{
    /// <summary>The rules to price by.</summary>
    /// <value>No default: an engine without rules refuses every quote.</value>
    public RuleSet? Rules { get; set; }

    /// <summary>Regions known from the start, with their clocks and neighbours.</summary>
    /// <value>At most <see cref="MaxRegions"/>; none unless set.</value>
    public IReadOnlyList<Region> Regions { get; set; } = [];

    /// <summary>Whether events and requests of a region not in <see cref="Regions"/> add it.</summary>
    /// <value><see langword="true"/> unless set.</value>
    public bool OpenRegions { get; set; } = true;

    /// <summary>The time zone of regions that are not in <see cref="Regions"/>.</summary>
    /// <value>An IANA name; <c>UTC</c> unless set.</value>
    public string DefaultTimeZone { get; set; } = "UTC";

    /// <summary>The most regions the engine holds; each takes at most 6 KB.</summary>
    /// <value>From 1 to 1,000,000; 10,000 unless set.</value>
    public int MaxRegions { get; set; } = 10_000;

    /// <summary>The most products the engine holds.</summary>
    /// <value>From 1 to 1,000; 64 unless set.</value>
    public int MaxProducts { get; set; } = 64;

    /// <summary>The most units of supply (drivers) the engine follows; the one silent for longest makes room.</summary>
    /// <value>From 1 to 10,000,000; 131,072 unless set.</value>
    public int MaxUnits { get; set; } = 131_072;

    /// <summary>How long a unit may be silent before it no longer counts.</summary>
    /// <value>From 1 minute to 7 days; 30 minutes unless set.</value>
    public TimeSpan UnitTimeout { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>The most user sessions the engine follows at a time; beyond, new ones are not counted as sessions.</summary>
    /// <value>From 1 to 10,000,000; 131,072 unless set.</value>
    public int MaxSessions { get; set; } = 131_072;

    /// <summary>The most idempotency keys remembered; when full, events with a key are refused as busy.</summary>
    /// <value>From 1 to 10,000,000; 262,144 unless set.</value>
    public int MaxIdempotencyKeys { get; set; } = 262_144;

    /// <summary>How long an idempotency key is remembered.</summary>
    /// <value>From 1 second to 1 hour; 10 minutes unless set.</value>
    public TimeSpan IdempotencyWindow { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How late an event may arrive and still count.</summary>
    /// <value>From 0 to 15 minutes; 15 minutes unless set.</value>
    public TimeSpan AllowedLateness { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How far in the future an event may lie, for clocks that differ.</summary>
    /// <value>From 0 to 30 seconds; 5 seconds unless set.</value>
    public TimeSpan AllowedClockSkew { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The most events of one user in a minute, with bursts of as many; 0 for no limit.</summary>
    /// <value>From 0 to 1,000,000; 1,000 unless set.</value>
    public int UserEventsPerMinute { get; set; } = 1_000;

    /// <summary>The most events of one region in a second, with bursts of as many; 0 for no limit.</summary>
    /// <value>From 0 to 10,000,000; 0 unless set.</value>
    public int RegionEventsPerSecond { get; set; }

    /// <summary>Independent loops, each with its own ring and its share of the regions.</summary>
    /// <value>From 1 to 64, but more than there are cores gain nothing; 1 unless set.</value>
    public int Shards { get; set; } = 1;

    /// <summary>Events that the ring of a shard holds; a full ring refuses.</summary>
    /// <value>A power of two from 64 to 16,777,216; 65,536 unless set.</value>
    public int RingCapacityEvents { get; set; } = 65_536;

    /// <summary>Time between ticks, by which quiet regions' windows close.</summary>
    /// <value>From 100 milliseconds to 60 seconds; 1 second unless set.</value>
    public TimeSpan TickInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Age from which features are too old to price on, when neither event nor tick came in.</summary>
    /// <value>From 1 second to 1 hour; 120 seconds unless set.</value>
    public TimeSpan StaleAfter { get; set; } = TimeSpan.FromSeconds(120);

    /// <summary>How long quotes are read from one decision.</summary>
    /// <value>From 1 second to 1 hour; 30 seconds unless set.</value>
    public TimeSpan DecisionValidity { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the host may charge a quote.</summary>
    /// <value>From 1 second to 24 hours; 2 minutes unless set.</value>
    public TimeSpan QuoteValidity { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Events in a region after which its decisions no longer hold.</summary>
    /// <value>From 1 to 1,000,000,000; 256 unless set.</value>
    public int DirtyAfterEvents { get; set; } = 256;

    /// <summary>The most decisions in the quote book; the one decided longest ago makes room.</summary>
    /// <value>From 1 to 1,000,000; 10,000 unless set.</value>
    public int MaxDecisions { get; set; } = 10_000;

    /// <summary>The most that may wait for a loop at a time, of each kind: quotes for a decision, published events, forecasts, redemptions. More are refused as busy.</summary>
    /// <value>From 1 to 1,000,000; 4,096 unless set.</value>
    public int MaxWaitingRequests { get; set; } = 4_096;

    /// <summary>How far ahead the forecast looks that surge is decided on.</summary>
    /// <value>From 5 to 60 minutes; 15 minutes unless set.</value>
    public TimeSpan Horizon { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long an outside forecast may be used before the baseline stands in.</summary>
    /// <value>From 1 second to 1 hour; 60 seconds unless set.</value>
    public TimeSpan ForecastValidity { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>The model that prices from the start; deploy others with <see cref="PricingEngine.Models"/>. A replay evaluates it in the loop.</summary>
    /// <value>Null unless set: the seasonal baseline prices.</value>
    public IForecaster? Forecaster { get; set; }

    /// <summary>How long a decision waits for a model before the baseline stands in.</summary>
    /// <value>From 1 millisecond to 10 seconds; 20 milliseconds unless set.</value>
    public TimeSpan ForecastDeadline { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>The most requests in a batch that decisions wait for.</summary>
    /// <value>From 1 to 1,024; 32 unless set.</value>
    public int MaxForecastBatch { get; set; } = 32;

    /// <summary>The most regions in a batch of the background refresh, which is the longest that a decision waits for one.</summary>
    /// <value>From 1 to 4,096; 256 unless set.</value>
    public int MaxRefreshBatch { get; set; } = 256;

    /// <summary>Forecast requests that may wait for the inference thread; beyond, the baseline stands in.</summary>
    /// <value>A power of two from 64 to 65,536; 4,096 unless set.</value>
    public int ForecastQueueCapacity { get; set; } = 4_096;

    /// <summary>Regions that may wait for their background refresh; beyond, they are left for a later tick.</summary>
    /// <value>A power of two from 64 to 1,048,576; 16,384 unless set.</value>
    public int RefreshQueueCapacity { get; set; } = 16_384;

    /// <summary>Forecasts missed in a row after which a model is not asked for a while.</summary>
    /// <value>From 1 to 1,000,000; 5 unless set.</value>
    public int ForecastMissesBeforePause { get; set; } = 5;

    /// <summary>How long a model is not asked then.</summary>
    /// <value>From 10 milliseconds to 1 hour; 5 seconds unless set.</value>
    public TimeSpan ForecastPause { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Models that stay in memory; beyond, the one used longest ago is let go, but never one that prices.</summary>
    /// <value>From 3 to 64; 3 unless set.</value>
    public int MaxLoadedModels { get; set; } = 3;

    /// <summary>The features of a region, in the order that models read them.</summary>
    /// <value>The 64 of <see cref="FeatureSchema.Mobility"/> unless set.</value>
    public FeatureSchema Schema { get; set; } = FeatureSchema.Mobility;

    /// <summary>The key of the hash that stands in for user and unit ids.</summary>
    /// <value>16 bytes; zeros unless set, so set it where ids are personal data.</value>
    public IReadOnlyList<byte> SubjectKey { get; set; } = new byte[16];

    /// <summary>How quotes are signed and redeemed.</summary>
    /// <value>Null unless set: nothing is signed, and nothing can be redeemed.</value>
    public SigningOptions? Signing { get; set; }

    /// <summary>Where accepted events are kept, so that the engine survives its end, and how safe they are there.</summary>
    /// <value>No journal unless set: see <see cref="JournalOptions.Directory"/>.</value>
    public JournalOptions Journal { get; set; } = new();

    /// <summary>Where every decision, and if wanted every quote, is recorded so that it can be proved and explained later.</summary>
    /// <value>No audit log unless set: see <see cref="AuditOptions.Directory"/>.</value>
    public AuditOptions Audit { get; set; } = new();

    /// <summary>From when on data are too bad, for <see cref="PricingEngine.ReadQuality"/>.</summary>
    /// <value>The thresholds of <see cref="QualityOptions"/> unless set.</value>
    public QualityOptions Quality { get; set; } = new();

    /// <summary>Called on the publishing thread for each event refused as too old, so that a host can keep it.</summary>
    /// <value>Null unless set. Must not throw: what it throws reaches the publisher.</value>
    public Action<MarketEvent>? LateEventSink { get; set; }

    /// <summary>Told of the records handled again so far, now and then while an engine recovers its journal, so that a host can show that it gets on.</summary>
    /// <value>Null unless set. Called from any thread, several at a time; must not throw.</value>
    public Action<long>? RecoveryProgress { get; set; }

    /// <summary>Gives the receive time of events and drives ticks.</summary>
    /// <value>The system clock unless set.</value>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>Where the engine reports what an operator should know.</summary>
    /// <value>Nowhere unless set.</value>
    public ILogger Logger { get; set; } = NullLogger.Instance;

    /// <summary>The room for redemptions in the replay of a journal, which has no keys.</summary>
    internal int JournalledRedemptions { get; init; }

    /// <summary>The room for redemptions.</summary>
    internal int MaxRedemptions => Signing?.MaxRedemptions ?? JournalledRedemptions;

    /// <summary>Reads the package of a model that priced before the restart; a program may know more of one that it brings along.</summary>
    internal Func<string, ModelPackage> LoadPackage { get; set; } = path => ModelPackage.Load(path);

    /// <summary>Whether the engine starts no threads: a simulation steps its loops, lanes, snapshots and audit log, all on one thread.</summary>
    internal bool IsStepped { get; init; }

    /// <summary>What a loop needs to know of forecasts.</summary>
    internal ForecastLimits ForecastLimits => new()
    {
        RowWidth = Schema.Count,
        HorizonMinutes = (int)Horizon.TotalMinutes,
        ValidMicros = UnixMicros.From(ForecastValidity),
        DeadlineMicros = UnixMicros.From(ForecastDeadline),
        MissesBeforePause = ForecastMissesBeforePause,
        PauseMicros = UnixMicros.From(ForecastPause),
    };

    /// <summary>Checks every option.</summary>
    /// <returns>All errors, each naming the option, its value and its legal range; empty when there are none.</returns>
    public IReadOnlyList<string> Validate() => PricingOptionsRules.Check(this);
}
