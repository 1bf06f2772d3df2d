namespace PricingCore.Cli.Tests;

/// <summary>Where the repository's own samples are, and real data when a folder with it lies beside the repository.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory, "PricingCore.sln")
        ?? throw new InvalidOperationException("PricingCore.sln is in no folder above the tests.");

    public static string Sample(string name) => Path.Combine(Root, "samples", "nyc", name);

    /// <summary>A real data file from ../shared/data; null where it is not.</summary>
    public static string? Data(string name)
    {
        for (DirectoryInfo? folder = new(Root); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, "shared", "data", name);
            if (File.Exists(path))
            {
                return path;
            }
        }

        return null;
    }

    private static string? Find(string start, string file)
    {
        for (DirectoryInfo? folder = new(start); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, file)))
            {
                return folder.FullName;
            }
        }

        return null;
    }
}
