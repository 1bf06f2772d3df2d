using PricingCore.Forecasts.Models;
using PricingCore.Training;
using PricingCore.Training.History;
using PricingCore.Training.Metrics;

namespace PricingCore.Cli.Training;

/// <summary>One run of <c>pricing evaluate</c>: reads the history and scores a packaged model on it.</summary>
internal sealed class EvaluateJob(EvaluateSettings settings, TextWriter output, TextWriter error)
{
    /// <returns>The exit code.</returns>
    /// <exception cref="CommandFailedException">The evaluation cannot be made.</exception>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        (OnnxForecaster model, SchemaChoice schema) = Load();
        using (model)
        {
            HistoryInput input = await HistoryInput.OpenAsync(settings.History, schema.Schema).ConfigureAwait(false);
            await using (input.ConfigureAwait(false))
            {
                DateTimeOffset? from = settings.ScoreFrom?.ToUtc(input.Clock);
                HistoryOptions sampling = input.Sampling(settings.History, model.HorizonsMinutes, from, settings.ScoreTo?.ToUtc(input.Clock));
                ScoredHistory outcome = await WorkBar.ShowAsync(
                    settings.Json, bar => ScoreAsync(model, input, sampling, from, bar, cancellationToken)).ConfigureAwait(false);
                input.CommitRejects();
                if (settings.Report is not null)
                {
                    ForecastPage.Write(settings.Report, outcome, settings.Command, $"Evaluation of {model.ModelVersion}");
                }

                ScoreText.Write(outcome, settings.Json, output);
                foreach (string broken in input.Rejects.Broken)
                {
                    await error.WriteLineAsync($"pricing: {broken}").ConfigureAwait(false);
                }

                return input.Rejects.Broken.Count > 0 ? ExitCode.Failed : ExitCode.Ok;
            }
        }
    }

    private async Task<ScoredHistory> ScoreAsync(
        OnnxForecaster model, HistoryInput input, HistoryOptions sampling, DateTimeOffset? from, WorkBar bar, CancellationToken cancellationToken)
    {
        try
        {
            DemandRows rows = await DemandHistoryReader.ReadAsync(
                input.ReadAsync(cancellationToken), sampling, new Told<HistoryProgress>(done =>
                    bar.Report("history", input.Share, FormattableString.Invariant($"{done.Events:N0} events, {done.Rows:N0} rows"))), cancellationToken).ConfigureAwait(false);
            ForecastReport report = ForecastEvaluation.Score(model, rows, from, new Told<double>(share => bar.Report("scoring", share, "")), cancellationToken);
            return new ScoredHistory(rows, report, model.Manifest, input.UnitsPerBooking, input.Clock, horizon =>
                ForecastEvaluation.Ask(model, rows, from is { } time ? rows.FirstRowFrom(time) : 0, horizon))
            {
                Path = settings.Model,
                Rejects = input.Rejects,
            };
        }
        catch (TrainingException exception)
        {
            throw new CommandFailedException(exception.Message);
        }
    }

    private (OnnxForecaster Model, SchemaChoice Schema) Load()
    {
        try
        {
            ModelPackage package = ModelPackage.Load(settings.Model, allowRejected: true);
            SchemaChoice schema = SchemaChoice.OfModel(settings.Model, package.Manifest.Schema.Name, package.Manifest.Schema.Hash, settings.Schema);
            return (OnnxForecaster.Load(package, schema.Schema), schema);
        }
        catch (ModelRefusedException exception)
        {
            throw new CommandFailedException($"{settings.Model} is no usable model: {exception.Refusals.Count} reason(s)")
            {
                Errors = [.. exception.Refusals.Select(refusal => $"{settings.Model}: {refusal}")],
            };
        }
    }
}
