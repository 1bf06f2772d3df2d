using PricingCore.Events;
using PricingCore.Forecasts;
using PricingCore.Forecasts.Inference;
using PricingCore.Forecasts.Models;
using PricingCore.Forecasts.Rollouts;
using PricingCore.Numerics;
using PricingCore.Regions;

namespace PricingCore;

/// <summary>The models of a live engine: those in memory, the inference thread, and the roll-out under way.</summary>
/// <remarks>
/// What the loops follow is a plan that goes through their rings; this class makes the next one, when a host asks or a tick says so. A plan that
/// finds no room is tried again at the next tick, and nothing has changed until it is in.
/// </remarks>
/// <threadsafety>Any thread.</threadsafety>
public sealed partial class ModelDeployment : IDisposable
{
    private const string NoVersion = "";

    private readonly PricingOptions _options;
    private readonly EngineCore _core;
    private readonly LoadedModels _models;
    private readonly InferenceWorker _worker;
    private readonly Func<long> _now;
    private readonly Lock _changing = new();
    private RolloutPlan _plan = RolloutPlan.None;
    private RolloutProgress? _progress;
    private int _previous = RolloutPlan.Baseline;
    private string? _rollbackReason;
    private bool _isStarted;

    internal ModelDeployment(PricingOptions options, EngineCore core, Func<long> now)
    {
        _options = options;
        _core = core;
        _now = now;
        _models = new LoadedModels(EngineCore.MaxModels, options.MaxLoadedModels);
        _worker = new InferenceWorker(
            new InferenceSettings
            {
                RowWidth = core.Schema.Count,
                MaxBatch = options.MaxForecastBatch,
                MaxRefreshBatch = options.MaxRefreshBatch,
                UrgentCapacity = options.ForecastQueueCapacity,
                RefreshCapacity = options.RefreshQueueCapacity,
                DeadlineMicros = UnixMicros.From(options.ForecastDeadline),
                Time = options.TimeProvider,
                Logger = options.Logger,
            },
            _models,
            core.EnterAnswers,
            now);
    }

    /// <summary>Which models price, and how a roll-out goes.</summary>
    public RolloutStatus Status
    {
        get
        {
            lock (_changing)
            {
                HealthSnapshot inStep = _progress?.InStep(CandidateHealth()) ?? HealthSnapshot.None;
                return new RolloutStatus
                {
                    StableVersion = NameOf(_plan.Stable),
                    CandidateVersion = NameOf(_plan.Candidate),
                    PreviousVersion = NameOf(_previous),
                    Kind = _progress?.Kind,
                    CandidatePercent = _progress?.Percent ?? 0,
                    CandidateRequests = inStep.Requests,
                    CandidateErrorRate = inStep.ErrorRate,
                    CandidateLatency99 = TimeSpan.FromMicroseconds(inStep.LatencyMicros(0.99)),
                    Prices = _plan.ComparesPrices ? PriceDifferences.Sum(_core.Differences) : null,
                    RollbackReason = _rollbackReason,
                };
            }
        }
    }

    private int PlanPercent => _plan.CandidateParts / 100;

    /// <summary>Loads a model package, checks it, warms it up and begins to roll it out; the engine frees it when it is no longer used.</summary>
    /// <param name="package">The package.</param>
    /// <param name="rollout">How it comes into use.</param>
    /// <param name="cancellationToken">Stops waiting; the model may still come into use.</param>
    /// <returns>Completes when every loop follows the plan; with a canary, its first step.</returns>
    /// <exception cref="ArgumentException">The roll-out is outside its ranges.</exception>
    /// <exception cref="ModelRefusedException">The package is not for this schema, does not give its golden rows, fails, or cannot predict as far ahead as decisions need.</exception>
    /// <exception cref="InvalidOperationException">Another model is being rolled out, this one already prices, a ring is full, or the engine has stopped.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task DeployAsync(ModelPackage package, Rollout rollout, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(package);
        ArgumentNullException.ThrowIfNull(rollout);
        IForecaster forecaster = FindLoaded(package) ?? await Task.Run(() => OnnxForecaster.Load(package, _core.Schema, _options.Logger), cancellationToken).ConfigureAwait(false);
        await DeployAsync(forecaster, isOwned: true, rollout, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Rolls a forecaster of the host's own out; the host disposes it, but not before the engine.</summary>
    /// <param name="forecaster">The model. It is warmed up first: each batch size is evaluated once.</param>
    /// <param name="rollout">How it comes into use.</param>
    /// <param name="cancellationToken">Stops waiting; the model may still come into use.</param>
    /// <returns>Completes when every loop follows the plan; with a canary, its first step.</returns>
    /// <exception cref="ArgumentException">The roll-out is outside its ranges.</exception>
    /// <exception cref="ModelRefusedException">The model fails, cannot predict as far ahead as decisions need, or has the version of another that is loaded.</exception>
    /// <exception cref="InvalidOperationException">Another model is being rolled out, this one already prices, a ring is full, or the engine has stopped.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task DeployAsync(IForecaster forecaster, Rollout rollout, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(forecaster);
        ArgumentNullException.ThrowIfNull(rollout);
        return DeployAsync(forecaster, isOwned: false, rollout, cancellationToken);
    }

