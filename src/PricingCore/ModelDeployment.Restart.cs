using PricingCore.Forecasts.Inference;
using PricingCore.Forecasts.Models;
using PricingCore.Forecasts.Rollouts;

namespace PricingCore;

public sealed partial class ModelDeployment
{
    /// <summary>Goes on with the plan that a journal has, if its models are at hand; else deploys the model of the options. Before anything else can be in the rings.</summary>
    internal void Start()
    {
        RolloutPlan recovered = _core.Shards.Plan;
        if (recovered.HasModel && ModelRestoration.TryLoad(recovered, _options, _core.Names, _models))
        {
            GoOn(recovered);
        }
        else if (_options.Forecaster is { } forecaster)
        {
            _ = BeginAsync(forecaster, isOwned: false, Rollout.Fixed);
        }
        else if (recovered.HasModel)
        {
            StartWorker();
            int stable = _models.Find(recovered.Stable) is null ? RolloutPlan.Baseline : recovered.Stable;
            _ = Follow(PlanOf(stable, RolloutPlan.Baseline, null), null, RolloutPlan.Baseline);
        }
    }

    /// <summary>The loops follow this plan already; they only have to know whom to ask.</summary>
    private void GoOn(RolloutPlan recovered)
    {
        _plan = recovered.AskingAt(_worker.Queues);
        _previous = recovered.Origin?.Previous ?? RolloutPlan.Baseline;
        _previous = _models.Find(_previous) is null ? RolloutPlan.Baseline : _previous;
        _progress = recovered.Origin?.Rollout is { } note
            ? new RolloutProgress(Rollout.Of(note), _now(), HealthSnapshot.None, PriceDifferences.Sum(_core.Differences), note.Step)
            : null;
        _core.Shards.AskAt(_worker.Queues);
        MeasureDrift();
        StartWorker();
    }

    /// <summary>Drift is that of the running model's training rows, which a package brings.</summary>
    private void MeasureDrift() => _core.Quality?.Use((_models.Find(_plan.Stable)?.Forecaster as OnnxForecaster)?.TrainedOn);
}
