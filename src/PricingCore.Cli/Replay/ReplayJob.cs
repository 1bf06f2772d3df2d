using System.Text;
using PricingCore.Cli.Replay.Answers;
using PricingCore.Cli.Replay.Evaluation;
using PricingCore.Cli.Replay.Input;
using PricingCore.Cli.Replay.Regions;
using PricingCore.Cli.Replay.Requests;
using PricingCore.Features;
using PricingCore.Journal;
using PricingCore.Replay;
using PricingCore.Rules;

namespace PricingCore.Cli.Replay;

/// <summary>One run of <c>pricing replay</c>: opens everything, replays, puts the results in their places.</summary>
internal sealed class ReplayJob(ReplaySettings settings, TextWriter output, TextWriter error)
{
    /// <summary>Starts the engine; tests put a recorder in its place.</summary>
    internal Func<PricingOptions, DroppedEvents, IReplayEngine> StartEngine { get; init; } =
        (options, dropped) => new ReplayEngine(PricingReplay.Start(options, dropped.Drop));

    internal TimeProvider Time { get; init; } = TimeProvider.System;

    /// <returns>The exit code.</returns>
    /// <exception cref="CommandFailedException">The replay cannot be made.</exception>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        RuleSet rules = LoadRules(settings.Rules);
        PricingOptions options = await MakeOptionsAsync(rules).ConfigureAwait(false);
        string[] inputs = settings.Requests is null ? [.. settings.Events] : [.. settings.Events, settings.Requests];
        using OutputFile? rejectsFile = settings.Rejects is null ? null : OutputFile.Create(settings.Rejects);
        using var rejects = new RejectLog(inputs, rejectsFile?.Content);
        IRequestSource requests = settings.Requests is null
            ? new PeriodicRequests(settings.Every, settings.Product)
            : new FileRequests(await RequestFile.ReadAsync(settings.Requests, settings.Events.Count, rejects).ConfigureAwait(false));
        await using EventFiles files = await EventFiles.OpenAsync(settings, rejects).ConfigureAwait(false);
        using OutputFile answersFile = OutputFile.Create(settings.Out);
        using var answers = new AnswerWriter(answersFile.Content, settings.WithFeatures ? [.. options.Schema.Features.Select(feature => feature.Name)] : []);
        ForecastErrors? errors = settings.Evaluate is null ? null : new ForecastErrors();
        ReplaySeries? series = settings.Report is null ? null : new ReplaySeries(ClockOf(options));
        var dropped = new DroppedEvents(rejects);
        ReplaySummary summary;
        await using (IReplayEngine engine = StartEngine(options, dropped))
        {
            summary = await Progress.ShowAsync(files, settings.Json, report => new ReplayRun(engine, rejects, dropped)
            {
                Rules = rules,
                Answers = answers,
                Pace = new Pace(Time, settings.Speed),
                Time = Time,
                WithFeatures = settings.WithFeatures,
                RequestsFile = settings.Events.Count,
                Observers = [.. new IReplayObserver?[] { errors, series }.OfType<IReplayObserver>()],
                OnProgress = report,
            }.RunAsync(files.Merged, requests, cancellationToken)).ConfigureAwait(false);
        }

        answers.Dispose(); // Nothing may be left in a writer when its file is closed.
        answersFile.Commit();
        rejects.Dispose();
        rejectsFile?.Commit();
        WriteEvaluation(errors);
        if (series is not null)
        {
            ReplayReport.Write(settings.Report!, series, summary, settings, options.Regions.ToDictionary(region => region.Id, region => region.Name));
        }

        SummaryText.Write(summary, settings, output);
        foreach (string broken in summary.Broken)
        {
            await error.WriteLineAsync($"pricing: {broken}").ConfigureAwait(false);
        }

        return Judge(summary);
    }

    private int Judge(ReplaySummary summary)
    {
        if (summary.Accepted > 0 || summary.Rejected.Count == 0)
        {
            return summary.Broken.Count > 0 ? ExitCode.Failed : ExitCode.Ok;
        }

        error.WriteLine($"pricing: no event was accepted; {(settings.Rejects is null ? "add --rejects FILE to see why" : $"{settings.Rejects} says why")}");
        return ExitCode.Failed;
    }

    private void WriteEvaluation(ForecastErrors? errors)
    {
        if (errors is not null)
        {
            using OutputFile file = OutputFile.Create(settings.Evaluate!);
            errors.Write(file.Content);
            file.Content.WriteByte((byte)'\n');
            file.Commit();
        }
    }

    /// <summary>The clock a report is drawn on: that of the first region, as most replays have one city.</summary>
    private static TimeZoneInfo ClockOf(PricingOptions options) =>
        TimeZoneInfo.FindSystemTimeZoneById(options.Regions.Count > 0 ? options.Regions[0].TimeZone : options.DefaultTimeZone);

    internal static RuleSet LoadRules(string path)
    {
        try
        {
            return RuleSet.Load(path);
        }
        catch (RuleSetException exception)
        {
            throw new CommandFailedException($"{path}: {exception.Errors.Count} error(s) in the rules; fix them all and try again")
            {
                ExitCode = ExitCode.WrongUsage,
                Errors = [.. exception.Errors.Select(wrong => $"{path}: {wrong}")],
            };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"cannot read {path}: {exception.Message}");
        }
    }

    private async ValueTask<PricingOptions> MakeOptionsAsync(RuleSet rules)
    {
        var options = new PricingOptions
        {
            Rules = rules,
            Shards = settings.Shards,
            DefaultTimeZone = settings.TimeZone,
            UserEventsPerMinute = 0, // What is recorded was let in once; a replay does not judge it again.
        };
        if (settings.Regions is not null)
        {
            options.Regions = await RegionFile.LoadAsync(settings.Regions, settings.RegionsMap).ConfigureAwait(false);
            options.OpenRegions = false;
            options.MaxRegions = Math.Max(options.MaxRegions, options.Regions.Count);
        }

        if (settings.Schema is not null)
        {
            options.Schema = LoadSchema(settings.Schema);
        }

        if (settings.JournalOut is { } journal)
        {
            if (Directory.Exists(journal) && Directory.EnumerateFileSystemEntries(journal).Any())
            {
                throw new CommandFailedException($"{journal} is not empty: give --journal-out a new directory") { ExitCode = ExitCode.WrongUsage };
            }

            options.Journal = new JournalOptions { Directory = journal, Durability = Durability.Buffered };
        }

        IReadOnlyList<string> wrong = options.Validate();
        if (wrong.Count > 0)
        {
            throw new CommandFailedException($"{wrong.Count} wrong option(s)") { ExitCode = ExitCode.WrongUsage, Errors = wrong };
        }

        return options;
    }

    /// <exception cref="CommandFailedException">The file cannot be read, or is not a schema.</exception>
    internal static FeatureSchema LoadSchema(string path)
    {
        byte[] json = InputFile.ReadAll(path);
        try
        {
            return FeatureSchema.Parse(Encoding.UTF8.GetString(json));
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException or System.Text.Json.JsonException)
        {
            throw new CommandFailedException($"{path}: {exception.Message}") { ExitCode = ExitCode.WrongUsage };
        }
    }
}
