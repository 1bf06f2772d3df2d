using PricingCore.Features;
using PricingCore.Forecasts;
using PricingCore.Forecasts.Models;

namespace PricingCore.Cli.Demo;

/// <summary>The model that the demo prices with.</summary>
/// <param name="Forecaster">The model; null for the seasonal baseline.</param>
/// <param name="Said">What the report says of it.</param>
internal sealed record DemoModel(OnnxForecaster? Forecaster, string Said) : IDisposable
{
    /// <summary>The word of the command line for the seasonal baseline.</summary>
    public const string None = "none";

    /// <summary>The seasonal baseline.</summary>
    public static DemoModel Baseline { get; } = new(null, "seasonal naive, a week of history");

    /// <summary>Where the model lies that comes with the tool: trained on a generated city; docs/forecasting.md has the command.</summary>
    internal static string SamplePath => Path.Combine(AppContext.BaseDirectory, "models", "demand", "1.0.0");

    /// <summary>The version of the forecasts.</summary>
    public string Version => Forecaster?.ModelVersion ?? SeasonalNaiveForecaster.Instance.ModelVersion;

    /// <summary>Loads a model.</summary>
    /// <param name="choice">A package, <see cref="None"/>, or null for the model that comes with the tool.</param>
    /// <exception cref="CommandFailedException">The package of the command line cannot be used.</exception>
    public static DemoModel Load(string? choice)
    {
        if (choice == None)
        {
            return Baseline;
        }

        try
        {
            OnnxForecaster forecaster = OnnxForecaster.Load(ModelPackage.Load(choice ?? SamplePath), FeatureSchema.Mobility);
            return new DemoModel(forecaster, $"model {forecaster.ModelVersion}");
        }
        catch (ModelRefusedException exception) when (choice is null)
        {
            // Where ONNX Runtime is not to be had, a model cannot be checked; the demo is to run everywhere.
            return Baseline with { Said = $"seasonal naive; the sample model was refused: {exception.Refusals[0].Problem}" };
        }
        catch (ModelRefusedException exception)
        {
            throw new CommandFailedException($"--model {choice}: refused for {exception.Refusals.Count} reason(s)")
            {
                ExitCode = ExitCode.WrongUsage,
                Errors = [.. exception.Refusals.Select(refusal => refusal.ToString())],
            };
        }
    }

    public void Dispose() => Forecaster?.Dispose();
}
