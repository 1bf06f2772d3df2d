using PricingCore.Features;
using PricingCore.Hosting.Alerts;
using PricingCore.Rules;

namespace PricingCore.Hosting.Configuration;

/// <summary>Reads the files that options name, before anything starts, so that what is wrong in them is reported together with wrong options.</summary>
internal static class EngineFiles
{
    /// <summary>Makes paths absolute, fills in what the data directory stands for, and reads rules, features and keys.</summary>
    /// <param name="host">Names the files; its paths are made absolute.</param>
    /// <param name="options">Gets what is in them.</param>
    /// <param name="root">What relative paths are relative to.</param>
    /// <param name="problems">Gets what is wrong, each beginning with the name of an option.</param>
    public static void Apply(PricingHostOptions host, PricingOptions options, string root, List<string> problems)
    {
        host.DataDirectory = Absolute(host.DataDirectory, root);
        host.RulesFile = Absolute(host.RulesFile, root);
        host.SchemaFile = Absolute(host.SchemaFile, root);
        host.SigningKeysFile = Absolute(host.SigningKeysFile, root);
        host.ModelsDirectory = Absolute(host.ModelsDirectory, root);
        if (options.Journal is { Directory: { } journal })
        {
            options.Journal.Directory = Absolute(journal.Length > 0 ? journal : Below(host.DataDirectory, "journal"), root) ?? "";
        }

        if (options.Audit is not null)
        {
            options.Audit.Directory = Absolute(options.Audit.Directory ?? Below(host.DataDirectory, "audit"), root);
        }

        if (host.Alerts?.Webhook is { } webhook)
        {
            webhook.SecretFile = Absolute(webhook.SecretFile, root);
            webhook.Secret = Read($"{nameof(host.Alerts)}.{nameof(host.Alerts.Webhook)}.{nameof(webhook.SecretFile)}", webhook.SecretFile, WebhookSecretFile.Load, problems);
        }

        options.Rules = Read(nameof(host.RulesFile), host.RulesFile, RuleSet.Load, problems) ?? options.Rules;
        options.Schema = Read(nameof(host.SchemaFile), host.SchemaFile, path => FeatureSchema.Parse(File.ReadAllText(path)), problems) ?? options.Schema;
        if (Read(nameof(host.SigningKeysFile), host.SigningKeysFile, SigningKeyFile.Load, problems) is { } keys)
        {
            options.Signing ??= new();
            options.Signing.Keys = keys;
        }
    }

    private static T? Read<T>(string option, string? path, Func<string, T> load, List<string> problems)
        where T : class
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            return null;
        }

        try
        {
            return load(path);
        }
        catch (RuleSetException refused)
        {
            problems.AddRange(refused.Errors.Select(error => $"{option}: {path}: {error}"));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or FormatException)
        {
            problems.AddRange(unreadable.Message.Split('\n').Select(line => $"{option}: {path}: {line}"));
        }

        return null;
    }

    private static string? Below(string? directory, string name) => string.IsNullOrWhiteSpace(directory) ? null : Path.Combine(directory, name);

    private static string? Absolute(string? path, string root) => string.IsNullOrWhiteSpace(path) ? path : Path.GetFullPath(path, root);
}
