using PricingCore.Forecasts.Onnx;

namespace PricingCore.Tests.Forecasts.Onnx;

/// <summary>What one process can show of the search; the tests of the command line show the rest, each in a process of its own.</summary>
public sealed class OnnxRuntimeLibraryTests
{
    [Fact]
    public void ExplicitPath_WhenTheLibraryIsLoaded_CannotBeSet()
    {
        OnnxRuntimeLibrary.Load();

        var e = Assert.Throws<InvalidOperationException>(() => OnnxRuntimeLibrary.ExplicitPath = "elsewhere");

        Assert.Contains(OnnxRuntimeLibrary.LoadedFrom!, e.Message, StringComparison.Ordinal);
        Assert.Null(OnnxRuntimeLibrary.ExplicitPath);
    }

    [Fact]
    public void Named_WhenItIsAFileOrItsFolder_GivesTheFile()
    {
        using var scratch = new ScratchFolder();
        string file = scratch.At(OnnxRuntimeSearch.FileNames[0]);
        File.WriteAllText(file, "");

        Assert.Equal(file, OnnxRuntimeSearch.Named(file, "test"));
        Assert.Equal(file, OnnxRuntimeSearch.Named(scratch.Path, "test"));
    }

    [Fact]
    public void Named_WhenItIsWrong_NamesThePathAndTheSource()
    {
        using var scratch = new ScratchFolder();

        foreach (string path in new[] { scratch.At("none.so"), scratch.Path })
        {
            var e = Assert.ThrowsAny<DllNotFoundException>(() => OnnxRuntimeSearch.Named(path, "The test"));
            Assert.Contains($"The test names '{path}'", e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Files_AreThoseOfTheApplicationThenOfItsPlatform()
    {
        string[] files = [.. OnnxRuntimeSearch.Files("app")];

        Assert.Equal(Path.Combine("app", OnnxRuntimeSearch.FileNames[0]), files[0]);
        Assert.Equal(Path.Combine("app", "runtimes", OnnxRuntimeSearch.Rid, "native", OnnxRuntimeSearch.FileNames[0]), files[OnnxRuntimeSearch.FileNames.Count]);
    }

    [Fact]
    public void NotFound_SaysWhereAndWhatToDo()
    {
        string message = OnnxRuntimeSearch.NotFound("app").Message;

        Assert.Contains(Path.Combine("app", "runtimes"), message, StringComparison.Ordinal);
        Assert.Contains("PricingCore.OnnxRuntime.Native", message, StringComparison.Ordinal);
    }
}
