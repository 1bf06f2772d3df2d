using System.Globalization;
using System.Numerics;
using PricingCore.Events;
using PricingCore.Features;
using PricingCore.Journal;
using PricingCore.Regions;

namespace PricingCore;

/// <summary>The legal range of every option.</summary>
internal static class PricingOptionsRules
{
    private const int MaxNeighbours = 16;
    private const int SubjectKeyBytes = 16;

    /// <summary>All errors of the options, each with the name, the value and the legal range.</summary>
    public static IReadOnlyList<string> Check(PricingOptions o)
    {
        var errors = new List<string>();
        CheckNumbers(o, errors);
        CheckSpans(o, errors);
        CheckZone(nameof(o.DefaultTimeZone), o.DefaultTimeZone, errors);
        CheckRegions(o, errors);
        CheckPresent(nameof(o.SubjectKey), o.SubjectKey, errors);
        if (o.SubjectKey is not null && o.SubjectKey.Count != SubjectKeyBytes)
        {
            errors.Add($"{nameof(o.SubjectKey)} has {o.SubjectKey.Count} bytes; it must have {SubjectKeyBytes}.");
        }

        errors.AddRange(o.Signing?.Validate() ?? []);
        CheckPresent(nameof(o.Schema), o.Schema, errors);
        CheckMemory(o, errors);
        CheckPresent(nameof(o.Journal), o.Journal, errors);
        if (o.Journal is { } journal)
        {
            CheckJournal(journal, errors);
        }

        CheckPresent(nameof(o.Audit), o.Audit, errors);
        errors.AddRange(o.Audit?.Validate().Select(error => $"{nameof(o.Audit)}.{error}") ?? []);
        CheckPresent(nameof(o.Quality), o.Quality, errors);
        errors.AddRange(o.Quality?.Validate().Select(error => $"{nameof(o.Quality)}.{error}") ?? []);
        CheckPresent(nameof(o.TimeProvider), o.TimeProvider, errors);
        CheckPresent(nameof(o.Logger), o.Logger, errors);
        return errors;
    }

    private static void CheckNumbers(PricingOptions o, List<string> errors)
    {
        CheckRange(nameof(o.MaxRegions), o.MaxRegions, 1, 1_000_000, errors);
        CheckRange(nameof(o.MaxProducts), o.MaxProducts, 1, 1_000, errors);
        CheckRange(nameof(o.MaxUnits), o.MaxUnits, 1, 10_000_000, errors);
        CheckRange(nameof(o.MaxSessions), o.MaxSessions, 1, 10_000_000, errors);
        CheckRange(nameof(o.MaxIdempotencyKeys), o.MaxIdempotencyKeys, 1, 10_000_000, errors);
        CheckRange(nameof(o.UserEventsPerMinute), o.UserEventsPerMinute, 0, 1_000_000, errors);
        CheckRange(nameof(o.RegionEventsPerSecond), o.RegionEventsPerSecond, 0, 10_000_000, errors);
        CheckRange(nameof(o.Shards), o.Shards, 1, 64, errors);
        CheckRange(nameof(o.DirtyAfterEvents), o.DirtyAfterEvents, 1, 1_000_000_000, errors);
        CheckRange(nameof(o.MaxDecisions), o.MaxDecisions, 1, 1_000_000, errors);
        CheckRange(nameof(o.MaxWaitingRequests), o.MaxWaitingRequests, 1, 1_000_000, errors);
        CheckRange(nameof(o.RingCapacityEvents), o.RingCapacityEvents, 64, 16_777_216, errors);
        CheckPowerOfTwo(nameof(o.RingCapacityEvents), o.RingCapacityEvents, errors);
        CheckRange(nameof(o.MaxForecastBatch), o.MaxForecastBatch, 1, 1_024, errors);
        CheckRange(nameof(o.MaxRefreshBatch), o.MaxRefreshBatch, 1, 4_096, errors);
        CheckRange(nameof(o.ForecastQueueCapacity), o.ForecastQueueCapacity, 64, 65_536, errors);
        CheckPowerOfTwo(nameof(o.ForecastQueueCapacity), o.ForecastQueueCapacity, errors);
        CheckRange(nameof(o.RefreshQueueCapacity), o.RefreshQueueCapacity, 64, 1_048_576, errors);
        CheckPowerOfTwo(nameof(o.RefreshQueueCapacity), o.RefreshQueueCapacity, errors);
        CheckRange(nameof(o.ForecastMissesBeforePause), o.ForecastMissesBeforePause, 1, 1_000_000, errors);
        CheckRange(nameof(o.MaxLoadedModels), o.MaxLoadedModels, 3, 64, errors);
    }

