using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace PricingCore.Tests.Conventions;

/// <summary>
/// Goal: what BannedSymbols.txt bans cannot come into the core.
/// Method: the analyzer is referenced and reads the list, nothing switches it off, and the names do not occur in the code
/// (the analyzer is the stronger check; this one still works when the analyzer does not run).
/// </summary>
public sealed partial class BannedSymbolsTests
{
    [Fact]
    public void CoreProject_ReferencesTheAnalyzerAndTheList()
    {
        XDocument project = XDocument.Load(Path.Combine(Repository.Core, "PricingCore.csproj"));

        Assert.Contains(project.Descendants("PackageReference"), item => (string?)item.Attribute("Include") == "Microsoft.CodeAnalysis.BannedApiAnalyzers");
        string list = Assert.Single(project.Descendants("AdditionalFiles"), item => item.Attribute("Include")!.Value.EndsWith("BannedSymbols.txt", StringComparison.Ordinal)).Attribute("Include")!.Value;
        Assert.True(File.Exists(Path.Combine(Repository.Core, list)), $"{list} is not there.");
    }

    [Fact]
    public void Core_NeverSwitchesTheAnalyzerOff()
    {
        string[] files = [.. Repository.Files(Repository.Core, ".cs", ".csproj", ".editorconfig", ".globalconfig"), Path.Combine(Repository.Root, ".editorconfig"), Path.Combine(Repository.Root, "Directory.Build.props")];

        Assert.DoesNotContain(files, file => File.ReadAllText(file).Contains("RS0030", StringComparison.Ordinal));
    }

    [Fact]
    public void CoreSource_DoesNotNameABannedSymbol()
    {
        string[] banned = [.. File.ReadLines(Path.Combine(Repository.Root, "BannedSymbols.txt")).Select(NameInCode)];
        Assert.NotEmpty(banned);
        var anyBanned = new Regex($@"(?<![\w.])({string.Join('|', banned.Distinct().Select(Regex.Escape))})(?![\w])");

        string[] found = [.. Repository.Files(Repository.Core, ".cs")
            .SelectMany(file => anyBanned.Matches(Repository.CodeOf(file)).Select(match => $"{Repository.Relative(file)}: {match.Value}"))];

        Assert.True(found.Length == 0, string.Join('\n', found));
    }

    /// <summary>The way code writes a symbol: <c>DateTime.Now</c> for a member, <c>Stopwatch</c> for a type.</summary>
    private static string NameInCode(string line)
    {
        Match symbol = Symbol().Match(line);
        Assert.True(symbol.Success, $"BannedSymbols.txt: cannot read '{line}'.");
        string[] parts = symbol.Groups["name"].Value.Split('.');
        return line[0] == 'T' ? parts[^1] : $"{parts[^2]}.{parts[^1]}";
    }

    [GeneratedRegex(@"^[TMPF]:(?<name>[\w.]+)(\([^)]*\))?;.+")]
    private static partial Regex Symbol();
}
