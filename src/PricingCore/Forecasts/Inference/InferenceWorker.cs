using PricingCore.Diagnostics;
using PricingCore.Events;
using PricingCore.Ring;

namespace PricingCore.Forecasts.Inference;

/// <summary>The inference thread: takes what waits in the queues, evaluates it in batches, and puts the answers into the rings.</summary>
/// <remarks>
/// Batches form by themselves: whatever waits when the thread is free, up to a limit. Requests that a decision waits for go first;
/// one batch of the refresh is the longest they wait. The thread never ends because of a model: what a model throws is counted as a miss.
/// </remarks>
/// <threadsafety>Owns its thread; <see cref="Queues"/> may be used from any.</threadsafety>
internal sealed class InferenceWorker : IDisposable
{
    private const long MicrosPerSecond = 1_000_000;
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(5);

    private readonly LoadedModels _models;
    private readonly InferenceSettings _settings;
    private readonly AnswerSink _sink;
    private readonly Func<long> _now;
    private readonly Thread _thread;
    private readonly BatchBuffers _buffers;
    private volatile bool _isStopping;

    /// <param name="settings">Limits.</param>
    /// <param name="models">Where the models are.</param>
    /// <param name="sink">Puts answers into the rings of their regions.</param>
    /// <param name="now">The engine's time, in microseconds.</param>
    public InferenceWorker(in InferenceSettings settings, LoadedModels models, AnswerSink sink, Func<long> now)
    {
        _settings = settings;
        _models = models;
        _sink = sink;
        _now = now;
        Queues = new ForecastQueues(settings.UrgentCapacity, settings.RefreshCapacity, settings.RowWidth);
        _buffers = new BatchBuffers(Math.Max(settings.MaxBatch, settings.MaxRefreshBatch), settings.RowWidth);
        _thread = new Thread(Run) { IsBackground = true, Name = "PricingCore inference" };
    }

    /// <summary>Where the loops put their requests.</summary>
    public ForecastQueues Queues { get; }

    public void Start() => _thread.Start();

    /// <summary>Ends the thread; a model that hangs is left behind after five seconds, on a thread that does not keep the process alive.</summary>
    public void Dispose()
    {
        _isStopping = true;
        Queues.Idle.WakeIfSleeping();
        if ((_thread.ThreadState & ThreadState.Unstarted) == 0 && !_thread.Join(LongestStop))
        {
            InferenceLog.LeftBehind(_settings.Logger);
            return; // Its queue's signal stays: the thread may still look at it.
        }

        Queues.Dispose();
    }

    /// <summary>Answers one batch.</summary>
    /// <returns>How many requests.</returns>
    internal int AnswerBatch()
    {
        int count = Queues.Urgent.Available(_settings.MaxBatch);
        if (count > 0)
        {
            Answer(Queues.Urgent, count, isUrgent: true);
            return count;
        }

        count = Queues.Refresh.Available(_settings.MaxRefreshBatch);
        if (count > 0)
        {
            Answer(Queues.Refresh, count, isUrgent: false);
        }

        return count;
    }

    /// <summary>Puts answers into the rings of their regions.</summary>
    /// <returns>How many of them, from the first on; fewer than all when a ring is full.</returns>
    internal delegate int AnswerSink(ReadOnlySpan<AcceptedEvent> answers);

