using System.Globalization;

namespace PricingCore.Journal;

/// <summary>Where things are in a journal's directory.</summary>
internal static class JournalPaths
{
    /// <summary>The segments of a loop.</summary>
    public static string Lane(string directory, int number) => string.Create(CultureInfo.InvariantCulture, $"{directory}/lane-{number:D2}");

    /// <summary>The snapshots, of all loops together.</summary>
    public static string Snapshots(string directory) => $"{directory}/snapshots";

    /// <summary>Held by the engine that uses the directory.</summary>
    public static string Lock(string directory) => $"{directory}/lock";
}
