using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PricingCore.Hosting.Health;
using PricingCore.Rules;

namespace PricingCore.Hosting;

/// <summary>An engine in its host: where it is, how it does, and the engine itself once it runs.</summary>
/// <remarks>Inject this instead of <see cref="PricingEngine"/> where the engine may not run yet: with <see cref="PricingHostOptions.StartInBackground"/>.</remarks>
/// <threadsafety>Any thread.</threadsafety>
public sealed class EngineLifetime : IAsyncDisposable
{
    private readonly IOptionsMonitor<PricingOptions> _options;
    private readonly IOptionsMonitor<PricingHostOptions> _hostOptions;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private volatile Task<StartedEngine>? _start;
    private volatile StartedEngine? _started;
    private Task? _drain;
    private volatile EngineState _state;
    private long _recovered;

    internal EngineLifetime(string name, IOptionsMonitor<PricingOptions> options, IOptionsMonitor<PricingHostOptions> hostOptions, ILogger logger)
    {
        Name = name;
        _options = options;
        _hostOptions = hostOptions;
        _logger = logger;
    }

    /// <summary>The engine's name; empty for the one without.</summary>
    public string Name { get; }

    /// <summary>Where the engine is.</summary>
    public EngineState State => _state;

    /// <summary>Why it could not start; null when it could, or has not tried.</summary>
    public Exception? Failure => _start is { IsFaulted: true } start ? start.Exception.InnerException : null;

    /// <summary>The engine while it runs or drains; null before and after.</summary>
    public PricingEngine? Engine => _state is EngineState.Running or EngineState.Draining ? _started?.Engine : null;

    /// <summary>Records of the journal that the start has handled again so far.</summary>
    public long RecoveredRecords => Interlocked.Read(ref _recovered);

    /// <summary>What is wrong with the rules file, while it is: the rules before it stay in force. Null when all is well, or no file is followed.</summary>
    public Exception? RulesProblem => _started?.Rules?.Problem;

    /// <summary>What an operator should see to, or wait for; empty when all is well.</summary>
    public IReadOnlyList<EngineCondition> Conditions => EngineConditions.Of(this);

    /// <summary>Why the model of the options does not price; null when it does, or there is none.</summary>
    internal Exception? ModelProblem => _started?.ModelProblem;

    /// <summary>The options of the host.</summary>
    internal PricingHostOptions HostOptions => _hostOptions.Get(Name);

    /// <summary>The options of the engine; once it has started.</summary>
    internal PricingOptions? EngineOptions => _started?.Options;

    /// <summary>The engine; starts it, and waits for it, when nothing has yet.</summary>
    /// <exception cref="EngineNotReadyException">It starts in the background, has been stopped, or could not start.</exception>
    /// <exception cref="OptionsValidationException">The options are refused; lists every error.</exception>
    public PricingEngine GetEngine()
    {
        if (_state == EngineState.Running)
        {
            return _started!.Engine;
        }

        Task<StartedEngine> start = BeginStart();
        if (!start.IsCompleted && HostOptions.StartInBackground)
        {
            throw new EngineNotReadyException(Name, EngineState.Starting);
        }

        try
        {
            _ = start.GetAwaiter().GetResult();
        }
        catch (Exception failure) when (failure is not OptionsValidationException)
        {
            throw new EngineNotReadyException(Name, EngineState.Failed, failure);
        }

        return Engine ?? throw new EngineNotReadyException(Name, _state);
    }

    /// <summary>Drains the engine, if nothing has yet.</summary>
    public async ValueTask DisposeAsync() => await DrainAsync(CancellationToken.None).ConfigureAwait(false);

    /// <summary>Starts the engine, unless somebody has.</summary>
    internal Task<StartedEngine> BeginStart()
    {
        lock (_gate)
        {
            if (_start is null && _drain is null)
            {
                _state = EngineState.Starting;
                _start = Task.Run(Start);
            }

            return _start ?? throw new EngineNotReadyException(Name, EngineState.Stopped);
        }
    }

    /// <summary>Says that the engine is not ready any more; it still serves.</summary>
    /// <returns><see langword="false"/> when it does not run, or somebody has said so before.</returns>
    internal bool BeginDrain()
    {
        lock (_gate)
        {
            if (_state != EngineState.Running)
            {
                return false;
            }

            _state = EngineState.Draining;
        }

        HostingLog.Draining(_logger, Name);
        return true;
    }

    /// <summary>Takes a snapshot, lets the engine finish what it has accepted, and ends it. Once; who comes later waits for the first.</summary>
    internal Task DrainAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return _drain ??= _start is null ? Task.CompletedTask : EndAsync(_start, cancellationToken);
        }
    }

    private StartedEngine Start()
    {
        long begin = TimeProvider.System.GetTimestamp();
        try
        {
            StartedEngine started = EngineStart.Run(Name, _options.Get(Name), HostOptions, records => Interlocked.Exchange(ref _recovered, records), _logger);
            _started = started;
            _state = EngineState.Running;

            RuleSet? rules = started.Options.Rules;
            HostingLog.Running(_logger, Name, TimeProvider.System.GetElapsedTime(begin).TotalMilliseconds, started.Engine.Recovery.Records, rules?.Version ?? "none of its own");
            return started;
        }
        catch (Exception failure)
        {
            _state = EngineState.Failed;
            HostingLog.StartFailed(_logger, Name, failure);
            throw;
        }
    }

    private async Task EndAsync(Task<StartedEngine> start, CancellationToken cancellationToken)
    {
        StartedEngine started;
        try
        {
            started = await start.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception) when (start.IsFaulted || cancellationToken.IsCancellationRequested)
        {
            return; // There is nothing to drain: it never ran, or the host gave up waiting for its recovery.
        }

        _ = BeginDrain();
        await started.EndAsync(Name, HostOptions.DrainTimeout, _logger, cancellationToken).ConfigureAwait(false);
        _state = EngineState.Stopped;
    }
}
