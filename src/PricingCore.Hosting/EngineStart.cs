using Microsoft.Extensions.Logging;
using PricingCore.Audit;
using PricingCore.Forecasts.Models;
using PricingCore.Rules;

namespace PricingCore.Hosting;

/// <summary>Starts an engine from options that have been checked: keys, model, journal, and then its rules file is followed.</summary>
internal static class EngineStart
{
    private const string KeysFolder = "keys";
    private const long ReportEveryRecords = 1_000_000;

    /// <summary>Starts it.</summary>
    /// <param name="name">The engine's name.</param>
    /// <param name="options">Its options.</param>
    /// <param name="host">Its host's.</param>
    /// <param name="onRecovered">Told how many records the start has handled again.</param>
    /// <param name="logger">Told of what an operator should know.</param>
    public static StartedEngine Run(string name, PricingOptions options, PricingHostOptions host, Action<long> onRecovered, ILogger logger)
    {
        HostingLog.Starting(logger, name);
        UseKeys(options, host);
        OnnxForecaster? model = options.Forecaster is null ? LoadModel(name, options, host, logger, out Exception? problem) : Nothing(out problem);
        options.Forecaster ??= model;
        Watch(name, options, onRecovered, logger);
        PricingEngine? engine = null;
        try
        {
            engine = PricingEngine.Start(options);
            if (options.Rules is null && engine.Recovery.Records == 0 && engine.Recovery.Snapshot is null)
            {
                HostingLog.NoRules(logger, name);
            }

            if (engine.Recovery.Difference is { } difference)
            {
                HostingLog.RecoveryDiffers(logger, name, difference);
            }

            return new StartedEngine(engine, options, Follow(name, engine, options, host, logger), problem) { Model = model };
        }
        catch
        {
            model?.Dispose();
            throw;
        }
    }

    /// <summary>Secrets that nobody has given are made once and kept with the data: with others after a restart, units and keys in the journal would be strangers.</summary>
    private static void UseKeys(PricingOptions options, PricingHostOptions host)
    {
        if (host.DataDirectory is null)
        {
            return;
        }

        string folder = Path.Combine(host.DataDirectory, KeysFolder);
        Directory.CreateDirectory(folder);
        if (options.SubjectKey.All(part => part == 0))
        {
            options.SubjectKey = AuditKeyFile.LoadOrCreate(Path.Combine(folder, "subjects.key"));
        }

        if (options.Audit.Directory is not null && options.Audit.UserKey.IsEmpty)
        {
            options.Audit.UserKey = AuditKeyFile.LoadOrCreate(Path.Combine(folder, "audit-users.key"));
        }
    }

    private static OnnxForecaster? Nothing(out Exception? problem)
    {
        problem = null;
        return null;
    }

    /// <summary>A model that is not fit is reported, and the baseline prices: a model must not keep prices from going on.</summary>
    private static OnnxForecaster? LoadModel(string name, PricingOptions options, PricingHostOptions host, ILogger logger, out Exception? problem)
    {
        problem = null;
        if (host.Model is null)
        {
            return null;
        }

        try
        {
            return OnnxForecaster.Load(ModelPackage.Load(ModelFolders.Find(host.ModelsDirectory!, host.Model)), options.Schema, logger);
        }
        catch (Exception refused) when (refused is ModelRefusedException or IOException or UnauthorizedAccessException)
        {
            problem = refused;
            HostingLog.ModelRefused(logger, name, host.Model, refused);
            return null;
        }
    }

    private static void Watch(string name, PricingOptions options, Action<long> onRecovered, ILogger logger)
    {
        Action<long>? given = options.RecoveryProgress;
        long reported = 0;
        options.RecoveryProgress = records =>
        {
            given?.Invoke(records);
            onRecovered(records);
            long before = Interlocked.Read(ref reported);
            if (records - before >= ReportEveryRecords && Interlocked.CompareExchange(ref reported, records, before) == before)
            {
                HostingLog.Recovering(logger, name, records);
            }
        };
    }

    private static RuleFileWatcher? Follow(string name, PricingEngine engine, PricingOptions options, PricingHostOptions host, ILogger logger)
    {
        if (host.RulesFile is not { } path)
        {
            return null;
        }

        return new RuleFileWatcher(
            path,
            options.TimeProvider,
            async (rules, cancellationToken) =>
            {
                await engine.PublishRulesAsync(rules, cancellationToken).ConfigureAwait(false);
                HostingLog.RulesInForce(logger, name, rules.Version, path);
            },
            problem => HostingLog.RulesRefused(logger, name, path, problem),
            running: options.Rules,
            host.RulesPollInterval);
    }
}
