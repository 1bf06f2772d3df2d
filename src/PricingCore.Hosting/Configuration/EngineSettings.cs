using PricingCore.Audit;
using PricingCore.Hosting.Alerts;
using PricingCore.Journal;
using PricingCore.Quality;

namespace PricingCore.Hosting.Configuration;

/// <summary>Every plain value of <see cref="PricingOptions"/> and <see cref="PricingHostOptions"/> by its key; a test checks that none is missing.</summary>
internal static class EngineSettings
{
    /// <summary>The settings of an engine.</summary>
    public static IReadOnlyList<Setting<PricingOptions>> Engine { get; } =
    [
        .. new SettingList<PricingOptions>
        {
            { nameof(PricingOptions.OpenRegions), (PricingOptions o, bool value) => o.OpenRegions = value },
            { nameof(PricingOptions.DefaultTimeZone), (PricingOptions o, string value) => o.DefaultTimeZone = value },
            { nameof(PricingOptions.MaxRegions), (PricingOptions o, int value) => o.MaxRegions = value },
            { nameof(PricingOptions.MaxProducts), (PricingOptions o, int value) => o.MaxProducts = value },
            { nameof(PricingOptions.MaxUnits), (PricingOptions o, int value) => o.MaxUnits = value },
            { nameof(PricingOptions.UnitTimeout), (PricingOptions o, TimeSpan value) => o.UnitTimeout = value },
            { nameof(PricingOptions.MaxSessions), (PricingOptions o, int value) => o.MaxSessions = value },
            { nameof(PricingOptions.MaxIdempotencyKeys), (PricingOptions o, int value) => o.MaxIdempotencyKeys = value },
            { nameof(PricingOptions.IdempotencyWindow), (PricingOptions o, TimeSpan value) => o.IdempotencyWindow = value },
            { nameof(PricingOptions.AllowedLateness), (PricingOptions o, TimeSpan value) => o.AllowedLateness = value },
            { nameof(PricingOptions.AllowedClockSkew), (PricingOptions o, TimeSpan value) => o.AllowedClockSkew = value },
            { nameof(PricingOptions.UserEventsPerMinute), (PricingOptions o, int value) => o.UserEventsPerMinute = value },
            { nameof(PricingOptions.RegionEventsPerSecond), (PricingOptions o, int value) => o.RegionEventsPerSecond = value },
            { nameof(PricingOptions.Shards), (PricingOptions o, int value) => o.Shards = value },
            { nameof(PricingOptions.RingCapacityEvents), (PricingOptions o, int value) => o.RingCapacityEvents = value },
            { nameof(PricingOptions.TickInterval), (PricingOptions o, TimeSpan value) => o.TickInterval = value },
            { nameof(PricingOptions.StaleAfter), (PricingOptions o, TimeSpan value) => o.StaleAfter = value },
            { nameof(PricingOptions.DecisionValidity), (PricingOptions o, TimeSpan value) => o.DecisionValidity = value },
            { nameof(PricingOptions.QuoteValidity), (PricingOptions o, TimeSpan value) => o.QuoteValidity = value },
            { nameof(PricingOptions.DirtyAfterEvents), (PricingOptions o, int value) => o.DirtyAfterEvents = value },
            { nameof(PricingOptions.MaxDecisions), (PricingOptions o, int value) => o.MaxDecisions = value },
            { nameof(PricingOptions.MaxWaitingRequests), (PricingOptions o, int value) => o.MaxWaitingRequests = value },
            { nameof(PricingOptions.Horizon), (PricingOptions o, TimeSpan value) => o.Horizon = value },
            { nameof(PricingOptions.ForecastValidity), (PricingOptions o, TimeSpan value) => o.ForecastValidity = value },
            { nameof(PricingOptions.ForecastDeadline), (PricingOptions o, TimeSpan value) => o.ForecastDeadline = value },
            { nameof(PricingOptions.MaxForecastBatch), (PricingOptions o, int value) => o.MaxForecastBatch = value },
            { nameof(PricingOptions.MaxRefreshBatch), (PricingOptions o, int value) => o.MaxRefreshBatch = value },
            { nameof(PricingOptions.ForecastQueueCapacity), (PricingOptions o, int value) => o.ForecastQueueCapacity = value },
            { nameof(PricingOptions.RefreshQueueCapacity), (PricingOptions o, int value) => o.RefreshQueueCapacity = value },
            { nameof(PricingOptions.ForecastMissesBeforePause), (PricingOptions o, int value) => o.ForecastMissesBeforePause = value },
            { nameof(PricingOptions.ForecastPause), (PricingOptions o, TimeSpan value) => o.ForecastPause = value },
            { nameof(PricingOptions.MaxLoadedModels), (PricingOptions o, int value) => o.MaxLoadedModels = value },
        },
        .. Journal(),
        .. Audit(),
        .. Quality(),
    ];