    private void Run()
    {
        IdleWait idle = Queues.Idle;
        while (!_isStopping)
        {
            if (AnswerBatch() > 0)
            {
                idle.Reset();
                continue;
            }

            if (idle.TrySpin())
            {
                continue;
            }

            idle.BeginSleep();
            if (_isStopping || Queues.Urgent.Count > 0 || Queues.Refresh.Count > 0)
            {
                idle.CancelSleep();
            }
            else
            {
                idle.Park(Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void Answer(ForecastQueue queue, int count, bool isUrgent)
    {
        PricingMeters.BatchSize.Record(count);
        bool isUniform = true;
        for (int i = 1; i < count && isUniform; i++)
        {
            isUniform = queue.Peek(i).IsLike(queue.Peek(0));
        }

        if (isUniform)
        {
            // In place: the rows of neighbouring slots are one span.
            AnswerLike(queue.Peek(0), new ForecastBatch(queue.Peek(0).HorizonMinutes, queue.Rows(0, count), _settings.RowWidth, queue.Signals(0, count)), queue, default, isUrgent);
        }
        else
        {
            _buffers.Begin(count);
            while (_buffers.TryGather(queue, count, out ReadOnlySpan<int> offsets))
            {
                ref readonly ForecastRequest first = ref queue.Peek(offsets[0]);
                AnswerLike(first, _buffers.BatchOf(offsets.Length, first.HorizonMinutes), queue, offsets, isUrgent);
            }
        }

        queue.Release(count);
    }

    /// <summary>Answers requests of one model and horizon; <paramref name="offsets"/> are their places in the queue, or empty when they are all at its head.</summary>
    private void AnswerLike(in ForecastRequest like, in ForecastBatch batch, ForecastQueue queue, ReadOnlySpan<int> offsets, bool isUrgent)
    {
        // The other model first: a decision that waits for the one that prices then finds both.
        if (like.OtherModel >= 0)
        {
            Evaluate(like.OtherModel, batch, queue, offsets, isUrgent);
        }

        if (like.Model >= 0)
        {
            Evaluate(like.Model, batch, queue, offsets, isUrgent);
        }
    }

    private void Evaluate(int number, in ForecastBatch batch, ForecastQueue queue, ReadOnlySpan<int> offsets, bool isUrgent)
    {
        long oldest = queue.Peek(offsets.IsEmpty ? 0 : offsets[0]).AskedAt;
        long begin = _settings.Time.GetTimestamp();
        Span<Forecast> forecasts = _buffers.Forecasts(batch.Count);
        ForecastMiss miss = default;
        LoadedModel? model = _models.Use(number);
        if (model is null)
        {
            miss = ForecastMiss.NotLoaded;
        }
        else if (!model.Forecaster.Supports(batch.HorizonMinutes))
        {
            miss = ForecastMiss.HorizonUnknown;
        }
        else if (isUrgent && _now() - oldest > _settings.DeadlineMicros)
        {
            miss = ForecastMiss.Late; // Whoever waited has been answered from the baseline; the queue must empty.
        }
        else if (!TryPredict(model, batch, forecasts))
        {
            miss = ForecastMiss.Failed;
        }

        double seconds = _settings.Time.GetElapsedTime(begin).TotalSeconds;
        long now = _now();
        int answers = 0;
        Span<AcceptedEvent> records = _buffers.Records(batch.Count);
        for (int i = 0; i < records.Length; i++)
        {
            int region = queue.Peek(offsets.IsEmpty ? i : offsets[i]).Region;
            bool isValid = miss == default && forecasts[i].IsValid;
            answers += isValid ? 1 : 0;
            records[i] = isValid
                ? ReadyRecord(region, number, forecasts[i], batch.HorizonMinutes, now)
                : AcceptedEvent.ForecastMissed(region, number, batch.HorizonMinutes, (int)(miss == default ? ForecastMiss.Invalid : miss), now);
        }

        Enter(records);
        PricingMeters.EvaluationSeconds.Record(seconds);
        if (model is not null)
        {
            double waited = isUrgent ? Math.Max(0, now - oldest) : 0;
            model.Health.Count(answers, miss == ForecastMiss.HorizonUnknown ? 0 : batch.Count - answers, Math.Max(waited, seconds * MicrosPerSecond));
            model.EndUse();
        }
    }

    private bool TryPredict(LoadedModel model, in ForecastBatch batch, Span<Forecast> forecasts)
    {
        try
        {
            forecasts.Clear(); // What a model leaves out is not valid, instead of a number from another batch.
            model.Forecaster.Predict(batch, forecasts);
            return true;
        }
#pragma warning disable CA1031 // Whatever a model does: prices go on from the baseline, and the guards see the miss.
        catch (Exception failure)
        {
            if (model.Health.Misses == 0)
            {
                InferenceLog.ModelFailed(_settings.Logger, model.Forecaster.ModelVersion, failure);
            }

            return false;
        }
#pragma warning restore CA1031
    }

    private static AcceptedEvent ReadyRecord(int region, int model, in Forecast forecast, int horizonMinutes, long now)
    {
        AcceptedEvent record = AcceptedEvent.ForecastReady(
            region, model, horizonMinutes, forecast.DemandScore, forecast.Confidence, forecast.ExpectedDemand, forecast.Low, forecast.High, now);
        record.Flags = AcceptedEventFlags.Inferred;
        return record;
    }

    /// <summary>Waits for room: an answer that got lost would leave a decision waiting for its deadline. The loops never wait for this thread, so room comes.</summary>
    private void Enter(ReadOnlySpan<AcceptedEvent> answers)
    {
        SpinWait spin = default;
        while (true)
        {
            answers = answers[_sink(answers)..];
            if (answers.IsEmpty || _isStopping)
            {
                return;
            }

            spin.SpinOnce();
        }
    }
}
