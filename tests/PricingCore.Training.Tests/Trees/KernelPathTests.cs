using System.Diagnostics;
using System.Runtime.Intrinsics.X86;
using PricingCore.Forecasts.Trees;

namespace PricingCore.Training.Tests.Trees;

/// <summary>
/// Goal: on a CPU with less than this one the kernel chooses what is there, and the same checks pass.
/// Method: run the tests of the kernel again in a process whose runtime was told to leave instructions out.
/// </summary>
public sealed class KernelPathTests
{
    private const string ExpectedPath = "PRICINGCORE_EXPECTED_KERNEL_PATH";

    [Fact]
    public void Best_IsWhatTheProcessWasLeft()
    {
        string? expected = Environment.GetEnvironmentVariable(ExpectedPath);

        Assert.True(expected is null || expected == KernelPaths.Best.ToString(), $"{KernelPaths.Best} was chosen, {expected} was expected.");
        Assert.True(KernelPaths.IsSupported(KernelPaths.Best));
        Assert.True(KernelPaths.IsSupported(KernelPath.Portable));
    }

    [Fact]
    public async Task WithoutIntrinsics_TheSameChecksPass() =>
        await RunAgain(nameof(KernelPath.Portable), "EnableHWIntrinsic");

    [Fact]
    public async Task WithoutAvx512_TheSameChecksPass() =>
        await RunAgain(Avx2.IsSupported ? nameof(KernelPath.Avx2) : nameof(KernelPath.Portable), "EnableAVX512", "EnableAVX512F");

    private static async Task RunAgain(string expected, params string[] switchedOff)
    {
        string tests = typeof(KernelPathTests).Assembly.Location;
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] chosen =
        [
            tests, "-noLogo", "-noColor",
            "-method", $"{typeof(KernelPathTests).FullName}.{nameof(Best_IsWhatTheProcessWasLeft)}",
            "-method", $"{typeof(KernelParityTests).FullName}.{nameof(KernelParityTests.TreesAlone_GiveTheSameBitsEverywhere)}",
            "-method", $"{typeof(KernelParityTests).FullName}.{nameof(KernelParityTests.FindDifference_WhenAKernelTakesLessOrEqualForLess_SaysWhere)}",
            "-method", $"{typeof(TreeKernelTests).FullName}.{nameof(TreeKernelTests.Evaluate_WhateverTheBatch_AnswersEachRowTheSame)}",
        ];
        foreach (string word in chosen)
        {
            start.ArgumentList.Add(word);
        }

        start.Environment[ExpectedPath] = expected;
        foreach (string name in switchedOff)
        {
            start.Environment["DOTNET_" + name] = "0";
        }

        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(process.ExitCode == 0, output + await errors);
        Assert.Contains("Total: 7, Errors: 0, Failed: 0", output, StringComparison.Ordinal);
    }
}