    private static void CheckSpans(PricingOptions o, List<string> errors)
    {
        CheckRange(nameof(o.UnitTimeout), o.UnitTimeout, TimeSpan.FromMinutes(1), TimeSpan.FromDays(7), errors);
        CheckRange(nameof(o.IdempotencyWindow), o.IdempotencyWindow, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1), errors);
        CheckRange(nameof(o.AllowedLateness), o.AllowedLateness, TimeSpan.Zero, TimeSpan.FromMinutes(15), errors);
        CheckRange(nameof(o.AllowedClockSkew), o.AllowedClockSkew, TimeSpan.Zero, TimeSpan.FromSeconds(30), errors);
        CheckRange(nameof(o.TickInterval), o.TickInterval, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(60), errors);
        CheckRange(nameof(o.StaleAfter), o.StaleAfter, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1), errors);
        CheckRange(nameof(o.DecisionValidity), o.DecisionValidity, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1), errors);
        CheckRange(nameof(o.QuoteValidity), o.QuoteValidity, TimeSpan.FromSeconds(1), TimeSpan.FromHours(24), errors);
        CheckRange(nameof(o.Horizon), o.Horizon, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(60), errors);
        CheckRange(nameof(o.ForecastValidity), o.ForecastValidity, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1), errors);
        CheckRange(nameof(o.ForecastDeadline), o.ForecastDeadline, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(10), errors);
        CheckRange(nameof(o.ForecastPause), o.ForecastPause, TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1), errors);
    }

    private static void CheckJournal(JournalOptions o, List<string> errors)
    {
        const string Name = nameof(PricingOptions.Journal) + ".";
        CheckPresent(Name + nameof(o.Directory), o.Directory, errors);
        CheckRange(Name + nameof(o.Durability), o.Durability, Durability.None, Durability.Durable, errors);
        CheckRange(Name + nameof(o.SegmentBytes), o.SegmentBytes, 1_048_576, 1_073_741_824, errors);
        CheckRange(Name + nameof(o.SegmentAge), o.SegmentAge, TimeSpan.FromMinutes(1), TimeSpan.FromDays(7), errors);
        CheckRange(Name + nameof(o.KeepFor), o.KeepFor, TimeSpan.FromMinutes(1), TimeSpan.FromDays(3_650), errors);
        CheckRange(Name + nameof(o.KeepBytes), o.KeepBytes, 1_048_576, 1_000_000_000_000_000, errors);
        CheckRange(Name + nameof(o.SnapshotEveryEvents), o.SnapshotEveryEvents, 1_000, 1_000_000_000, errors);
        CheckRange(Name + nameof(o.SnapshotsToKeep), o.SnapshotsToKeep, 1, 1_000, errors);
    }

    private static void CheckRegions(PricingOptions o, List<string> errors)
    {
        CheckPresent(nameof(o.Regions), o.Regions, errors);
        if (o.Regions is null)
        {
            return;
        }

        if (o.Regions.Any(region => region is null))
        {
            errors.Add($"{nameof(o.Regions)} must not hold null.");
        }

        Region[] regions = [.. o.Regions.Where(region => region is not null)];
        if (o.Regions.Count > o.MaxRegions)
        {
            errors.Add($"{nameof(o.Regions)} has {o.Regions.Count}; {nameof(o.MaxRegions)} allows {o.MaxRegions}.");
        }

        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (Region region in regions)
        {
            if (!EventGate.IsText(region.Id, EventGate.MaxNameLength) || region.Id == MarketEvent.AllRegions)
            {
                errors.Add($"{nameof(o.Regions)}: id '{region.Id}' must have 1 to {EventGate.MaxNameLength} characters, no blanks at its ends, and not be '*'.");
            }
            else if (!ids.Add(region.Id))
            {
                errors.Add($"{nameof(o.Regions)}: '{region.Id}' is there twice.");
            }
        }

        foreach (string zone in regions.Select(region => region.TimeZone).Distinct(StringComparer.Ordinal))
        {
            CheckZone(nameof(o.Regions), zone, errors);
        }

        foreach (Region region in regions)
        {
            if (region.Neighbours is null)
            {
                errors.Add($"{nameof(o.Regions)}: the neighbours of '{region.Id}' must not be null.");
                continue;
            }

            if (region.Neighbours.Count > MaxNeighbours)
            {
                errors.Add($"{nameof(o.Regions)}: '{region.Id}' has {region.Neighbours.Count} neighbours; at most {MaxNeighbours} are allowed.");
            }

            foreach (string stranger in region.Neighbours.Where(id => !ids.Contains(id)))
            {
                errors.Add($"{nameof(o.Regions)}: '{region.Id}' has the neighbour '{stranger}', which is not in the list.");
            }
        }
    }

    /// <summary>An array has at most some two billion elements, and a host's schema may need many a region.</summary>
    private static void CheckMemory(PricingOptions o, List<string> errors)
    {
        long mostRegions = o.Schema is null ? long.MaxValue : Array.MaxLength / RegionStates.MostElementsPerRegion(o.Schema);
        if (o.MaxRegions > mostRegions)
        {
            errors.Add($"{nameof(o.MaxRegions)} is {o.MaxRegions}; with the schema '{o.Schema!.Name}' it must be at most {mostRegions}.");
        }
    }

    private static void CheckZone(string option, string? zone, List<string> errors)
    {
        if (zone is null || !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
        {
            errors.Add($"{option}: the system has no time zone '{zone}'; use an IANA name such as Europe/Paris, and install tzdata if it is missing.");
        }
    }

    private static void CheckPresent(string option, object? value, List<string> errors)
    {
        if (value is null)
        {
            errors.Add($"{option} must not be null.");
        }
    }

    private static void CheckPowerOfTwo(string option, int value, List<string> errors)
    {
        if (!BitOperations.IsPow2(value))
        {
            errors.Add($"{option} is {value}; it must be a power of two.");
        }
    }

    private static void CheckRange<T>(string option, T value, T min, T max, List<string> errors)
        where T : IComparable
    {
        if (value.CompareTo(min) < 0 || value.CompareTo(max) > 0)
        {
            errors.Add(string.Create(CultureInfo.InvariantCulture, $"{option} is {value}; it must be from {min} to {max}."));
        }
    }
}
