namespace PricingCore.Hosting;

/// <summary>The model packages below a folder: <c>NAME/VERSION</c>.</summary>
internal static class ModelFolders
{
    /// <summary>The folder, or zip, of a model.</summary>
    /// <param name="directory">The folder of all.</param>
    /// <param name="model"><c>NAME/VERSION</c>, or <c>NAME</c> for the highest version.</param>
    /// <exception cref="IOException">There is none.</exception>
    public static string Find(string directory, string model)
    {
        string folder = Path.Combine([directory, .. model.Split('/')]);
        if (model.Contains('/', StringComparison.Ordinal))
        {
            string zip = folder + ".zip";
            return Directory.Exists(folder) || !File.Exists(zip) ? folder : zip;
        }

        string[] versions = Directory.Exists(folder) ? [.. Directory.EnumerateDirectories(folder), .. Directory.EnumerateFiles(folder, "*.zip")] : [];
        return versions.OrderByDescending(VersionOf).ThenByDescending(path => path, StringComparer.Ordinal).FirstOrDefault()
            ?? throw new DirectoryNotFoundException($"There is no version of the model '{model}' in {directory}.");
    }

    /// <summary>The version by its numbers, so that 1.10.0 is above 1.9.0; what has none is below all.</summary>
    private static Version VersionOf(string path)
    {
        string name = Path.GetFileName(path);
        name = name.EndsWith(".zip", StringComparison.OrdinalIgnoreCase) ? name[..^4] : name;
        return Version.TryParse(name.Split('-')[0], out Version? version) ? version : new Version(0, 0);
    }
}
