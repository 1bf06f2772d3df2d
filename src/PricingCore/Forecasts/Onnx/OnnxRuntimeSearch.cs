using System.Runtime.InteropServices;

namespace PricingCore.Forecasts.Onnx;

/// <summary>Where the ONNX Runtime library is looked for, in order.</summary>
internal static class OnnxRuntimeSearch
{
    /// <summary>The file names that packages and systems give the library here, most usual first.</summary>
    public static IReadOnlyList<string> FileNames { get; } =
        OperatingSystem.IsWindows() ? ["onnxruntime.dll"]
        : OperatingSystem.IsMacOS() ? ["libonnxruntime.dylib", "libonnxruntime.1.dylib"]
        : ["libonnxruntime.so", "libonnxruntime.so.1"];

    /// <summary>The runtime identifier under which packages keep their native files for this process.</summary>
    public static string Rid { get; } =
        (OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux")
        + "-" + RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    /// <summary>A path that somebody named, from code or from the environment, which then must be right.</summary>
    /// <param name="path">What they gave: the library, or a folder that holds it.</param>
    /// <param name="source">Where they named it.</param>
    /// <returns>The library.</returns>
    /// <exception cref="DllNotFoundException">It is not there.</exception>
    public static string Named(string path, string source)
    {
        string full = Path.GetFullPath(path);
        string? found = File.Exists(full) ? full : FileNames.Select(name => Path.Combine(full, name)).FirstOrDefault(File.Exists);
        return found ?? throw new WrongLibraryPathException(
            $"{source} names '{path}' as the ONNX Runtime library, but neither that file nor {FileNames[0]} in a folder of that name is there. Correct it, or leave it out to search the usual places.");
    }

    /// <summary>The files of the usual places, whether they are there or not.</summary>
    public static IEnumerable<string> Files(string applicationFolder) =>
        new[] { applicationFolder, Path.Combine(applicationFolder, "runtimes", Rid, "native") }
            .SelectMany(folder => FileNames.Select(name => Path.Combine(folder, name)));

    /// <summary>Says that the library is nowhere, where it was looked for, and what to do.</summary>
    public static DllNotFoundException NotFound(string applicationFolder) => new(
        $"The ONNX Runtime library was not found. Looked for: {string.Join(", ", Files(applicationFolder))}, and {FileNames[0]} where the system keeps libraries. "
        + $"Add the package PricingCore.OnnxRuntime.Native, or name a library with {OnnxRuntimeLibrary.EnvironmentVariable}; in the source tree run eng/fetch-onnxruntime.sh.");
}
