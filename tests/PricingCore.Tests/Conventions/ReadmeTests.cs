using System.Diagnostics;
using System.Text.RegularExpressions;

namespace PricingCore.Tests.Conventions;

/// <summary>
/// Goal: what a visitor copies from the README works and prints what the README shows.
/// Method: compare its first C# block with samples/QuickStart, and the block below it with what that program prints.
/// </summary>
public sealed partial class ReadmeTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly string Readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md")).ReplaceLineEndings("\n");

    [Fact]
    public void FirstProgram_IsTheQuickStartSample()
    {
        string sample = File.ReadAllText(Path.Combine(Repository.Root, "samples", "QuickStart", "Program.cs")).ReplaceLineEndings("\n");

        Assert.Equal(sample, FirstProgram().Match(Readme).Groups["code"].Value);
    }

    [Fact]
    public async Task ShownOutput_IsWhatTheProgramPrints()
    {
        string printed = await RunQuickStartAsync();

        Assert.Equal(FirstProgram().Match(Readme).Groups["output"].Value, printed);
    }

    [Fact]
    public void FirstScreen_KeepsItsShape()
    {
        string[] lines = Readme.Split('\n');

        Assert.True(lines.Length <= 150, $"README.md has {lines.Length} lines; at most 150.");
        Assert.True(Array.FindIndex(lines, line => line.StartsWith("```", StringComparison.Ordinal)) < 12, "Code starts by line 12.");
        Assert.InRange(Regex.Count(Readme, @"\[!\["), 0, 4); // Badges.
    }

    private static async Task<string> RunQuickStartAsync()
    {
        string program = Path.Combine(AppContext.BaseDirectory, "QuickStart.dll");
        using Process run = Process.Start(new ProcessStartInfo("dotnet", [program]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            Task<string> output = run.StandardOutput.ReadToEndAsync(limit.Token);
            string errors = await run.StandardError.ReadToEndAsync(limit.Token);
            await run.WaitForExitAsync(limit.Token);
            Assert.True(run.ExitCode == 0, $"QuickStart ended with {run.ExitCode}:\n{errors}");
            return (await output).ReplaceLineEndings("\n");
        }
        finally
        {
            if (!run.HasExited)
            {
                run.Kill(entireProcessTree: true);
            }
        }
    }

    [GeneratedRegex("^```csharp\n(?<code>.*?)^```\n+```text\n(?<output>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex FirstProgram();
}
