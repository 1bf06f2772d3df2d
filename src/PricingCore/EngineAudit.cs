using PricingCore.Audit;
using PricingCore.Forecasts;
using PricingCore.Forecasts.Models;
using PricingCore.Quotes;
using PricingCore.Storage;

namespace PricingCore;

/// <summary>The audit log of an engine and its outlets, one in each loop.</summary>
/// <threadsafety>Any thread, after <see cref="Start"/>.</threadsafety>
internal sealed class EngineAudit : IDisposable
{
    private readonly AuditOutlet[] _outlets;
    private readonly Shard[] _shards;
    private readonly IDisposable _lock;
    private readonly bool _isStepped;

    public EngineAudit(PricingOptions options, IFileStore files, Shard[] shards)
    {
        _shards = shards;
        files.CreateDirectory(options.Audit.Directory!);
        _lock = files.Lock(options.Audit.Directory + "/lock");
        _isStepped = options.IsStepped;
        Log = new AuditLog(options.Audit, files, options.Schema.Count, options.Logger);
        _outlets = [.. shards.Select((shard, lane) => new AuditOutlet(Log, lane, shard.Loop, shard.Reader, options.Schema.Count))];
        if (options.Rules is { } rules)
        {
            Log.Use(rules);
        }
    }

    /// <summary>The log.</summary>
    public AuditLog Log { get; }

    /// <summary>Opens the log and begins to write it.</summary>
    /// <param name="now">The time, in microseconds since 1970.</param>
    public void Start(long now)
    {
        if (_isStepped)
        {
            Log.StartWithoutThread(now);
        }
        else
        {
            Log.Start(now);
        }
    }

    /// <summary>A loop's outlet.</summary>
    public AuditOutlet OutletOf(int lane) => _outlets[lane];

    /// <summary>The loops run from now on. Without a journal, the outlets are all that is told of decisions.</summary>
    public void BeginLive()
    {
        for (int lane = 0; lane < _shards.Length; lane++)
        {
            _outlets[lane].BeginLive(_shards[lane].Counters.Decisions);
            _shards[lane].Loop.Decided ??= _outlets[lane];
        }
    }

    /// <summary>Records a quote that is about to be served, if quotes are recorded.</summary>
    /// <returns><see langword="false"/> when there is no room: the quote must not be served.</returns>
    public bool TryRecord(in Quote quote, long now)
    {
        if (!Log.IsWanted(quote.Request))
        {
            return true;
        }

        if (!Log.TryReserve())
        {
            return false;
        }

        Log.Record(quote, now, quote.Request.UserId);
        return true;
    }

    /// <summary>Tells the log of a model before a decision uses it.</summary>
    public void Use(IForecaster forecaster)
    {
        if (forecaster is OnnxForecaster model)
        {
            Log.UseModel(model.ModelVersion, model.Manifest.Graph.Sha256);
        }
    }

    public void Dispose()
    {
        Log.Dispose();
        _lock.Dispose();
    }
}
