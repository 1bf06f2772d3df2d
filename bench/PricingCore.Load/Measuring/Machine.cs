using System.Globalization;
using System.Runtime.InteropServices;

namespace PricingCore.Load.Measuring;

/// <summary>Where and when something was measured.</summary>
internal sealed record Machine(string Cpu, int Cores, string DotNet, string Os, string LoadAverage, string Date)
{
    public static Machine Here() => new(
        CpuModel(),
        Environment.ProcessorCount,
        RuntimeInformation.FrameworkDescription,
        RuntimeInformation.OSDescription,
        ReadLoadAverage(),
        DateTime.UtcNow.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) + " UTC");

    public override string ToString() => $"{Cpu}, {Cores} cores, {DotNet}, load average {LoadAverage}, {Date}";

    private static string CpuModel()
    {
        const string Info = "/proc/cpuinfo";
        string? line = File.Exists(Info)
            ? File.ReadLines(Info).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
            : null;
        return line is null ? RuntimeInformation.ProcessArchitecture.ToString() : line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }

    private static string ReadLoadAverage()
    {
        const string Average = "/proc/loadavg";
        return File.Exists(Average) ? string.Join(' ', File.ReadAllText(Average).Split(' ')[..3]) : "unknown";
    }
}
