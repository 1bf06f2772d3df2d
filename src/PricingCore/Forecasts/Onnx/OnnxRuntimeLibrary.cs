using System.Runtime.InteropServices;

namespace PricingCore.Forecasts.Onnx;

/// <summary>The native ONNX Runtime library of this process: found and loaded when the first model needs it, and kept.</summary>
/// <remarks>
/// It is looked for at <see cref="ExplicitPath"/>; at the path in the environment variable <c>PRICINGCORE_ONNXRUNTIME</c>; in the
/// application's folder; in its <c>runtimes/RID/native</c>; and where the system, or another package of the application, keeps
/// libraries. A path that was named and is wrong is an error; nothing else is tried then. Versions from 1.20 on will do.
/// </remarks>
/// <threadsafety>Any thread.</threadsafety>
public static class OnnxRuntimeLibrary
{
    /// <summary>The environment variable that names the library, or the folder that holds it.</summary>
    public const string EnvironmentVariable = "PRICINGCORE_ONNXRUNTIME";

    private static readonly Lock Gate = new();
    private static volatile OnnxRuntimeApi? _api;
    private static string? _explicitPath;

    /// <summary>The library, or the folder that holds it; goes before everything else. Null (the default) searches the usual places.</summary>
    /// <exception cref="InvalidOperationException">The library is loaded already.</exception>
    public static string? ExplicitPath
    {
        get => _explicitPath;
        set
        {
            lock (Gate)
            {
                if (_api is not null)
                {
                    throw new InvalidOperationException($"ONNX Runtime is loaded already, from {_api.LoadedFrom}; name another before the first model is loaded.");
                }

                _explicitPath = value;
            }
        }
    }

    /// <summary>Where the library was loaded from; null before the first use.</summary>
    public static string? LoadedFrom => _api?.LoadedFrom;

    /// <summary>The version of the library, for example <c>1.27.0</c>; null before the first use.</summary>
    public static string? Version => _api?.Version;

    /// <summary>Loads the library, or gives the loaded one.</summary>
    /// <exception cref="DllNotFoundException">There is none, or a path that was named is wrong; the message says where it was looked for.</exception>
    /// <exception cref="NotSupportedException">The library found is too old.</exception>
    internal static OnnxRuntimeApi Load()
    {
        if (_api is { } loaded)
        {
            return loaded;
        }

        lock (Gate)
        {
            return _api ??= LoadOnce();
        }
    }

    private static OnnxRuntimeApi LoadOnce()
    {
        DisableTelemetry(); // Before the library is there to read it.
        nint library = Open(out string from);
        try
        {
            return new OnnxRuntimeApi(library, from);
        }
        catch
        {
            NativeLibrary.Free(library);
            throw;
        }
    }

    private static nint Open(out string from)
    {
        if (_explicitPath is { Length: > 0 } named)
        {
            return OpenNamed(named, $"{nameof(OnnxRuntimeLibrary)}.{nameof(ExplicitPath)}", out from);
        }

        if (Environment.GetEnvironmentVariable(EnvironmentVariable) is { Length: > 0 } variable)
        {
            return OpenNamed(variable, $"The environment variable {EnvironmentVariable}", out from);
        }

        string folder = AppContext.BaseDirectory;
        foreach (string file in OnnxRuntimeSearch.Files(folder).Where(File.Exists))
        {
            if (NativeLibrary.TryLoad(file, out nint library))
            {
                from = file;
                return library;
            }
        }

        // By name alone, the runtime looks where other packages of the application keep theirs, then the system.
        foreach (string name in OnnxRuntimeSearch.FileNames)
        {
            if (NativeLibrary.TryLoad(name, typeof(OnnxRuntimeLibrary).Assembly, searchPath: null, out nint library))
            {
                from = name;
                return library;
            }
        }

        throw OnnxRuntimeSearch.NotFound(folder);
    }

    private static nint OpenNamed(string path, string source, out string from)
    {
        from = OnnxRuntimeSearch.Named(path, source);
        try
        {
            return NativeLibrary.Load(from);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            throw new WrongLibraryPathException($"{source} names '{path}', which cannot be loaded as a library on {OnnxRuntimeSearch.Rid}: {e.Message}", e);
        }
    }

    /// <summary>Asks later versions of ONNX Runtime, which would otherwise ask the network on Linux, not to.</summary>
    /// <remarks>They read C's environment, which .NET's copy of it does not reach on Unix.</remarks>
    private static unsafe void DisableTelemetry()
    {
        Environment.SetEnvironmentVariable("ORT_DISABLE_TELEMETRY", "1");
        if (!OperatingSystem.IsWindows() && NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "setenv", out nint setenv))
        {
            fixed (byte* name = "ORT_DISABLE_TELEMETRY\0"u8, value = "1\0"u8)
            {
                _ = ((delegate* unmanaged<byte*, byte*, int, int>)setenv)(name, value, 1);
            }
        }
    }
}
