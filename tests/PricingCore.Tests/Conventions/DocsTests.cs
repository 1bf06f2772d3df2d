using System.Text.RegularExpressions;

namespace PricingCore.Tests.Conventions;

/// <summary>
/// Goal: the documents lead somewhere, and name nothing that only one machine has.
/// Method: follow every relative link of every Markdown file; search every text file.
/// </summary>
public sealed partial class DocsTests
{
    private static readonly string[] TextFiles =
        [".md", ".cs", ".csproj", ".props", ".targets", ".json", ".yml", ".sh", ".txt", ".sln", ".config", ".html", ".js", ".css"];

    [Fact]
    public void MarkdownLinks_LeadToFilesAndHeadings()
    {
        string[] broken = [.. Repository.Files(Repository.Root, ".md").SelectMany(BrokenLinks)];

        Assert.True(broken.Length == 0, string.Join('\n', broken));
    }

    [Fact]
    public void DocsIndex_ListsEveryPage()
    {
        string docs = Path.Combine(Repository.Root, "docs");
        string index = Path.Combine(docs, "README.md");
        HashSet<string> listed = [.. Links(index).Select(link => Target(index, link))];

        string[] missing = [.. Repository.Files(docs, ".md").Where(page => page != index && !listed.Contains(page)).Select(Repository.Relative)];

        Assert.True(missing.Length == 0, $"docs/README.md does not list:\n{string.Join('\n', missing)}");
    }

    [Fact]
    public void TextFiles_NameNoMachineAndNoRegistry()
    {
        // Written in halves, so that this file does not find itself.
        string[] forbidden = ["nuget" + ".org", "/" + "work/", "/tmp/" + "wt", "/home/" + "runner", "bash_" + "jobs", "registry." + "npmjs"];

        string[] found = [.. Repository.Files(Repository.Root, TextFiles)
            .SelectMany(file => forbidden.Where(File.ReadAllText(file).Contains).Select(text => $"{Repository.Relative(file)}: {text}"))];

        Assert.True(found.Length == 0, string.Join('\n', found));
    }

    private static IEnumerable<string> BrokenLinks(string page)
    {
        foreach (string link in Links(page))
        {
            string target = Target(page, link);
            string heading = link.Contains('#', StringComparison.Ordinal) ? link[(link.IndexOf('#', StringComparison.Ordinal) + 1)..] : "";
            if (!File.Exists(target) && !Directory.Exists(target))
            {
                yield return $"{Repository.Relative(page)}: {link} is not there";
            }
            else if (heading.Length > 0 && target.EndsWith(".md", StringComparison.Ordinal) && !Anchors(target).Contains(heading))
            {
                yield return $"{Repository.Relative(page)}: {link} has no such heading";
            }
        }
    }

    private static IEnumerable<string> Links(string page) => Link().Matches(WithoutCode(page))
        .Select(match => match.Groups["target"].Value)
        .Where(target => !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith("mailto:", StringComparison.Ordinal));

    private static string Target(string page, string link)
    {
        string path = link.Split('#')[0];
        return path.Length == 0 ? page : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page)!, path)).TrimEnd('/');
    }

    private static HashSet<string> Anchors(string page) =>
        [.. Heading().Matches(WithoutCode(page)).Select(match => NotInAnchors().Replace(match.Groups["text"].Value.Trim().ToUpperInvariant(), "").Replace(' ', '-').ToLowerInvariant())];

    private static string WithoutCode(string page) => Fence().Replace(File.ReadAllText(page), "");

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"^#{1,6} (?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchors();
}
