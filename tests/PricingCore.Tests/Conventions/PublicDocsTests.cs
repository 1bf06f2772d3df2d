using System.Runtime.CompilerServices;

namespace PricingCore.Tests.Conventions;

/// <summary>
/// Goal: a reader of the API knows what each type is and from which threads it may be used.
/// Method: every exported type has a summary, and a threadsafety note unless that cannot be in doubt.
/// </summary>
public sealed class PublicDocsTests
{
    [Fact]
    public void PublicTypes_HaveASummaryThatIsASentence()
    {
        string[] wrong = [.. PublicTypes().Where(type => XmlDocs.Text(Id(type), "summary") is not { Length: > 10 } text || !EndsASentence(text)).Select(type => type.FullName!)];

        Assert.True(wrong.Length == 0, $"No summary, or not a sentence:\n{string.Join('\n', wrong)}");
    }

    [Fact]
    public void PublicTypes_SayFromWhichThreadsTheyMayBeUsed()
    {
        string[] silent = [.. PublicTypes()
            .Where(type => !IsClearAnyway(type) && string.IsNullOrEmpty(XmlDocs.Text(Id(type), "threadsafety")))
            .Select(type => type.FullName!)];

        Assert.True(silent.Length == 0, $"No <threadsafety>:\n{string.Join('\n', silent)}");
    }

    [Fact]
    public void PublicDocs_SayNothingIsAStub() =>
        Assert.DoesNotContain(PublicTypes(), type => XmlDocs.Text(Id(type), "summary")!.Contains("STUB", StringComparison.Ordinal));

    private static IEnumerable<Type> PublicTypes() => typeof(PricingEngine).Assembly.GetExportedTypes()
        .Where(type => !type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false));

    /// <summary>Enums and exceptions are values, and a static class has no state to share.</summary>
    private static bool IsClearAnyway(Type type) =>
        type.IsEnum || type.IsAssignableTo(typeof(Exception)) || type.IsAssignableTo(typeof(Delegate)) || type is { IsAbstract: true, IsSealed: true };

    private static bool EndsASentence(string text) => text.EndsWith('.') || text.EndsWith(".)", StringComparison.Ordinal);

    private static string Id(Type type) => "T:" + type.FullName!.Replace('+', '.');
}
