using PricingCore.Forecasts.Models;

namespace PricingCore.AspNetCore.Admin;

/// <summary>The folder of model packages, as <c>{name}/{version}</c>. Nothing outside it can be named.</summary>
/// <threadsafety>Any thread.</threadsafety>
internal sealed class ModelFolder(string directory)
{
    private const int MostListed = 1_000;

    /// <summary>What is legal as a model's name, for messages.</summary>
    public const string Legal = "name/version of a package in the models directory, for example demand/1.0.0";

    /// <summary>The packages, by name and version, whether they are fit or not.</summary>
    public IReadOnlyList<string> List() => !Directory.Exists(directory) ? [] : [.. Directory.EnumerateDirectories(directory)
        .SelectMany(Directory.EnumerateDirectories)
        .Select(folder => $"{Path.GetFileName(Path.GetDirectoryName(folder))}/{Path.GetFileName(folder)}")
        .Where(model => IsName(model, out _, out _))
        .Order(StringComparer.Ordinal)
        .Take(MostListed)];

    /// <summary>The path of a package; null when there is none of that name.</summary>
    public string? Find(string model) =>
        IsName(model, out string name, out string version) && Path.Combine(directory, name, version) is var path && Directory.Exists(path) ? path : null;

    private static bool IsName(string model, out string name, out string version)
    {
        int slash = model.IndexOf('/', StringComparison.Ordinal);
        name = slash < 0 ? "" : model[..slash];
        version = slash < 0 ? "" : model[(slash + 1)..];
        return slash > 0 && ModelVersionText.FindNameError(name) is null && ModelVersionText.FindVersionError(name, version) is null;
    }
}
