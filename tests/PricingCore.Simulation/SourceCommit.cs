using System.ComponentModel;
using System.Diagnostics;

namespace PricingCore.Simulation;

/// <summary>Which sources a simulation was built from, for the report.</summary>
internal static class SourceCommit
{
    /// <summary>From the environment variable <c>PRICINGCORE_COMMIT</c>, else from git.</summary>
    public static string Find()
    {
        if (Environment.GetEnvironmentVariable("PRICINGCORE_COMMIT") is { Length: > 0 } named)
        {
            return named;
        }

        try
        {
            using Process? git = Process.Start(new ProcessStartInfo("git", "rev-parse --short HEAD") { RedirectStandardOutput = true, RedirectStandardError = true });
            string? commit = git?.StandardOutput.ReadToEnd().Trim();
            git?.WaitForExit();
            return string.IsNullOrEmpty(commit) ? "unknown" : commit;
        }
        catch (Win32Exception)
        {
            return "unknown"; // No git here.
        }
    }
}
