using System.Globalization;
using System.Text;
using PricingCore.Cli.Replay;
using PricingCore.Cli.Replay.Answers;
using PricingCore.Cli.Report;
using PricingCore.Cli.Training;
using PricingCore.Features;
using PricingCore.Forecasts.Models;
using PricingCore.Journal;
using PricingCore.Rules;

namespace PricingCore.Cli.Backtest;

/// <summary>One run of <c>pricing backtest</c>.</summary>
internal sealed class BacktestJob(BacktestSettings settings, TextWriter output)
{
    /// <returns>The exit code.</returns>
    /// <exception cref="CommandFailedException">The journal cannot be replayed, or a file cannot be used.</exception>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(JournalPaths.Lane(settings.Journal, 0)))
        {
            throw new CommandFailedException($"there is no journal in {settings.Journal}: give the directory that has lane-00 in it") { ExitCode = ExitCode.WrongUsage };
        }

        // All that the user gives is read before the replays, which may take long.
        FeatureSchema schema = settings.Schema is null ? FeatureSchema.Mobility : SchemaChoice.Load(settings.Schema).Schema;
        RuleSet? rules = settings.Rules is null ? null : ReplayJob.LoadRules(settings.Rules);
        using OnnxForecaster? model = settings.Model is null ? null : LoadModel(settings.Model, schema);
        using OutputFile? page = settings.Report is null ? null : OutputFile.Create(settings.Report);

        (BacktestOutcome outcome, JournalReplayResult replay) = await WorkBar
            .ShowAsync(settings.Json, bar => Task.Run(() => Compare(schema, rules, model, bar, cancellationToken), cancellationToken))
            .ConfigureAwait(false);
        if (page is not null)
        {
            page.Content.Write(Encoding.UTF8.GetBytes(HtmlReport.Build(BacktestReport.Of(settings, outcome, replay))));
            page.Commit();
        }

        output.WriteLine(settings.Json ? BacktestJson.Of(settings, outcome, replay) : BacktestText.Of(settings, outcome, replay));
        return replay.FirstDifference is null ? ExitCode.Ok : ExitCode.Failed;
    }

    private (BacktestOutcome Outcome, JournalReplayResult Replay) Compare(
        FeatureSchema schema, RuleSet? rules, OnnxForecaster? model, WorkBar bar, CancellationToken cancellationToken)
    {
        var a = new PolicyRun();
        JournalReplayResult replay = Replay("policy A", a, new JournalReplayOptions { Schema = schema, OnBooking = a.Take }, bar, cancellationToken);
        if (replay.Decisions == 0)
        {
            throw new CommandFailedException($"the journal in {settings.Journal} has no decisions: there is nothing to compare with");
        }

        var b = new PolicyRun();
        var options = new JournalReplayOptions { Schema = schema, Rules = RulesOfB(rules, replay.Rules), Forecaster = model };
        Replay("policy B", b, options, bar, cancellationToken);
        return (BacktestOutcome.Of(a, b, settings.Elasticity), replay);
    }

    private RuleSet? RulesOfB(RuleSet? given, RuleSet? ofJournal)
    {
        if (settings.Formula is not { } formula)
        {
            return given;
        }

        RuleSet rules = given ?? ofJournal ?? throw new CommandFailedException($"the journal in {settings.Journal} has no rules: give --rules");
        return new RuleSet([.. rules.Rules.Select(rule => rule with { Formula = formula })]);
    }

    private JournalReplayResult Replay(string stage, PolicyRun run, JournalReplayOptions options, WorkBar bar, CancellationToken cancellationToken)
    {
        options.OnDecision = run.Take;
        options.OnProgress = records => bar.Report(stage, 0, string.Create(CultureInfo.InvariantCulture, $"{records:N0} records"));
        try
        {
            JournalReplayResult result = PricingEngine.Replay(settings.Journal, options, cancellationToken);
            run.Close();
            return result;
        }
        catch (Exception exception) when (exception is JournalDamagedException or JournalMismatchException or InvalidOperationException or IOException)
        {
            throw new CommandFailedException(exception.Message);
        }
    }

    private static OnnxForecaster LoadModel(string path, FeatureSchema schema)
    {
        try
        {
            return OnnxForecaster.Load(ModelPackage.Load(path), schema);
        }
        catch (ModelRefusedException exception)
        {
            throw new CommandFailedException($"{path} is no usable model: {exception.Refusals.Count} reason(s)")
            {
                ExitCode = ExitCode.WrongUsage,
                Errors = [.. exception.Refusals.Select(refusal => $"{path}: {refusal}")],
            };
        }
    }
}
