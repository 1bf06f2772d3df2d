using PricingCore.Forecasts.Inference;
using PricingCore.Forecasts.Models;
using PricingCore.Forecasts.Rollouts;

namespace PricingCore;

/// <summary>Brings the models of a recovered plan back into memory: the host's own, and packages from where they were.</summary>
/// <threadsafety>One thread.</threadsafety>
internal static class ModelRestoration
{
    /// <summary>Loads every model that a plan needs.</summary>
    /// <returns>Whether all that price are there; the previous one may be missing.</returns>
    public static bool TryLoad(RolloutPlan plan, PricingOptions options, EngineDirectories names, LoadedModels models)
    {
        bool isComplete = TryLoad(plan.Stable, plan, options, names, models) & TryLoad(plan.Candidate, plan, options, names, models);
        if (isComplete && plan.Origin is { } origin)
        {
            _ = TryLoad(origin.Previous, plan, options, names, models);
        }

        return isComplete;
    }

    private static bool TryLoad(int number, RolloutPlan plan, PricingOptions options, EngineDirectories names, LoadedModels models)
    {
        if (number < 0)
        {
            return true;
        }

        string version = names.Models[number];
        if (options.Forecaster is { } given && given.ModelVersion == version)
        {
            return models.TryAdd(number, given, isOwned: false);
        }

        if (plan.Origin is null || !plan.Origin.Packages.TryGetValue(number, out string? path))
        {
            EngineLog.ModelNotAtHand(options.Logger, version, "it was the host's own object");
            return false;
        }

        try
        {
            OnnxForecaster forecaster = OnnxForecaster.Load(options.LoadPackage(path), options.Schema, options.Logger);
            if (forecaster.ModelVersion == version)
            {
                return models.TryAdd(number, forecaster, isOwned: true);
            }

            forecaster.Dispose();
            EngineLog.ModelNotAtHand(options.Logger, version, $"{path} holds {forecaster.ModelVersion}");
        }
        catch (ModelRefusedException refused)
        {
            EngineLog.ModelNotAtHand(options.Logger, version, refused.Message);
        }

        return false;
    }
}
