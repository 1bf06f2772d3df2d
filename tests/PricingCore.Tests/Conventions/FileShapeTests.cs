namespace PricingCore.Tests.Conventions;

/// <summary>
/// Goal: files stay small and their names say what they hold.
/// Method: read every C# file under src.
/// </summary>
public sealed class FileShapeTests
{
    private const int MaxLines = 300;
    private static readonly string[] EmptyNames = ["Helper", "Util", "Manager", "Common"];

    private static IEnumerable<string> Sources => Repository.Files(Path.Combine(Repository.Root, "src"), ".cs");

    [Fact]
    public void SourceFiles_HaveAtMost300Lines()
    {
        string[] tooLong = [.. Sources
            .Select(file => (File: file, Lines: File.ReadLines(file).Count()))
            .Where(found => found.Lines > MaxLines)
            .Select(found => $"{Repository.Relative(found.File)}: {found.Lines} lines")];

        Assert.True(tooLong.Length == 0, $"More than {MaxLines} lines; look for the second noun in it:\n{string.Join('\n', tooLong)}");
    }

    [Fact]
    public void SourceFiles_AreNotNamedAfterNothing()
    {
        string[] empty = [.. Sources
            .Where(file => EmptyNames.Any(name => Path.GetFileName(file).Contains(name, StringComparison.OrdinalIgnoreCase)))
            .Select(Repository.Relative)];

        Assert.True(empty.Length == 0, $"Name the file after what it holds:\n{string.Join('\n', empty)}");
    }

    [Fact]
    public void CoreFiles_DeclareTheNamespaceOfTheirFolder()
    {
        string[] misplaced = [.. Repository.Files(Repository.Core, ".cs")
            .Where(file => !Repository.CodeOf(file).Contains($"namespace {NamespaceOf(file)};", StringComparison.Ordinal))
            .Select(file => $"{Repository.Relative(file)} should say namespace {NamespaceOf(file)};")];

        Assert.True(misplaced.Length == 0, string.Join('\n', misplaced));

        static string NamespaceOf(string file)
        {
            string folder = Path.GetRelativePath(Repository.Core, Path.GetDirectoryName(file)!);
            return folder == "." ? "PricingCore" : "PricingCore." + folder.Replace(Path.DirectorySeparatorChar, '.');
        }
    }
}
