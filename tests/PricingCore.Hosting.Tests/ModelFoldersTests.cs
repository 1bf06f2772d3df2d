using PricingCore.Tests;

namespace PricingCore.Hosting.Tests;

/// <summary>Goal: a model's name finds its highest version, by number and not by letter.</summary>
public sealed class ModelFoldersTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Find_TakesTheHighestVersion()
    {
        foreach (string version in new[] { "1.9.0", "1.10.0", "0.20.1", "draft" })
        {
            Directory.CreateDirectory(_folder.At("demand", version));
        }

        Assert.Equal(_folder.At("demand", "1.10.0"), ModelFolders.Find(_folder.Path, "demand"));
        Assert.Equal(_folder.At("demand", "1.9.0"), ModelFolders.Find(_folder.Path, "demand/1.9.0"));
        Assert.Throws<DirectoryNotFoundException>(() => ModelFolders.Find(_folder.Path, "supply"));
    }

    [Fact]
    public void Find_TakesAZip()
    {
        Directory.CreateDirectory(_folder.At("demand"));
        File.WriteAllText(_folder.At("demand", "2.0.0.zip"), "");

        Assert.Equal(_folder.At("demand", "2.0.0.zip"), ModelFolders.Find(_folder.Path, "demand/2.0.0"));
        Assert.Equal(_folder.At("demand", "2.0.0.zip"), ModelFolders.Find(_folder.Path, "demand"));
    }
}
