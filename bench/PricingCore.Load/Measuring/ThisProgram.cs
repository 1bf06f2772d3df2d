using System.Diagnostics;

namespace PricingCore.Load.Measuring;

/// <summary>This program, to be started once more as a process of its own.</summary>
internal static class ThisProgram
{
    /// <summary>How to start it with other arguments, be it run by itself or by <c>dotnet</c>; its output is read.</summary>
    public static ProcessStartInfo With(params IEnumerable<string> arguments)
    {
        string program = Environment.ProcessPath ?? throw new InvalidOperationException("The path of this process is not known.");
        bool isRunByDotnet = Path.GetFileNameWithoutExtension(program) == "dotnet";
        return new ProcessStartInfo(program, isRunByDotnet ? [typeof(ThisProgram).Assembly.Location, .. arguments] : arguments) { RedirectStandardOutput = true };
    }
}
