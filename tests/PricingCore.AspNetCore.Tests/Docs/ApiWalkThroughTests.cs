using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using PricingCore.Audit;
using PricingCore.AspNetCore.Problems;
using PricingCore.AspNetCore.Tests.Compute;
using PricingCore.Tokens;

namespace PricingCore.AspNetCore.Tests.Docs;

/// <summary>
/// Goal: docs/api.md can be followed command by command, and shows what the answers have.
/// Method: run every bash block in one shell against a real server; where a JSON block follows, the answer has the same fields, all the way down.
/// </summary>
public sealed partial class ApiWalkThroughTests
{
    private const string Mark = "---- next block ----";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);

    private static string Page => File.ReadAllText(Path.Combine(Repository.Root, "docs", "api.md")).ReplaceLineEndings("\n");

    [Fact]
    public async Task Commands_AllSucceedAndAnswerWhatThePageShows()
    {
        string folder = Directory.CreateTempSubdirectory("pricingcore-api").FullName;
        try
        {
            await using PricingServer server = await PricingServer.StartAsync(options =>
            {
                options.Signing = new SigningOptions { Keys = ComputeEndpointTests.Keys() };
                options.Audit = new AuditOptions { Directory = Path.Combine(folder, "audit"), Level = AuditLevel.Quote };
            });
            Match[] blocks = [.. Block().Matches(Page).Where(block => block.Groups["language"].Value is "bash" or "json")];
            string script = "set -euo pipefail\n" + string.Concat(blocks.Where(IsBash).Select(block => $"{block.Groups["text"].Value}\necho; echo '{Mark}'\n"));

            string[] outputs = (await RunAsync(script, folder, server.Address)).Split(Mark);

            Assert.Equal(blocks.Count(IsBash) + 1, outputs.Length);
            int command = -1;
            foreach (Match block in blocks)
            {
                if (IsBash(block))
                {
                    command++;
                    continue;
                }

                string answered = outputs[command].Trim();
                Assert.Equal(Shape(block.Groups["text"].Value), Shape(answered[answered.IndexOf('{', StringComparison.Ordinal)..]));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Problems_AreAllOnThePageWithTheirStatus()
    {
        string[] rows = [.. Page.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal))];

        string[] missing = [.. ProblemType.All.Where(type => !rows.Any(row => row.Contains($"`{type.Name}`", StringComparison.Ordinal) && row.Contains($"| {type.Status} |", StringComparison.Ordinal))).Select(type => type.Name)];

        Assert.True(missing.Length == 0, $"docs/api.md does not list: {string.Join(", ", missing)}");
    }

    private static bool IsBash(Match block) => block.Groups["language"].Value == "bash";

    private static async Task<string> RunAsync(string script, string folder, Uri address)
    {
        using var shell = Process.Start(new ProcessStartInfo("bash", ["-c", script])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["URL"] = address.ToString().TrimEnd('/') },
        })!;
        using var patience = new CancellationTokenSource(Limit);
        Task<string> output = shell.StandardOutput.ReadToEndAsync(patience.Token);
        Task<string> error = shell.StandardError.ReadToEndAsync(patience.Token);
        await shell.WaitForExitAsync(patience.Token);
        Assert.True(shell.ExitCode == 0, $"Exit code {shell.ExitCode}:\n{await error}\n{await output}");
        return await output;
    }

    /// <summary>Every path of names in a JSON text; of arrays the first item stands for all.</summary>
    private static string Shape(string json)
    {
        var paths = new SortedSet<string>(StringComparer.Ordinal);
        var reader = new Utf8JsonReader(System.Text.Encoding.UTF8.GetBytes(json));
        Add(JsonElement.ParseValue(ref reader), "");
        return string.Join('\n', paths);

        void Add(JsonElement element, string path)
        {
            if (element.ValueKind == JsonValueKind.Object)
            {
                foreach (JsonProperty field in element.EnumerateObject())
                {
                    paths.Add($"{path}.{field.Name}");
                    Add(field.Value, $"{path}.{field.Name}");
                }
            }
            else if (element.ValueKind == JsonValueKind.Array && element.GetArrayLength() > 0)
            {
                Add(element[0], path + "[]");
            }
        }
    }

    [GeneratedRegex("^```(?<language>[a-z]+)\n(?<text>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
