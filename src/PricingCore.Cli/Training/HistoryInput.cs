using System.Runtime.CompilerServices;
using PricingCore.Cli.Panels;
using PricingCore.Cli.Replay;
using PricingCore.Cli.Replay.Answers;
using PricingCore.Cli.Replay.Input;
using PricingCore.Cli.Replay.Regions;
using PricingCore.Events;
using PricingCore.Features;
using PricingCore.Training.History;

namespace PricingCore.Cli.Training;

/// <summary>A history that is ready to be read: its events, and how its rows are sampled.</summary>
internal sealed class HistoryInput : IAsyncDisposable
{
    private readonly OutputFile? _rejectsFile;
    private readonly EventFiles? _files;
    private readonly Panel? _panel;
    private readonly double _expectedEvents;
    private long _read;

    private HistoryInput(OutputFile? rejectsFile, RejectLog rejects, PricingOptions engine, EventFiles? files, Panel? panel)
    {
        _rejectsFile = rejectsFile;
        Rejects = rejects;
        Engine = engine;
        _files = files;
        _panel = panel;
        _expectedEvents = panel is null ? 0 : panel.Rows.Sum(row => row.Count / panel.Mapping.PerEvent);
        Clock = TimeZoneInfo.FindSystemTimeZoneById(engine.Regions.Count > 0 ? engine.Regions[0].TimeZone : engine.DefaultTimeZone);
    }

    /// <summary>What could not be used.</summary>
    public RejectLog Rejects { get; }

    /// <summary>The engine that replays the history.</summary>
    public PricingOptions Engine { get; }

    /// <summary>The clock of the first region, for dates of the command line and of reports.</summary>
    public TimeZoneInfo Clock { get; }

    /// <summary>How many of the panel's unit one booking stands for; 1 for events.</summary>
    public double UnitsPerBooking => _panel?.Mapping.PerEvent ?? 1;

    /// <summary>How much of the input has been read, 0 to 1.</summary>
    public double Share => _panel is null
        ? _files!.PositionBytes / (double)Math.Max(1, _files.LengthBytes)
        : _read / Math.Max(1, _expectedEvents);

    /// <summary>Opens a history.</summary>
    /// <exception cref="CommandFailedException">A file cannot be opened, or files and mappings do not fit.</exception>
    public static async ValueTask<HistoryInput> OpenAsync(HistorySettings settings, FeatureSchema schema)
    {
        OutputFile? rejectsFile = settings.Rejects is null ? null : OutputFile.Create(settings.Rejects);
        var rejects = new RejectLog([.. settings.Files], rejectsFile?.Content);
        try
        {
            var engine = new PricingOptions
            {
                Schema = schema,
                DefaultTimeZone = settings.TimeZone,
                UserEventsPerMinute = 0, // What is recorded was let in once; a replay does not judge it again.
            };
            if (settings.Regions is not null)
            {
                engine.Regions = await RegionFile.LoadAsync(settings.Regions, settings.RegionsMap).ConfigureAwait(false);
                engine.OpenRegions = false;
            }

            EventFiles? files = null;
            Panel? panel = null;
            if (settings.Panel.Count == 0)
            {
                files = await EventFiles.OpenAsync(settings.Events, settings.Format, settings.Maps, null, null, rejects).ConfigureAwait(false);
            }
            else
            {
                panel = await Panel.ReadAsync(settings.Panel, PanelMappingFile.Load(settings.Maps[0]), rejects).ConfigureAwait(false);
                engine.Regions = settings.Regions is null ? panel.Regions : engine.Regions;
            }

            engine.MaxRegions = Math.Max(engine.MaxRegions, engine.Regions.Count);
            IReadOnlyList<string> wrong = engine.Validate();
            return wrong.Count == 0
                ? new HistoryInput(rejectsFile, rejects, engine, files, panel)
                : throw new CommandFailedException($"{wrong.Count} wrong option(s)") { ExitCode = ExitCode.WrongUsage, Errors = wrong };
        }
        catch
        {
            rejects.Dispose();
            rejectsFile?.Dispose();
            throw;
        }
    }

    /// <summary>How rows are sampled: events at any minute, panels where a bucket begins.</summary>
    /// <param name="settings">What the command line says.</param>
    /// <param name="horizons">Horizons in minutes; null for the usual ones.</param>
    /// <param name="from">No row before this time.</param>
    /// <param name="until">Nothing that happens from this time on counts; the end of the history when null.</param>
    /// <exception cref="CommandFailedException">A horizon does not fit the panel, or an option is out of range.</exception>
    public HistoryOptions Sampling(HistorySettings settings, IReadOnlyList<int>? horizons, DateTimeOffset? from = null, DateTimeOffset? until = null)
    {
        var options = new HistoryOptions { Engine = Engine, Every = settings.Every, WarmUp = settings.WarmUp, MaxRows = settings.MaxRows, From = from };
        if (_panel is not null)
        {
            int bucket = (int)_panel.Mapping.Bucket.TotalMinutes;
            int[] wrongHorizons = [.. (horizons ?? []).Where(horizon => horizon % bucket != 0)];
            if (wrongHorizons.Length > 0)
            {
                throw new CommandFailedException(
                    $"the panel has buckets of {bucket} minutes, so that nothing is known of {string.Join(", ", wrongHorizons)} minutes: give multiples of {bucket} with --horizons")
                {
                    ExitCode = ExitCode.WrongUsage,
                };
            }

            // A row of which the file knows nothing cannot be judged: only buckets with a row, of the region, are sampled.
            HashSet<(string, DateTimeOffset)> given = [.. _panel.Rows.Select(row => (row.Region, row.Start))];
            options = options with
            {
                HorizonsMinutes = [bucket],
                IsSpread = false,
                Times = [.. _panel.Rows.Select(row => row.Start).Distinct()],
                IsSampled = (region, at) => given.Contains((region, at)),
                Until = _panel.Rows[^1].Start + _panel.Mapping.Bucket,
                UnitsPerBooking = UnitsPerBooking,
            };
        }

        options = until is { } end && (options.Until is not { } last || end < last) ? options with { Until = end } : options;
        options = horizons is null ? options : options with { HorizonsMinutes = horizons };
        IReadOnlyList<string> wrong = options.Validate();
        return wrong.Count == 0 ? options : throw new CommandFailedException($"{wrong.Count} wrong option(s)") { ExitCode = ExitCode.WrongUsage, Errors = wrong };
    }

    /// <summary>The events in the order of their receive times.</summary>
    public async IAsyncEnumerable<ReceivedEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (_panel is not null)
        {
            foreach ((MarketEvent marketEvent, DateTimeOffset receivedAt) in PanelEvents.Of(_panel))
            {
                _read++;
                yield return new ReceivedEvent(marketEvent, receivedAt);
            }

            yield break;
        }

        IEventReader merged = _files!.Merged;
        while (await merged.MoveNextAsync().ConfigureAwait(false))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new ReceivedEvent(merged.Current.Event, merged.Current.ReceivedAt);
        }
    }

    /// <summary>Puts the file of rejects in its place.</summary>
    public void CommitRejects()
    {
        Rejects.Dispose();
        _rejectsFile?.Commit();
    }

    public async ValueTask DisposeAsync()
    {
        Rejects.Dispose();
        _rejectsFile?.Dispose();
        if (_files is not null)
        {
            await _files.DisposeAsync().ConfigureAwait(false);
        }
    }
}
