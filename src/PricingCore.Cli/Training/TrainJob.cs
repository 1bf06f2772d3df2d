using System.Text;
using PricingCore.Forecasts.Models;
using PricingCore.Training;
using PricingCore.Training.History;
using PricingCore.Training.Xgboost;

namespace PricingCore.Cli.Training;

/// <summary>One run of <c>pricing train</c>: reads the history, trains, writes the package and the report.</summary>
internal sealed class TrainJob(TrainSettings settings, TextWriter output, TextWriter error)
{
    /// <returns>The exit code.</returns>
    /// <exception cref="CommandFailedException">The training cannot be made.</exception>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        PackagePlace place = PackagePlace.Of(settings.Out);
        SchemaChoice schema = SchemaChoice.Load(settings.Schema);
        ThrowIfWrong(settings.Training.Validate());
        HistoryInput input = await HistoryInput.OpenAsync(settings.History, schema.Schema).ConfigureAwait(false);
        await using (input.ConfigureAwait(false))
        {
            HistoryOptions sampling = input.Sampling(settings.History, settings.Horizons);
            TrainingOptions training = settings.Training with { HeldOutFrom = settings.HeldOutFrom?.ToUtc(input.Clock) };
            (DemandRows rows, TrainedModel model) = await WorkBar.ShowAsync(
                settings.Json, bar => TrainAsync(input, sampling, training, bar, cancellationToken)).ConfigureAwait(false);
            ModelPackage package = Write(model, place, schema);
            input.CommitRejects();

            var outcome = new ScoredHistory(rows, model.Report, package.Manifest, input.UnitsPerBooking, input.Clock, horizon => model.Forecast(rows, model.HeldOutFrom, horizon))
            {
                Path = settings.Out,
                Rejects = input.Rejects,
            };
            if (settings.Report is not null)
            {
                ForecastPage.Write(settings.Report, outcome, settings.Command, $"Training of {package.Manifest.ModelVersion}");
            }

            ScoreText.Write(outcome, settings.Json, output);
            return await JudgeAsync(input, package.Manifest).ConfigureAwait(false);
        }
    }

    private async Task<(DemandRows Rows, TrainedModel Model)> TrainAsync(
        HistoryInput input, HistoryOptions sampling, TrainingOptions training, WorkBar bar, CancellationToken cancellationToken)
    {
        try
        {
            DemandRows rows = await DemandHistoryReader.ReadAsync(
                input.ReadAsync(cancellationToken), sampling, new Told<HistoryProgress>(done =>
                    bar.Report("history", input.Share, FormattableString.Invariant($"{done.Events:N0} events, {done.Rows:N0} rows"))), cancellationToken).ConfigureAwait(false);
            if (settings.Rows is not null)
            {
                RowsFile.Write(settings.Rows, rows);
            }

            TrainedModel model = ModelTrainer.Train(
                rows, training, new Told<TrainingProgress>(done => bar.Report("training", done.Done / (double)Math.Max(1, done.Total), done.Stage)), cancellationToken);
            return (rows, model);
        }
        catch (Exception exception) when (exception is TrainingException or XgboostException)
        {
            throw new CommandFailedException(exception.Message);
        }
        catch (ArgumentException exception) when (exception.ParamName == "options")
        {
            throw new CommandFailedException(exception.Message.Split(" (Parameter")[0]) { ExitCode = ExitCode.WrongUsage };
        }
    }

    private ModelPackage Write(TrainedModel model, PackagePlace place, SchemaChoice schema)
    {
        try
        {
            ModelPackage package = model.Write(place.Folder, place.Name, place.Version, settings.AllowWorse);
            if (schema.Json is not null)
            {
                File.WriteAllText(Path.Combine(place.Folder, SchemaChoice.FileInPackage), schema.Json, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            }

            return package;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ModelRefusedException)
        {
            throw new CommandFailedException($"cannot write {settings.Out}: {exception.Message}");
        }
    }

    private async ValueTask<int> JudgeAsync(HistoryInput input, ModelManifest manifest)
    {
        foreach (string broken in input.Rejects.Broken)
        {
            await error.WriteLineAsync($"pricing: {broken}").ConfigureAwait(false);
        }

        if (manifest.Status == ModelManifest.Accepted)
        {
            return input.Rejects.Broken.Count > 0 ? ExitCode.Failed : ExitCode.Ok;
        }

        await error.WriteLineAsync(
            $"pricing: {manifest.ModelVersion} is not better than every simple forecast at every horizon: written as rejected; --allow-worse accepts it all the same").ConfigureAwait(false);
        return ExitCode.Failed;
    }

    private static void ThrowIfWrong(IReadOnlyList<string> errors)
    {
        if (errors.Count > 0)
        {
            throw new CommandFailedException($"{errors.Count} wrong option(s)") { ExitCode = ExitCode.WrongUsage, Errors = errors };
        }
    }
}

/// <summary>Progress that is told at once, on the thread that makes it, so that a bar is never behind.</summary>
internal sealed class Told<T>(Action<T> tell) : IProgress<T>
{
    public void Report(T value) => tell(value);
}