    /// <summary>Goes back at once: from a candidate to the running model, else to the model before it, else to the baseline.</summary>
    /// <param name="reason">Why, for <see cref="RolloutStatus.RollbackReason"/>.</param>
    /// <returns>Completes when every loop follows the plan.</returns>
    /// <exception cref="InvalidOperationException">No model is deployed, a ring is full, or the engine has stopped.</exception>
    public Task RollBackAsync(string reason = "asked for")
    {
        ArgumentNullException.ThrowIfNull(reason);
        lock (_changing)
        {
            return _plan.HasModel
                ? ThrowUnlessIn(GoBack(reason))
                : throw new InvalidOperationException("There is nothing to roll back: the baseline prices.");
        }
    }

    /// <summary>Judges the roll-out under way. Before the tick goes into the rings, so that a rollback is in force when the tick is handled.</summary>
    internal void OnTick(long now)
    {
        lock (_changing)
        {
            if (_progress is null)
            {
                return;
            }

            switch (_progress.Judge(now, CandidateHealth(), PriceDifferences.Sum(_core.Differences), out string reason))
            {
                case RolloutMove.GoBack:
                    EngineLog.RolledBack(_options.Logger, NameOf(_plan.Candidate)!, reason);
                    _ = GoBack(reason);
                    break;
                case RolloutMove.Finish:
                    EngineLog.RolledOut(_options.Logger, NameOf(_plan.Candidate)!);
                    _ = Follow(PlanOf(_plan.Candidate, RolloutPlan.Baseline, null), null, _plan.Stable);
                    break;
                case RolloutMove.Widen:
                case RolloutMove.Stay when PlanPercent != _progress.Percent: // The rings were full when it was to widen.
                    _ = Follow(PlanOf(_plan.Stable, _plan.Candidate, _progress), _progress, _previous);
                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>Ends the inference thread and lets go of the models; the engine calls it.</summary>
    void IDisposable.Dispose()
    {
        _worker.Dispose();
        _models.Dispose();
    }

    /// <summary>Warms a model up and begins to roll it out.</summary>
    internal async Task DeployAsync(IForecaster forecaster, bool isOwned, Rollout rollout, CancellationToken cancellationToken)
    {
        try
        {
            if (rollout.FindError() is { } error)
            {
                throw new ArgumentException(error, nameof(rollout));
            }

            await Task.Run(() => ModelAdmission.Check(forecaster, _options), cancellationToken).ConfigureAwait(false);
            await BeginAsync(forecaster, isOwned, rollout).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch when (isOwned && !IsLoaded(forecaster))
        {
            (forecaster as IDisposable)?.Dispose();
            throw;
        }
    }

    private Task BeginAsync(IForecaster forecaster, bool isOwned, Rollout rollout)
    {
        lock (_changing)
        {
            _core.Audit?.Use(forecaster);
            int number = _core.Models.FindOrAdd(forecaster.ModelVersion);
            bool isAnother = _plan.Candidate >= 0 && _plan.Candidate != number;
            if (rollout.Kind != RolloutKind.Fixed && (isAnother || number == _plan.Stable))
            {
                throw new InvalidOperationException(isAnother
                    ? $"{NameOf(_plan.Candidate)} is being rolled out: roll it back, or deploy it as fixed, before {forecaster.ModelVersion}."
                    : $"{forecaster.ModelVersion} is the running model already.");
            }

            if (number == NameTable.Unknown || !_models.TryAdd(number, forecaster, isOwned))
            {
                throw new ModelRefusedException(number == NameTable.Unknown
                    ? $"An engine knows at most {EngineCore.MaxModels} model versions in its life; restart it to deploy {forecaster.ModelVersion}."
                    : $"{forecaster.ModelVersion} is loaded already, and it is another object: versions do not change, so give it a new one.");
            }

            StartWorker();
            _rollbackReason = null;
            if (rollout.Kind == RolloutKind.Fixed)
            {
                int previous = number == _plan.Stable ? _previous : _plan.Stable;
                return ThrowUnlessIn(Follow(PlanOf(number, RolloutPlan.Baseline, null), null, previous));
            }

            var progress = new RolloutProgress(rollout, _now(), _models.Find(number)!.Health.Read(), PriceDifferences.None);
            return ThrowUnlessIn(Follow(PlanOf(_plan.Stable, number, progress), progress, _previous, isNewRollout: true));
        }
    }

    private void StartWorker()
    {
        if (!_isStarted)
        {
            _worker.Start();
            _isStarted = true;
        }
    }

    private Task<Rejection> GoBack(string reason)
    {
        Task<Rejection> outcome = _plan.Candidate >= 0
            ? Follow(PlanOf(_plan.Stable, RolloutPlan.Baseline, null), null, _previous)
            : Follow(PlanOf(_previous, RolloutPlan.Baseline, null), null, RolloutPlan.Baseline);
        _rollbackReason = IsIn(outcome) ? reason : _rollbackReason;
        return outcome;
    }

    /// <summary>Puts a plan into the rings; when there is no room, nothing changes.</summary>
    private Task<Rejection> Follow(RolloutPlan plan, RolloutProgress? progress, int previous, bool isNewRollout = false)
    {
        plan = plan.From(new PlanOrigin(progress?.ToNote(), previous, _models.Packages));
        Task<Rejection> outcome = _core.PublishPlanAsync(new DeployedPlan(plan, isNewRollout), _now());
        if (IsIn(outcome))
        {
            _plan = plan;
            _progress = progress;
            _previous = previous;
            MeasureDrift();
            _models.Trim(plan.Stable, plan.Candidate, previous);
        }

        return outcome;
    }

    private static bool IsIn(Task<Rejection> outcome) => !outcome.IsCompletedSuccessfully || outcome.Result == Rejection.None;

    private static async Task ThrowUnlessIn(Task<Rejection> entering)
    {
        Rejection outcome = await entering.ConfigureAwait(false);
        if (outcome != Rejection.None)
        {
            throw new InvalidOperationException(outcome == Rejection.Stopped
                ? "The model was not deployed: the engine has been stopped."
                : "The model was not deployed: a ring is full. Try again.");
        }
    }

    private RolloutPlan PlanOf(int stable, int candidate, RolloutProgress? progress) => new(
        stable,
        candidate,
        progress?.Percent ?? 0,
        comparesPrices: progress?.Kind is RolloutKind.Canary or RolloutKind.Shadow,
        NameOf(candidate) ?? NoVersion)
    {
        Queues = _worker.Queues,
    };

    private HealthSnapshot CandidateHealth() => _models.Find(_plan.Candidate)?.Health.Read() ?? HealthSnapshot.None;

    /// <summary>The same package, when it is in memory already: deploying it again loads nothing.</summary>
    private OnnxForecaster? FindLoaded(ModelPackage package) =>
        _models.Find(_core.Models.Find(package.Manifest.ModelVersion))?.Forecaster is OnnxForecaster loaded && loaded.Manifest.Graph.Sha256 == package.Manifest.Graph.Sha256
            ? loaded
            : null;

    private bool IsLoaded(IForecaster forecaster) => ReferenceEquals(_models.Find(_core.Models.Find(forecaster.ModelVersion))?.Forecaster, forecaster);

    private string? NameOf(int model) => model < 0 ? null : _core.Models[model];
}
