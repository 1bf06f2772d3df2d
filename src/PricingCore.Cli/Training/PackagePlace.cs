using System.Text.RegularExpressions;

namespace PricingCore.Cli.Training;

/// <summary>Where a package goes: the last two parts of its folder are the name and the version of the model.</summary>
internal sealed partial record PackagePlace(string Folder, string Name, string Version)
{
    /// <summary>Checks a folder before a long training, so that it is not made in vain.</summary>
    /// <exception cref="CommandFailedException">The folder does not name a model and a version, or holds something.</exception>
    public static PackagePlace Of(string path)
    {
        string folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        string version = Path.GetFileName(folder);
        string name = Path.GetFileName(Path.GetDirectoryName(folder) ?? "");
        if (!NamePattern().IsMatch(name) || !VersionPattern().IsMatch(version))
        {
            throw new CommandFailedException(
                $"--out {path}: must end in NAME/VERSION, for example models/demand/1.0.0: a name of lower-case letters, digits, - and _, and a version of three numbers")
            {
                ExitCode = ExitCode.WrongUsage,
            };
        }

        if (File.Exists(folder) || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()))
        {
            throw new CommandFailedException($"--out {path} exists, and a version of a model never changes: give a new version")
            {
                ExitCode = ExitCode.WrongUsage,
            };
        }

        return new PackagePlace(folder, name, version);
    }

    [GeneratedRegex("^[a-z0-9_-]{1,40}$", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex VersionPattern();
}
