using System.Runtime.CompilerServices;
using Microsoft.Extensions.Configuration;

namespace PricingCore.Hosting.Configuration;

/// <summary>The section of a configuration that is about one engine.</summary>
/// <remarks>What cannot be read is kept beside the options that it should have been in, so that the check of those options reports it together with all else.</remarks>
/// <threadsafety>Any thread.</threadsafety>
internal sealed class EngineSection
{
    private readonly IConfiguration? _section;
    private readonly string _prefix;
    private readonly ConditionalWeakTable<object, List<string>> _problems = [];

    /// <param name="section">The section; null when the engine is configured in code only.</param>
    public EngineSection(IConfiguration? section)
    {
        _section = section;
        _prefix = section is IConfigurationSection { Path: var path } ? path + ":" : "";
    }

    /// <summary>Sets the options of an engine.</summary>
    public void ApplyTo(PricingOptions options)
    {
        if (_section is null)
        {
            return;
        }

        SettingReader.Apply(_section, _prefix, options, EngineSettings.Engine, o => o.Validate(), ProblemsOf(options));
        IConfigurationSection regions = _section.GetSection(RegionSettings.Key);
        if (regions.Exists())
        {
            options.Regions = RegionSettings.Read(regions, ProblemsOf(options));
        }

        ProblemsOf(options).AddRange(FindUnknownKeys());
    }

    /// <summary>Sets the options of its host.</summary>
    public void ApplyTo(PricingHostOptions options) =>
        SettingReader.Apply(_section, _prefix, options, EngineSettings.Host, o => o.Validate(), ProblemsOf(options));

    /// <summary>What could not be read into these options.</summary>
    public List<string> ProblemsOf(object options) => _problems.GetOrCreateValue(options);

    /// <summary>An error that an option's own check has found, with the key that the configuration has for it: <c>Journal.KeepFor is ...</c> becomes <c>PricingCore:Journal:KeepFor is ...</c>.</summary>
    public string WithKey(string error)
    {
        int end = error.AsSpan().IndexOfAny(' ', ':');
        return end < 0 ? _prefix + error : string.Concat(_prefix, error[..end].Replace('.', ':'), error[end..]);
    }

    private IEnumerable<string> FindUnknownKeys()
    {
        string[] known = [RegionSettings.Key, .. EngineSettings.Engine.Select(setting => setting.Key), .. EngineSettings.Host.Select(setting => setting.Key)];
        return SettingReader.FindUnknown(_section!, _prefix, known, [RegionSettings.Key]);
    }
}
