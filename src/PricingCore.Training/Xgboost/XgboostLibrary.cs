using System.Reflection;
using System.Runtime.InteropServices;

namespace PricingCore.Training.Xgboost;

/// <summary>Finds XGBoost's shared library, and says what to install when there is none.</summary>
/// <threadsafety>Any thread.</threadsafety>
internal static class XgboostLibrary
{
    /// <summary>An environment variable with the path of the library; it wins over the system's.</summary>
    public const string PathVariable = "PRICINGCORE_XGBOOST";

    private const int TriedMajor = 1;
    private const int TriedMinor = 7;

    private static readonly string[] Names = ["libxgboost.so.0", "libxgboost.so", "libxgboost.dylib", "xgboost.dll"];
    private static readonly Lazy<string> Found = new(FindVersion);

    /// <summary>The version in use, for example <c>1.7.4</c>.</summary>
    /// <exception cref="XgboostException">There is no library, or it is a version that was not tried.</exception>
    public static string Version => Found.Value;

    /// <summary>Makes the runtime ask here for the library.</summary>
    public static void Register() => NativeLibrary.SetDllImportResolver(typeof(XgboostLibrary).Assembly, Resolve);

    /// <summary>What is wrong with a version; null when it may be used.</summary>
    /// <remarks>Others may write trees in another way; a wrong reading would be found by the parity check, but late.</remarks>
    internal static string? FindProblem(int major, int minor, int patch) =>
        (major, minor) == (TriedMajor, TriedMinor)
            ? null
            : $"XGBoost {major}.{minor}.{patch} was found, but training was tried with {TriedMajor}.{TriedMinor} only. "
                + $"Install libxgboost 1.7 (Debian 12: apt-get install libxgboost0), or set {PathVariable} to its path.";

    /// <summary>What to say when there is no library.</summary>
    internal static string MissingMessage(string? path) => path is null
        ? $"Training needs XGBoost 1.7, but none of {string.Join(", ", Names)} was found. "
            + $"Install it (Debian or Ubuntu: apt-get install libxgboost0), or set {PathVariable} to its path. Serving does not need it."
        : $"{PathVariable} says {path}, but that is not a library that can be loaded.";

    private static string FindVersion()
    {
        try
        {
            XgboostNative.XGBoostVersion(out int major, out int minor, out int patch);
            return FindProblem(major, minor, patch) is { } problem ? throw new XgboostException(problem) : $"{major}.{minor}.{patch}";
        }
        catch (DllNotFoundException missing)
        {
            throw new XgboostException(MissingMessage(Environment.GetEnvironmentVariable(PathVariable)), missing);
        }
        catch (EntryPointNotFoundException other)
        {
            throw new XgboostException($"What was found as XGBoost is another library: {other.Message}", other);
        }
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? search)
    {
        if (name != "xgboost")
        {
            return 0;
        }

        nint library;
        if (Environment.GetEnvironmentVariable(PathVariable) is { } path)
        {
            // An explicit path is meant: another library in its place would surprise.
            return NativeLibrary.TryLoad(path, out library) ? library : throw new DllNotFoundException(MissingMessage(path));
        }

        foreach (string candidate in Names)
        {
            if (NativeLibrary.TryLoad(candidate, assembly, search, out library))
            {
                return library;
            }
        }

        return 0;
    }
}
