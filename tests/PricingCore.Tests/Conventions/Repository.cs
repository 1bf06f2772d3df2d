using System.Text.RegularExpressions;

namespace PricingCore.Tests.Conventions;

/// <summary>The files of this repository, as the convention tests read them.</summary>
internal static partial class Repository
{
    private static readonly string[] SkippedFolders =
        [".git", ".vs", ".idea", "bin", "obj", "artifacts", "node_modules", "TestResults", "BenchmarkDotNet.Artifacts"];

    /// <summary>The folder that holds the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The core's folder.</summary>
    public static string Core => Path.Combine(Root, "src", "PricingCore");

    /// <summary>A path as the messages show it: relative to the root, with forward slashes.</summary>
    public static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    /// <summary>Every file under a folder with one of the extensions, build output left out, in a fixed order.</summary>
    public static IEnumerable<string> Files(string folder, params string[] extensions)
    {
        IEnumerable<string> here = Directory.EnumerateFiles(folder)
            .Where(file => extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase));
        IEnumerable<string> below = Directory.EnumerateDirectories(folder)
            .Where(child => !SkippedFolders.Contains(Path.GetFileName(child), StringComparer.Ordinal))
            .SelectMany(child => Files(child, extensions));
        return here.Concat(below).Order(StringComparer.Ordinal);
    }

    /// <summary>The C# of a file without its comments; text in strings stays.</summary>
    public static string CodeOf(string file) => Comments().Replace(File.ReadAllText(file), "");

    // A // inside a string is preceded by a colon (https://), which is the only case here.
    [GeneratedRegex(@"(?<!:)//[^\n]*|/\*.*?\*/", RegexOptions.Singleline)]
    private static partial Regex Comments();

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "PricingCore.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException($"PricingCore.sln is not above {AppContext.BaseDirectory}.");
    }
}
