namespace PricingCore.Package.Tests;

/// <summary>
/// Goal: the pricing command installs as a dotnet tool and runs.
/// Method: install it from the packed feed alone into a folder of its own, and ask for its help.
/// </summary>
public sealed class ToolPackageTests(PackedFeed feed)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Tool_InstallsFromThePackageAloneAndPrintsItsHelp()
    {
        string folder = feed.NewFolder("tool", onlyThisFeed: true);
        string tools = Path.Combine(folder, "tools");

        Finished install = await ChildProcess.RunAsync(
            "dotnet", ["tool", "install", "PricingCore.Cli", "--version", feed.Version, "--tool-path", tools, "--configfile", Path.Combine(folder, "nuget.config")],
            folder, Limit, feed.OwnPackages());
        install.MustSucceed();
        Finished help = await ChildProcess.RunAsync(Path.Combine(tools, OperatingSystem.IsWindows() ? "pricing.exe" : "pricing"), ["--help"], folder, Limit);

        Assert.Contains("replay", help.MustSucceed().Output, StringComparison.Ordinal);
        Assert.Contains("demo", help.Output, StringComparison.Ordinal);
    }
}
