using System.Globalization;
using System.Text.Json;
using PricingCore.Cli.Replay.Answers;
using PricingCore.Cli.Training;
using PricingCore.Features;
using PricingCore.Journal;
using PricingCore.Surge;

namespace PricingCore.Cli.Replay;

/// <summary>One run of <c>pricing replay --journal</c>: decides everything again and compares.</summary>
internal sealed class JournalReplayJob(JournalReplaySettings settings, TextWriter output)
{
    private readonly Lock _writing = new();

    internal TimeProvider Time { get; init; } = TimeProvider.System;

    /// <returns>The exit code.</returns>
    /// <exception cref="CommandFailedException">The journal cannot be replayed.</exception>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        using OutputFile? decisions = settings.Out is null ? null : OutputFile.Create(settings.Out);
        long started = Time.GetTimestamp();
        JournalReplayResult result = await WorkBar.ShowAsync(settings.Json, bar => Task.Run(() => Replay(bar, decisions?.Content, cancellationToken), cancellationToken)).ConfigureAwait(false);
        decisions?.Commit();
        Write(result, Time.GetElapsedTime(started));
        bool isSame = result.FirstDifference is null && result.Unconfirmed == 0;
        return isSame || !settings.Verify ? ExitCode.Ok : ExitCode.Failed;
    }

    private JournalReplayResult Replay(WorkBar bar, Stream? decisions, CancellationToken cancellationToken)
    {
        var options = new JournalReplayOptions
        {
            Schema = settings.Schema is null ? FeatureSchema.Mobility : ReplayJob.LoadSchema(settings.Schema),
            Rules = settings.Rules is null ? null : ReplayJob.LoadRules(settings.Rules),
            OnDecision = decisions is null ? null : decision => Write(decision, decisions),
            OnProgress = records => bar.Report("replay", 0, string.Create(CultureInfo.InvariantCulture, $"{records:N0} records")),
        };
        try
        {
            return PricingEngine.Replay(settings.Journal, options, cancellationToken);
        }
        catch (Exception exception) when (exception is JournalDamagedException or JournalMismatchException or InvalidOperationException or IOException)
        {
            throw new CommandFailedException(exception.Message);
        }
    }

    private void Write(SurgeDecision decision, Stream stream)
    {
        lock (_writing)
        {
            DecisionLine.Write(decision, stream);
        }
    }

    private void Write(JournalReplayResult result, TimeSpan elapsed)
    {
        double rate = result.Records / Math.Max(1e-9, elapsed.TotalSeconds);
        if (settings.Json)
        {
            using var buffer = new MemoryStream();
            using (var json = new Utf8JsonWriter(buffer))
            {
                json.WriteStartObject();
                json.WriteNumber("records"u8, result.Records);
                json.WriteNumber("decisions"u8, result.Decisions);
                json.WriteNumber("confirmed"u8, result.Confirmed);
                json.WriteNumber("unconfirmed"u8, result.Unconfirmed);
                json.WriteString("first_difference"u8, result.FirstDifference);
                json.WriteString("torn_at"u8, result.TornAt);
                json.WriteString("until"u8, result.Until.UtcDateTime);
                json.WriteNumber("seconds"u8, Math.Round(elapsed.TotalSeconds, 3));
                json.WriteNumber("records_per_second"u8, Math.Round(rate));
                json.WriteEndObject();
            }

            output.WriteLine(System.Text.Encoding.UTF8.GetString(buffer.ToArray()));
            return;
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Records:N0} records until {result.Until:yyyy-MM-dd HH:mm:ss}Z in {elapsed.TotalSeconds:0.00} s ({rate / 1e6:0.00} M/s)"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Decisions:N0} decisions, {result.Confirmed:N0} of them byte for byte those of the journal"));
        if (result.Unconfirmed > 0)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Unconfirmed:N0} decisions are not in the journal: it ends before them"));
        }

        if (result.TornAt is not null)
        {
            output.WriteLine($"the end is torn: {result.TornAt}");
        }

        if (result.FirstDifference is not null)
        {
            output.WriteLine($"first difference: {result.FirstDifference}");
        }
    }
}