    /// <summary>The settings of its host.</summary>
    public static IReadOnlyList<Setting<PricingHostOptions>> Host { get; } =
    [
        .. new SettingList<PricingHostOptions>
        {
            { nameof(PricingHostOptions.DataDirectory), (PricingHostOptions o, string value) => o.DataDirectory = value },
            { nameof(PricingHostOptions.RulesFile), (PricingHostOptions o, string value) => o.RulesFile = value },
            { nameof(PricingHostOptions.RulesPollInterval), (PricingHostOptions o, TimeSpan value) => o.RulesPollInterval = value },
            { nameof(PricingHostOptions.SchemaFile), (PricingHostOptions o, string value) => o.SchemaFile = value },
            { nameof(PricingHostOptions.SigningKeysFile), (PricingHostOptions o, string value) => o.SigningKeysFile = value },
            { nameof(PricingHostOptions.ModelsDirectory), (PricingHostOptions o, string value) => o.ModelsDirectory = value },
            { nameof(PricingHostOptions.Model), (PricingHostOptions o, string value) => o.Model = value.Length == 0 ? null : value }, // Blank: none, in place of a default.
            { nameof(PricingHostOptions.StartInBackground), (PricingHostOptions o, bool value) => o.StartInBackground = value },
            { nameof(PricingHostOptions.DrainDelay), (PricingHostOptions o, TimeSpan value) => o.DrainDelay = value },
            { nameof(PricingHostOptions.DrainTimeout), (PricingHostOptions o, TimeSpan value) => o.DrainTimeout = value },
        },
        .. Alerts(),
    ];

    private static SettingList<PricingOptions> Journal()
    {
        const string Section = nameof(PricingOptions.Journal) + ":";
        var settings = new SettingList<PricingOptions>
        {
            { Section + nameof(JournalOptions.Directory), (PricingOptions o, string value) => o.Journal.Directory = value },
            { Section + nameof(JournalOptions.SegmentBytes), (PricingOptions o, int value) => o.Journal.SegmentBytes = value },
            { Section + nameof(JournalOptions.SegmentAge), (PricingOptions o, TimeSpan value) => o.Journal.SegmentAge = value },
            { Section + nameof(JournalOptions.KeepFor), (PricingOptions o, TimeSpan value) => o.Journal.KeepFor = value },
            { Section + nameof(JournalOptions.KeepBytes), (PricingOptions o, long value) => o.Journal.KeepBytes = value },
            { Section + nameof(JournalOptions.SnapshotEveryEvents), (PricingOptions o, int value) => o.Journal.SnapshotEveryEvents = value },
            { Section + nameof(JournalOptions.SnapshotsToKeep), (PricingOptions o, int value) => o.Journal.SnapshotsToKeep = value },
        };
        settings.AddChoice<Durability>(Section + nameof(JournalOptions.Durability), (o, value) => o.Journal.Durability = value);
        settings.AddChoice<JournalCodec>(Section + nameof(JournalOptions.Codec), (o, value) => o.Journal.Codec = value);
        return settings;
    }

