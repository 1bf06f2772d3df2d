using Microsoft.Extensions.Configuration;
using PricingCore.Rules;

namespace PricingCore.Hosting.Configuration;

/// <summary>Reads a section of a configuration into options, and says all that is wrong with it.</summary>
internal static class SettingReader
{
    /// <summary>Sets what the section has.</summary>
    /// <param name="section">The section; null for none.</param>
    /// <param name="prefix">What the keys are below, for messages: empty, or with a colon at its end.</param>
    /// <param name="options">The options.</param>
    /// <param name="settings">Their settings.</param>
    /// <param name="validate">Their own check, which says what the ranges are.</param>
    /// <param name="problems">Gets what cannot be read.</param>
    public static void Apply<T>(
        IConfiguration? section, string prefix, T options, IReadOnlyList<Setting<T>> settings, Func<T, IReadOnlyList<string>> validate, List<string> problems)
        where T : class, new()
    {
        foreach (Setting<T> setting in settings)
        {
            if (section?[setting.Key] is { } text && !setting.TryApply(options, text))
            {
                problems.Add(setting.Refuse(prefix + setting.Key, text, validate));
            }
        }
    }

    /// <summary>Reads a section whose settings are plain values.</summary>
    /// <param name="section">The section.</param>
    /// <param name="settings">Its settings.</param>
    /// <param name="validate">The options' own check.</param>
    /// <param name="problems">Gets all that is wrong: what cannot be read, what is out of range, and what is not known.</param>
    public static T Read<T>(IConfigurationSection section, IReadOnlyList<Setting<T>> settings, Func<T, IReadOnlyList<string>> validate, List<string> problems)
        where T : class, new()
    {
        var options = new T();
        Apply(section, section.Path + ":", options, settings, validate, problems);
        problems.AddRange(validate(options).Select(error => $"{section.Path}:{error}"));
        problems.AddRange(FindUnknown(section, section.Path + ":", [.. settings.Select(setting => setting.Key)], []));
        return options;
    }

    /// <summary>What the section has and nobody reads: most likely a slip of the pen.</summary>
    /// <param name="section">The section.</param>
    /// <param name="prefix">What the keys are below, for messages.</param>
    /// <param name="known">The keys that are read.</param>
    /// <param name="lists">The keys below which somebody else checks.</param>
    public static IEnumerable<string> FindUnknown(IConfiguration section, string prefix, string[] known, string[] lists) => section
        .AsEnumerable(makePathsRelative: true)
        .Where(entry => entry.Value is not null && entry.Key.Length > 0)
        .Select(entry => entry.Key)
        .Where(key => !known.Contains(key, StringComparer.OrdinalIgnoreCase)
            && !Array.Exists(lists, list => key.StartsWith(list + ":", StringComparison.OrdinalIgnoreCase)))
        .Select(key => $"{prefix}{key} is not known; the nearest is {prefix}{NearestName.Of(key, known)}.");
}
