using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;
using PricingCore.Tests.Conventions;
using PricingCore.Tokens;
using static PricingCore.Tests.Tokens.SampleQuotes;

namespace PricingCore.Tests.Tokens;

/// <summary>
/// Goal: the format in docs/signed-quotes.md is complete: another language can check a token from it.
/// Method: the page's Python, word for word, on a token of the engine and on an altered one.
/// </summary>
public sealed partial class SignedQuoteDocsTests
{
    [Fact]
    public async Task PythonOfThePage_ReadsAGenuineToken_AndRefusesAnAlteredOne()
    {
        string page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "signed-quotes.md"));
        string program = PythonBlock().Match(page).Groups["code"].Value;
        string token = Sign(new QuoteKeys(Key("k1")), Quote("caf\u00e9", requestId: null));
        long now = PricingCore.Numerics.UnixMicros.From(Noon);
        string altered = token[..20] + (token[20] == 'A' ? 'B' : 'A') + token[21..];
        program += $"""

            secrets = dict(k1=bytes.fromhex("{Convert.ToHexString(Secret(1))}"))
            print(ascii(sorted(verify("{token}", secrets, {now}).items())))
            for bad, at in (("{altered}", {now}), ("{token}=", {now}), ("{token}", {now + 130_000_000})):
                try:
                    verify(bad, secrets, at)
                    print("held")
                except ValueError as refusal:
                    print(refusal)
            """;

        string printed = await RunAsync(program);

        Assert.Equal(
            """
            [('currency', 'USD'), ('price', 1425), ('product', 'standard'), ('region', 'caf\xe9'), ('request', '')]
            tampered
            malformed
            expired, or not yet valid
            """,
            printed.Replace("\r\n", "\n", StringComparison.Ordinal).TrimEnd());
    }

    private static async Task<string> RunAsync(string program)
    {
        try
        {
            using Process python = Process.Start(new ProcessStartInfo("python3", ["-c", program]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            Task<string> errors = python.StandardError.ReadToEndAsync();
            string printed = await python.StandardOutput.ReadToEndAsync();
            await python.WaitForExitAsync();
            Assert.True(python.ExitCode == 0, await errors);
            return printed;
        }
        catch (Win32Exception)
        {
            Assert.Skip("There is no python3 here.");
            return "";
        }
    }

    [GeneratedRegex("^```python\n(?<code>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex PythonBlock();
}
