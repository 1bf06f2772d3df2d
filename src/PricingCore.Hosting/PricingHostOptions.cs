using System.Globalization;
using PricingCore.Hosting.Alerts;

namespace PricingCore.Hosting;

/// <summary>What a host adds to <see cref="PricingOptions"/>: the files of an engine, and how it starts and ends.</summary>
/// <remarks>Relative paths are relative to the host's content root. Bound from the same section of the configuration as <see cref="PricingOptions"/>.</remarks>
/// <threadsafety>Not thread-safe; read once, when the engine starts.</threadsafety>
public sealed class PricingHostOptions
{
    /// <summary>The folder of everything that the engine keeps: <c>journal</c>, <c>audit</c> and <c>keys</c> in it, as far as their own options do not say otherwise.</summary>
    /// <value>Nothing is kept unless set.</value>
    public string? DataDirectory { get; set; }

    /// <summary>The rules file; read and checked at the start, and followed from then on.</summary>
    /// <value>None unless set: the rules are those of <see cref="PricingOptions.Rules"/>, or of the journal.</value>
    public string? RulesFile { get; set; }

    /// <summary>Time between looks at the rules file.</summary>
    /// <value>From 100 milliseconds to 1 hour; 1 second unless set.</value>
    public TimeSpan RulesPollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>A JSON file with the features of a region, in place of <see cref="PricingOptions.Schema"/>.</summary>
    /// <value>None unless set.</value>
    public string? SchemaFile { get; set; }

    /// <summary>A JSON file with the keys that quotes are signed with: see docs/hosting.md. Whoever can read it can make prices.</summary>
    /// <value>None unless set: nothing is signed, unless <see cref="PricingOptions.Signing"/> says how.</value>
    public string? SigningKeysFile { get; set; }

    /// <summary>The folder of model packages, <c>NAME/VERSION</c> each.</summary>
    /// <value>None unless set.</value>
    public string? ModelsDirectory { get; set; }

    /// <summary>The model that prices from the start: <c>NAME/VERSION</c> in <see cref="ModelsDirectory"/>, or <c>NAME</c> for its highest version.</summary>
    /// <value>None unless set: the seasonal baseline prices, or the model of the journal.</value>
    public string? Model { get; set; }

    /// <summary>Whether the host goes on starting while the engine recovers its journal: it is not ready meanwhile, and says so.</summary>
    /// <value><see langword="false"/> unless set: what starts after the engine finds it running.</value>
    public bool StartInBackground { get; set; }

    /// <summary>How long the engine serves on after the host was told to stop, not ready any more, so that a load balancer sees it.</summary>
    /// <value>From 0 to 60 seconds; 0 seconds unless set.</value>
    public TimeSpan DrainDelay { get; set; }

    /// <summary>The longest time that the engine may take to write what it has accepted, and a snapshot, when the host stops. The host's own shutdown timeout holds as well.</summary>
    /// <value>From 1 to 600 seconds; 25 seconds unless set.</value>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(25);

    /// <summary>How the host tells of what an operator should see to.</summary>
    /// <value>Log and metrics unless set: see <see cref="AlertOptions"/>.</value>
    public AlertOptions Alerts { get; set; } = new();

    /// <summary>Checks every option.</summary>
    /// <returns>All errors, each naming the option, its value and its legal range; empty when there are none.</returns>
    public IReadOnlyList<string> Validate()
    {
        var errors = new List<string>();
        CheckPath(nameof(DataDirectory), DataDirectory, errors);
        CheckPath(nameof(RulesFile), RulesFile, errors);
        CheckPath(nameof(SchemaFile), SchemaFile, errors);
        CheckPath(nameof(SigningKeysFile), SigningKeysFile, errors);
        CheckPath(nameof(ModelsDirectory), ModelsDirectory, errors);
        CheckRange(nameof(RulesPollInterval), RulesPollInterval, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1), errors);
        CheckRange(nameof(DrainDelay), DrainDelay, TimeSpan.Zero, TimeSpan.FromSeconds(60), errors);
        CheckRange(nameof(DrainTimeout), DrainTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(600), errors);
        if (Model is not null && ModelsDirectory is null)
        {
            errors.Add($"{nameof(Model)} is '{Model}', but {nameof(ModelsDirectory)} is not set; it must be, so that the model is found.");
        }
        else if (Model is not null && !IsModelName(Model))
        {
            errors.Add($"{nameof(Model)} is '{Model}'; it must be NAME or NAME/VERSION, a folder below {nameof(ModelsDirectory)}.");
        }

        errors.AddRange(Alerts?.Validate().Select(error => $"{nameof(Alerts)}.{error}") ?? [$"{nameof(Alerts)} must not be null."]);
        return errors;
    }

    /// <summary>A name, or a name and a version: no way out of the folder.</summary>
    private static bool IsModelName(string model)
    {
        string[] parts = model.Split('/');
        return parts.Length is 1 or 2
            && Array.TrueForAll(parts, part => part.Length > 0 && part.Trim('.').Length > 0 && part.IndexOfAny(['\\', ':']) < 0 && part == part.Trim());
    }

    private static void CheckPath(string option, string? path, List<string> errors)
    {
        if (path is not null && string.IsNullOrWhiteSpace(path))
        {
            errors.Add($"{option} is blank; it must be a path, or left out.");
        }
    }

    private static void CheckRange(string option, TimeSpan value, TimeSpan least, TimeSpan most, List<string> errors)
    {
        if (value < least || value > most)
        {
            errors.Add(string.Create(CultureInfo.InvariantCulture, $"{option} is {value}; it must be from {least} to {most}."));
        }
    }
}
