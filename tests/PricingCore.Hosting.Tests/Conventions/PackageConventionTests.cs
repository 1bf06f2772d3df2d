using System.Reflection;
using System.Runtime.CompilerServices;
using PricingCore.Tests.Conventions;

namespace PricingCore.Hosting.Tests.Conventions;

/// <summary>
/// Goal: this package keeps the core's habits: its API changes only on purpose, and its public types are documented.
/// Method: the core's own readers, on this assembly. With PRICINGCORE_ACCEPT_API=1 the text of the API is rewritten.
/// </summary>
public sealed class PackageConventionTests
{
    private static readonly Assembly Package = typeof(EngineLifetime).Assembly;

    [Fact]
    public void PublicApi_IsTheApprovedOne()
    {
        string file = Path.Combine(Repository.Root, "tests", "PricingCore.Hosting.Tests", "Conventions", "PublicApi.txt");
        string now = PublicApiText.Of(Package);
        if (Environment.GetEnvironmentVariable("PRICINGCORE_ACCEPT_API") == "1")
        {
            File.WriteAllText(file, now);
        }

        Assert.Equal(File.ReadAllText(file).ReplaceLineEndings("\n"), now);
    }

    [Fact]
    public void PublicTypes_SayWhatTheyAreAndFromWhichThreads()
    {
        string[] silent = [.. Package.GetExportedTypes()
            .Where(type => !type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false))
            .Where(type => XmlDocs.Text("T:" + type.FullName, "summary", Package) is not { Length: > 10 }
                || (!(type.IsEnum || type.IsAssignableTo(typeof(Exception)) || type is { IsAbstract: true, IsSealed: true }) && XmlDocs.Text("T:" + type.FullName, "threadsafety", Package) is null))
            .Select(type => type.FullName!)];

        Assert.True(silent.Length == 0, string.Join('\n', silent));
    }
}
