using System.IO.Compression;
using System.Reflection.Metadata;
using System.Text;
using System.Xml.Linq;

namespace PricingCore.Package.Tests;

/// <summary>
/// Goal: the packages hold what a user, a debugger and a lawyer look for.
/// Method: open what dotnet pack made.
/// </summary>
public sealed class PackageContentTests(PackedFeed feed)
{
    private static readonly Guid SourceLink = new("CC110556-A091-4D38-9FEC-25AB9A351A6A");

    [Theory]
    [InlineData("PricingCore")]
    [InlineData("PricingCore.Testing")]
    [InlineData("PricingCore.Hosting")]
    [InlineData("PricingCore.AspNetCore")]
    [InlineData("PricingCore.Client")]
    [InlineData("PricingCore.Training")]
    [InlineData("PricingCore.Cli")]
    [InlineData("PricingCore.OnnxRuntime.Native")]
    public void Nuspec_NamesLicenceReadmeRepositoryAndCommit(string id)
    {
        using ZipArchive package = feed.Open(id);

        XElement metadata = Metadata(package, id);

        Assert.Equal("MIT", Value(metadata, "license"));
        Assert.Equal("README.md", Value(metadata, "readme"));
        Assert.Equal("The PricingCore authors", Value(metadata, "authors"));
        Assert.False(string.IsNullOrWhiteSpace(Value(metadata, "description")));
        XElement repository = Assert.Single(metadata.Elements(), element => element.Name.LocalName == "repository");
        Assert.Equal("git", (string?)repository.Attribute("type"));
        Assert.StartsWith("https://", (string?)repository.Attribute("url"), StringComparison.Ordinal);
        Assert.Matches("^[0-9a-f]{40}$", (string?)repository.Attribute("commit"));
        Assert.NotNull(package.GetEntry("README.md"));
    }

    [Theory]
    [InlineData("PricingCore")]
    [InlineData("PricingCore.Testing")]
    [InlineData("PricingCore.Hosting")]
    [InlineData("PricingCore.AspNetCore")]
    [InlineData("PricingCore.Client")]
    [InlineData("PricingCore.Training")]
    public void Library_IsForNet10WithItsDocumentation(string id)
    {
        using ZipArchive package = feed.Open(id);

        string[] libraries = [.. package.Entries.Select(entry => entry.FullName).Where(name => name.StartsWith("lib/", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

        Assert.Equal([$"lib/net10.0/{id}.dll", $"lib/net10.0/{id}.xml"], libraries);
    }

    [Theory]
    [InlineData("PricingCore.OnnxRuntime.Native", "runtimes/")]
    [InlineData("PricingCore.Cli", "tools/net10.0/any/runtimes/")]
    public void NativeLibraries_AreThereForEveryPlatform(string id, string folder)
    {
        using ZipArchive package = feed.Open(id);

        string[] libraries = [.. package.Entries.Select(entry => entry.FullName).Where(name => name.StartsWith(folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

        Assert.Equal(
            [
                folder + "linux-arm64/native/libonnxruntime.so", folder + "linux-x64/native/libonnxruntime.so",
                folder + "osx-arm64/native/libonnxruntime.dylib", folder + "win-x64/native/onnxruntime.dll",
            ],
            libraries);
    }

    [Fact]
    public void NativePackage_HoldsNoAssemblyAndBothNotices()
    {
        using ZipArchive package = feed.Open("PricingCore.OnnxRuntime.Native");

        Assert.DoesNotContain(package.Entries, entry => entry.FullName.StartsWith("lib/", StringComparison.Ordinal));
        Assert.NotNull(package.GetEntry("LICENSE-ONNXRUNTIME.txt"));
        Assert.NotNull(package.GetEntry("THIRD-PARTY-NOTICES.txt"));
    }

    [Fact]
    public void Core_DependsOnLoggingAbstractionsOnly()
    {
        using ZipArchive package = feed.Open("PricingCore");

        IEnumerable<string?> dependencies = Metadata(package, "PricingCore").Descendants()
            .Where(element => element.Name.LocalName == "dependency")
            .Select(element => (string?)element.Attribute("id"));

        Assert.Equal(["Microsoft.Extensions.Logging.Abstractions"], dependencies);
    }

    [Fact]
    public void Symbols_LeadToTheSourceOfTheCommit()
    {
        using ZipArchive package = feed.Open("PricingCore");
        string commit = (string)Metadata(package, "PricingCore").Elements().Single(element => element.Name.LocalName == "repository").Attribute("commit")!;
        using ZipArchive symbols = feed.Open("PricingCore", "snupkg");
        using var pdb = new MemoryStream();
        symbols.GetEntry("lib/net10.0/PricingCore.pdb")!.Open().CopyTo(pdb);
        pdb.Position = 0;

        using MetadataReaderProvider provider = MetadataReaderProvider.FromPortablePdbStream(pdb);
        MetadataReader reader = provider.GetMetadataReader();
        string? link = reader.CustomDebugInformation
            .Select(reader.GetCustomDebugInformation)
            .Where(information => reader.GetGuid(information.Kind) == SourceLink)
            .Select(information => Encoding.UTF8.GetString(reader.GetBlobBytes(information.Value)))
            .SingleOrDefault();

        Assert.NotNull(link);
        Assert.Contains(commit, link, StringComparison.Ordinal);
        Assert.DoesNotContain(
            reader.Documents.Select(handle => reader.GetString(reader.GetDocument(handle).Name)),
            name => name.StartsWith(PackedFeed.Root, StringComparison.Ordinal)); // No path of the machine that built it.
    }

    [Fact]
    public void Tool_NamesTheLicenceOfEveryLibraryItContains()
    {
        using ZipArchive package = feed.Open("PricingCore.Cli");
        using var reader = new StreamReader(package.GetEntry("THIRD-PARTY-NOTICES.txt")!.Open());
        string notices = reader.ReadToEnd();

        string[] foreign = [.. package.Entries.Select(entry => entry.Name)
            .Where(name => name.EndsWith(".dll", StringComparison.Ordinal) && name != "pricing.dll" && !name.StartsWith("PricingCore", StringComparison.Ordinal))
            .Select(name => Path.GetFileNameWithoutExtension(name))];

        Assert.NotEmpty(foreign);
        Assert.All(foreign, name => Assert.Contains(name, notices, StringComparison.Ordinal));
    }

    private static XElement Metadata(ZipArchive package, string id)
    {
        using Stream nuspec = package.GetEntry($"{id}.nuspec")!.Open();
        return XDocument.Load(nuspec).Root!.Elements().Single(element => element.Name.LocalName == "metadata");
    }

    private static string? Value(XElement metadata, string name) => metadata.Elements().SingleOrDefault(element => element.Name.LocalName == name)?.Value;
}