    private static SettingList<PricingOptions> Audit()
    {
        const string Section = nameof(PricingOptions.Audit) + ":";
        var settings = new SettingList<PricingOptions>
        {
            { Section + nameof(AuditOptions.Directory), (PricingOptions o, string value) => o.Audit.Directory = value },
            { Section + nameof(AuditOptions.QuoteSampling), (PricingOptions o, double value) => o.Audit.QuoteSampling = value },
            { Section + nameof(AuditOptions.RingCapacity), (PricingOptions o, int value) => o.Audit.RingCapacity = value },
            { Section + nameof(AuditOptions.SegmentBytes), (PricingOptions o, int value) => o.Audit.SegmentBytes = value },
            { Section + nameof(AuditOptions.FlushInterval), (PricingOptions o, TimeSpan value) => o.Audit.FlushInterval = value },
            { Section + nameof(AuditOptions.KeepFor), (PricingOptions o, TimeSpan value) => o.Audit.KeepFor = value },
            { Section + nameof(AuditOptions.WithFeatures), (PricingOptions o, bool value) => o.Audit.WithFeatures = value },
        };
        settings.AddChoice<AuditLevel>(Section + nameof(AuditOptions.Level), (o, value) => o.Audit.Level = value);
        return settings;
    }

    private static SettingList<PricingOptions> Quality()
    {
        const string Section = nameof(PricingOptions.Quality) + ":";
        return new SettingList<PricingOptions>
        {
            { Section + nameof(QualityOptions.MinCompleteness), (PricingOptions o, double value) => o.Quality.MinCompleteness = value },
            { Section + nameof(QualityOptions.MaxFreshness), (PricingOptions o, TimeSpan value) => o.Quality.MaxFreshness = value },
            { Section + nameof(QualityOptions.MaxErrorShare), (PricingOptions o, double value) => o.Quality.MaxErrorShare = value },
            { Section + nameof(QualityOptions.MaxDrift), (PricingOptions o, double value) => o.Quality.MaxDrift = value },
            { Section + nameof(QualityOptions.MinAccuracy), (PricingOptions o, double value) => o.Quality.MinAccuracy = value },
        };
    }

    private static SettingList<PricingHostOptions> Alerts()
    {
        const string Section = nameof(PricingHostOptions.Alerts) + ":";
        const string Webhook = Section + nameof(AlertOptions.Webhook) + ":";
        return new SettingList<PricingHostOptions>
        {
            { Section + nameof(AlertOptions.CheckInterval), (PricingHostOptions o, TimeSpan value) => o.Alerts.CheckInterval = value },
            { Section + nameof(AlertOptions.QuietTime), (PricingHostOptions o, TimeSpan value) => o.Alerts.QuietTime = value },
            { Webhook + nameof(WebhookOptions.Url), (PricingHostOptions o, string value) => o.Alerts.Webhook.Url = value },
            { Webhook + nameof(WebhookOptions.SecretFile), (PricingHostOptions o, string value) => o.Alerts.Webhook.SecretFile = value },
            { Webhook + nameof(WebhookOptions.Timeout), (PricingHostOptions o, TimeSpan value) => o.Alerts.Webhook.Timeout = value },
            { Webhook + nameof(WebhookOptions.Attempts), (PricingHostOptions o, int value) => o.Alerts.Webhook.Attempts = value },
            { Webhook + nameof(WebhookOptions.RetryDelay), (PricingHostOptions o, TimeSpan value) => o.Alerts.Webhook.RetryDelay = value },
            { Webhook + nameof(WebhookOptions.Capacity), (PricingHostOptions o, int value) => o.Alerts.Webhook.Capacity = value },
            { Webhook + nameof(WebhookOptions.DrainTimeout), (PricingHostOptions o, TimeSpan value) => o.Alerts.Webhook.DrainTimeout = value },
        };
    }
}
