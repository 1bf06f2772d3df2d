namespace PricingCore.Hosting.Alerts;

/// <summary>Remembers what has been told, so that each alert is told once when it begins and once when it ends.</summary>
/// <remarks>
/// What begins again within the quiet time is told when that is over, if it still lasts then; an end is told only of what was told. Nothing is
/// remembered for longer than that.
/// </remarks>
/// <param name="quiet">The least time between two alerts of one kind about one thing.</param>
/// <threadsafety>One thread at a time.</threadsafety>
internal sealed class AlertBook(TimeSpan quiet)
{
    /// <summary>The most things remembered; more than regions that spike within a quiet time.</summary>
    public const int Capacity = 10_000;

    private readonly Dictionary<(string Kind, string Subject), Entry> _entries = [];

    /// <summary>Things that are remembered.</summary>
    public int Count => _entries.Count;

    /// <summary>Takes in how things stand.</summary>
    /// <param name="now">The time.</param>
    /// <param name="lasting">All that lasts at the moment, each thing once.</param>
    /// <param name="moments">What has happened since the last time, in order.</param>
    /// <returns>What is to be told.</returns>
    public IReadOnlyList<EngineAlert> Update(DateTimeOffset now, IReadOnlyList<EngineAlert> lasting, IReadOnlyList<EngineAlert> moments)
    {
        var told = new List<EngineAlert>();
        foreach (EngineAlert moment in moments)
        {
            if (EntryOf(moment) is { } entry && TryTell(entry, now))
            {
                told.Add(moment);
            }
        }

        foreach (EngineAlert alert in lasting)
        {
            if (EntryOf(alert) is not { } entry)
            {
                continue;
            }

            entry.StartedAt ??= now;
            entry.SeenAt = now;
            if (entry.Told is null && TryTell(entry, now))
            {
                entry.Told = alert with { StartedAt = entry.StartedAt.Value };
                told.Add(entry.Told);
            }
        }

        foreach (((string, string) key, Entry entry) in _entries)
        {
            if (entry.StartedAt is not null && entry.SeenAt != now)
            {
                if (entry.Told is { } began)
                {
                    told.Add(began with { ResolvedAt = now });
                }

                entry.StartedAt = null;
                entry.Told = null;
            }

            if (entry.StartedAt is null && !(now - entry.ToldAt < quiet))
            {
                _entries.Remove(key);
            }
        }

        return told;
    }

    private bool TryTell(Entry entry, DateTimeOffset now)
    {
        if (now - entry.ToldAt < quiet)
        {
            return false;
        }

        entry.ToldAt = now;
        return true;
    }

    private Entry? EntryOf(EngineAlert alert)
    {
        if (!_entries.TryGetValue((alert.Kind, alert.Subject), out Entry? entry) && _entries.Count < Capacity)
        {
            _entries.Add((alert.Kind, alert.Subject), entry = new Entry());
        }

        return entry;
    }

    private sealed class Entry
    {
        /// <summary>When it began; null while it does not last.</summary>
        public DateTimeOffset? StartedAt;

        /// <summary>When it was last seen to last.</summary>
        public DateTimeOffset SeenAt;

        /// <summary>What was told of it since it began; null when nothing was.</summary>
        public EngineAlert? Told;

        /// <summary>When it was last told; null when it never was.</summary>
        public DateTimeOffset? ToldAt;
    }
}
