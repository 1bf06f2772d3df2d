using System.Globalization;
using System.IO.Compression;
using System.Xml.Linq;

[assembly: AssemblyFixture(typeof(PricingCore.Package.Tests.PackedFeed))]

namespace PricingCore.Package.Tests;

/// <summary>The packages under src/, packed once into a feed in a temporary folder.</summary>
/// <remarks>
/// The version is new in every run, and what is restored from the feed goes to a packages folder of its own, so an older
/// build in a cache cannot be mistaken for this one. The build goes there too, so the working tree stays as it is.
/// </remarks>
public sealed class PackedFeed : IAsyncLifetime
{
    private const string RepositoryUrl = "https://github.com/pricingcore/pricingcore";
    private static readonly TimeSpan PackLimit = TimeSpan.FromSeconds(240);

    private static readonly TimeSpan GitLimit = TimeSpan.FromSeconds(10);

    private readonly string _folder = Directory.CreateTempSubdirectory("pricingcore-packages-").FullName;
    private readonly string _suffix = "test." + DateTime.UtcNow.Ticks.ToString(CultureInfo.InvariantCulture);

    /// <summary>The version of all packages of this run.</summary>
    public string Version => "0.1.0-" + _suffix;

    /// <summary>The folder with the .nupkg and .snupkg files.</summary>
    public string Feed => Path.Combine(_folder, "feed");

    /// <summary>The root of the repository.</summary>
    public static string Root { get; } = FindRoot();

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        Dictionary<string, string> git = await GitWithAPublicOriginAsync();

        string[] arguments =
        [
            "pack", Path.Combine(Root, "PricingCore.Packages.slnf"), "-c", "Release", "-v", "q", "--artifacts-path", Path.Combine(_folder, "build"),
            $"-p:PackageOutputPath={Feed}", $"-p:VersionSuffix={_suffix}", "-p:ContinuousIntegrationBuild=true",
            "-p:RunAnalyzers=false", // They have spoken when the solution was built.
            "-p:GitRepositoryConfigurationScope=", // Empty: read the configuration beyond the clone's own, too.
        ];
        (await ChildProcess.RunAsync("dotnet", arguments, Root, PackLimit, git)).MustSucceed();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>Opens a package of this run.</summary>
    public ZipArchive Open(string id, string extension = "nupkg") => ZipFile.OpenRead(Path.Combine(Feed, $"{id}.{Version}.{extension}"));

    /// <summary>Makes an empty folder whose restores see this feed first, and the sources of the machine.</summary>
    /// <param name="name">The folder's name.</param>
    /// <param name="onlyThisFeed">Whether to leave the machine's sources out.</param>
    public string NewFolder(string name, bool onlyThisFeed = false)
    {
        string folder = Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
        // Sources of the user's own configuration are added to these unless cleared.
        var sources = new XElement("packageSources", new XElement("add", new XAttribute("key", "packed"), new XAttribute("value", Feed)));
        if (onlyThisFeed)
        {
            sources.AddFirst(new XElement("clear"));
        }

        new XDocument(new XElement("configuration", sources)).Save(Path.Combine(folder, "nuget.config"));
        return folder;
    }

    /// <summary>Restores into a packages folder of this run; the machine's own serves what it has already.</summary>
    public Dictionary<string, string> OwnPackages() => new()
    {
        ["NUGET_PACKAGES"] = Path.Combine(_folder, "packages"),
        ["RestoreFallbackFolders"] = MachinePackages() is { } folder && Directory.Exists(folder) ? folder : "",
    };

    private static string MachinePackages() =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    /// <summary>A Git configuration that gives any clone, one without a remote too, the origin that releases are built from.</summary>
    /// <remarks>SourceLink writes nothing for an origin that is a folder.</remarks>
    private async Task<Dictionary<string, string>> GitWithAPublicOriginAsync()
    {
        string folder = Directory.CreateDirectory(Path.Combine(_folder, "git-config", "git")).FullName;
        string origin = (await ChildProcess.RunAsync("git", ["config", "--get", "remote.origin.url"], Root, GitLimit)).Output.Trim();
        string replaced = origin.Length == 0 ? "" : $"[url \"{RepositoryUrl}\"]\n\tinsteadOf = {origin}\n";
        await File.WriteAllTextAsync(Path.Combine(folder, "config"), $"[remote \"origin\"]\n\turl = {RepositoryUrl}\n{replaced}");
        return new() { ["XDG_CONFIG_HOME"] = Path.GetDirectoryName(folder)! };
    }

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
